/**
 * Two or three programs that talk to each other through a server, as their users see it: what one types the others are shown.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { visibleText } from "../../lib/core/visible.ts";
import type { StartableClient } from "../client/client_run.ts";
import type { FreePorts } from "../client/free_ports.ts";
import type { FreshNames } from "../play/names.ts";
import type { PairClause, Talk } from "./talks.ts";
import { User } from "./user.ts";

/** What a talk takes. */
export interface TalkOptions {
  /** What is typed. */
  readonly talk: Talk;
  /** Where the server is. */
  readonly server: Endpoint;
  /** What starts a client. */
  readonly client: StartableClient;
  /** The time. */
  readonly runtime: Runtime;
  /** Gives ports for datagrams that are free. */
  readonly ports: FreePorts;
  /** Names that nobody had before. */
  readonly names: FreshNames;
  /** How long it may take until something is shown, in milliseconds. */
  readonly timeout: number;
  /** The last lines that the server has written, if it is not ours. */
  readonly serverOutput?: () => readonly string[];
  /** Breaks it off. */
  readonly interrupted?: AbortSignal | undefined;
}

/** What did not come true in a talk. */
export interface TalkFailure {
  /** The clause that is broken. */
  readonly clause: PairClause;
  /** What happened, in one line. */
  readonly text: string;
  /** What was typed and shown, a line each, fit for a terminal. */
  readonly evidence: readonly string[];
  /** Whether its server cannot be reached, so that there was no talk. */
  readonly isUnreachable?: boolean;
}

/** Between two attempts to meet somebody who may not be there yet, in milliseconds. */
const BETWEEN_TRIES = 700;
/** Those who meet may take so many times as long as anything else: their programs are starting. */
const MEETING = 2;
/** How long is waited for what becomes of a message to nobody, and of joining a group, in milliseconds. */
const ANSWER = 700;
/** How many of the last lines of a program are shown. */
const SHOWN = 16;

/** Letters of two, three and four bytes. */
const LETTERS = "zażółć €5 👋";

/**
 * Has three programs talk; gives what did not come true, and nothing if all did. Where one thing does not, what comes behind it is
 * not tried: `clause` says how far it came.
 */
export async function haveTalk(options: TalkOptions): Promise<TalkFailure | undefined> {
  const { names, talk } = options;
  const users = ["ann", "bob", "carl"].map((who) => new User(who, names.next(who), options));
  const [ann, bob, carl] = users as [User, User, User];
  let clause: PairClause = "direct";
  try {
    await enters(ann, options);
    await enters(bob, options);
    await meet(ann, bob, options);
    clause = "reply";
    await meet(bob, ann, options);
    clause = "text";
    await says(ann, [bob], `${LETTERS} ${names.next("text")}`, options);
    if (talk.direct !== undefined) {
      clause = "refused";
      await writesToNobody(ann, options);
      await says(ann, [bob], `still here ${names.next("on")}`, options);
      clause = "all";
      await enters(carl, options);
      await join(users, options);
    } else {
      clause = "leave";
      await enters(carl, options);
    }
    if (talk.all !== undefined) await meetAll(ann, [bob, carl], options);
    clause = "leave";
    await carl.leaves();
    // Where all are in a group, what is for one is for those outside of it.
    await says(
      bob,
      [ann],
      `and then ${names.next("two")}`,
      options,
      talk.direct === undefined || talk.join !== undefined,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof NotShown)) throw error;
    const { serverOutput = () => [] } = options;
    return {
      clause,
      text: error.message,
      evidence: [
        ...users.filter(({ hasStarted }) => hasStarted).flatMap((user) => user.evidence(SHOWN)),
        ...serverEvidence(serverOutput()),
      ],
    };
  } finally {
    await Promise.all(users.map((user) => user.leaves()));
  }
}

/** The last lines that a server has written, as evidence. */
export function serverEvidence(output: readonly string[]): string[] {
  const lines = output.slice(-SHOWN);
  return lines.length === 0 ? [] : ["the server's last output:", ...lines.map((line) => `    ${line}`)];
}

/** Something did not come true. */
class NotShown extends Error {}

/** A program is started, and its user says who they are, if they are asked. */
async function enters(user: User, { talk, interrupted }: TalkOptions): Promise<void> {
  interrupted?.throwIfAborted();
  await user.enters();
  if (!user.knowsName && talk.hello !== undefined) await user.types(talk.hello(user.name));
}

/** One writes to another again and again, until it arrives: the other one may still be coming in. */
async function meet(from: User, to: User, options: TalkOptions): Promise<void> {
  const { timeout, runtime, names, talk } = options;
  const until = runtime.now() + MEETING * timeout;
  for (let tries = 0;; tries++) {
    const text = `hello ${names.next("word")}`;
    const isLast = runtime.now() + BETWEEN_TRIES >= until;
    // A number that stands on a screen may be another than the one that was given.
    const ids = to.ids;
    if (talk.hasIds) to.id = ids[tries % Math.max(ids.length, 1)];
    try {
      return await says(from, [to], text, { ...options, timeout: Math.min(BETWEEN_TRIES, timeout) });
    } catch (error) {
      if (isLast && error instanceof NotShown && talk.hasIds && ids.length === 0) {
        throw new NotShown(`the client of ${to.name} shows no ID from 2 to 255`);
      }
      if (!(error instanceof NotShown) || isLast || from.ending !== undefined || to.ending !== undefined) throw error;
    }
  }
}

/** The same for what is for all. */
async function meetAll(from: User, to: readonly User[], options: TalkOptions): Promise<void> {
  const { timeout, runtime, names } = options;
  const until = runtime.now() + MEETING * timeout;
  for (;;) {
    const isLast = runtime.now() + BETWEEN_TRIES >= until;
    try {
      const hasTime = { ...options, timeout: Math.min(BETWEEN_TRIES, timeout) };
      return await says(from, to, `everybody ${names.next("word")}`, hasTime, true);
    } catch (error) {
      const hasLeft = [from, ...to].some(({ ending }) => ending !== undefined);
      if (!(error instanceof NotShown) || isLast || hasLeft) throw error;
    }
  }
}

async function join(users: readonly User[], { talk, names }: TalkOptions): Promise<void> {
  const room = names.next("team");
  for (const [i, user] of users.entries()) {
    for (const line of talk.join?.(room, i === 0) ?? []) {
      await user.types([line]);
      await user.shows(() => true, ANSWER);
    }
  }
}

async function writesToNobody(user: User, { talk, names }: TalkOptions): Promise<void> {
  await user.types(talk.direct!(talk.nobody ?? names.next("nobody"), "is there anybody"));
  await user.shows(() => true, ANSWER);
}

/** One writes a message, which all others of these must be shown, with its sender. */
async function says(
  from: User,
  to: readonly User[],
  text: string,
  { talk, timeout, interrupted }: TalkOptions,
  isForAll = talk.direct === undefined,
): Promise<void> {
  interrupted?.throwIfAborted();
  for (const user of to) user.mark();
  const lines = isForAll ? talk.all!(text) : talk.direct!(talk.hasIds ? to[0]!.id ?? "2" : to[0]!.name, text);
  await from.types(lines);
  const needsSender = talk.hasIds !== true;
  for (const user of to) {
    const hasText = (shown: string) => shown.includes(text);
    const hasAll = (shown: string) => hasText(shown) && (!needsSender || shown.includes(from.name));
    if (await user.shows(hasAll, timeout)) continue;
    interrupted?.throwIfAborted();
    const typed = lines.map((line) => JSON.stringify(line)).join(" ");
    const gone = [user, from].find(({ ending }) => ending !== undefined);
    const why = gone === undefined ? "in time" : `because the client of ${gone.name} has ended ${gone.ending}`;
    const what = user.hasShown(hasText)
      ? `is shown ${JSON.stringify(text)} without its sender ${from.name}`
      : `is not shown what ${from.name} types (${typed}) ${why}`;
    throw new NotShown(visibleText(`${user.name} ${what}`));
  }
}
