/**
 * frame, slash and room: small runs of many clients as transcripts. Nobody acknowledges anything there, so that what clients can force is
 * who speaks after whom, who leaves in between, and what is there at one instant.
 *
 * @module
 */

import type { UserScript } from "../shrinking/script.ts";
import { type Act, actsOf, type Message, nameOf } from "./acts.ts";
import type { OrderedTranscript, Transcriber } from "./transcriber.ts";

/** How one speaks in a dialect. Each line is one of a transcript. */
interface Speech {
  readonly dialect: string;
  /** Somebody comes, when others are there. */
  comes(who: string, others: readonly string[]): readonly string[];
  /** Somebody who has been there comes back soon, and has another name in the transcript from then on. */
  comesBack(who: string, before: string, others: readonly string[]): readonly string[];
  /** Nothing is on its way to somebody any more. */
  settled(who: string): readonly string[];
  /** Somebody is served as before, whatever has become of those to whom it has said something. */
  goesOn(who: string): readonly string[];
  /** Says something. */
  says(message: Message): string;
  /** It arrives, and nothing before it. */
  hears(message: Message, at: string): string;
  /** Several arrive that were sent at one instant, in any order; among what is said of those who have left, if somebody has. */
  hearsAll(messages: readonly Message[], at: string, isAmid: boolean): readonly string[];
  /** Takes what the server says of somebody who has left: it may say nothing. */
  isTold(who: string): readonly string[];
  /** Leaves in good order. */
  leaves(who: string): readonly string[];
  /** Whether senders hear what they say themselves. */
  readonly echoes: boolean;
  /** Whether messages that come at once can be told apart. */
  readonly divides: boolean;
}

/** So many messages to one, in all orders, are still a pattern that can be read. */
const MOST_ORDERED = 3;

const FRAME: Speech = {
  dialect: "frame",
  comes: (who) => [`client ${who}`],
  comesBack: (who) => ["soon:", `  connect ${who}`, `  assigned ${who}`],
  settled: () => [],
  // A server may say why it did not deliver something.
  goesOn: (who) => [`told-or-not ${who}`],
  says: ({ from, to, size, letter }) => `${from} > {${from}}][{${to}}][${size}][{${letter} * ${size}}`,
  hears: ({ from, to, size, letter }, at) => `${at} < {${from}}][{${to}}][${size}][{${letter} * ${size}}`,
  hearsAll: (messages, at) => messages.map((message) => FRAME.hears(message, at)),
  isTold: () => [],
  leaves: (who) => [`close ${who}`],
  echoes: false,
  divides: true,
};

const SLASH: Speech = {
  dialect: "slash",
  comes: (who) => [`join ${who}`],
  comesBack: (who, before) => [`let ${who}-wish = {${before}}`, `join-as ${who}`],
  settled: (who) => [`settled ${who}`],
  goesOn: (who) => [`settled ${who}`],
  says: ({ from, to, text }) => `${from} > ${to === "all" ? "/bm" : `/dm {${to}}`} {${text}}\\n`,
  hears: ({ from, to, text }, at) => `${to === "all" ? "hears" : "hears-direct"} ${at} ${from} ${text}`,
  hearsAll: (messages, at) => [inAnyOrder(at, messages.map(({ text }) => `{${text}}`))],
  isTold: (who) => [`quiet ${who}`],
  leaves: (who) => [`${who} > /quit\\n`, `forget ${who}`],
  echoes: false,
  divides: true,
};

const ROOM: Speech = {
  dialect: "room",
  comes: (who, others) => [`join ${who}`, ...others.map((other) => `told-joined ${other} ${who}`)],
  comesBack: (who, before, others) => [
    `let ${who} = {${before}}`,
    `join-as ${who}`,
    ...others.map((other) => `told-joined ${other} ${who}`),
  ],
  settled: () => [],
  goesOn: () => [],
  says: ({ from, text }) => `${from} > {${text}}`,
  hears: ({ from, text }, at) => `hears ${at} ${from} ${text}`,
  hearsAll: (messages, at, isAmid) =>
    isAmid
      ? [inAnyOrder(at, messages.map(({ from, text }) => `{${from}}: {${text}}`))]
      : messages.map((message) => ROOM.hears(message, at)),
  isTold: (who) => [`${who} < {_=text}`],
  leaves: (who) => [`${who} > #quit`, `forget ${who}`],
  echoes: true,
  divides: false,
};

/** Write them. */
export const STREAM_TRANSCRIPTS: readonly Transcriber[] = [FRAME, SLASH, ROOM].map((speech) => ({
  dialect: speech.dialect,
  candidates: (script) => candidates(speech, script),
}));

function candidates(speech: Speech, script: UserScript): OrderedTranscript[] {
  const users = script.map((_, user) => nameOf(user));
  // What is for nobody arrives nowhere, and no document says what its sender is told.
  const acts = actsOf(script)
    .filter((act): act is Act => act.kind === "return" || act.kind === "message" && act.to !== "nobody");
  const messages = acts.filter((act) => act.kind === "message");
  if (messages.length === 0) return [];
  const setUp = [
    ...messages.map(({ text, letter, size }) => `let ${text} = {${letter} * ${size}}`),
    ...users.flatMap((who, i) => speech.comes(who, users.slice(0, i))),
    ...users.flatMap((who) => speech.settled(who)),
  ];
  const title = "Whatever is sent arrives, whole and once";
  const inOrder = {
    how: "one after the other",
    title,
    setUp,
    steps: oneByOne(speech, acts, users),
  };
  const left = acts.filter((act) => act.kind === "return");
  const stay = users.filter((user) => !left.some(({ who }) => who === user));
  const said = messages.filter(({ from, to }) => stay.includes(from) && (to === "all" || stay.includes(to)));
  const lost = messages.filter(({ from, to }) => stay.includes(from) && left.some(({ who }) => who === to));
  const together = heardTogether(speech, said, stay, left.length > 0);
  if (together === undefined || together.length === 0 && lost.length === 0) return [inOrder];
  const says = [...said, ...lost].map((message) => speech.says(message));
  const goOn = lost.map(({ from }) => from).filter((who, i, all) => all.indexOf(who) === i);
  const ordered = (how: string, acting: readonly string[]) => ({
    how,
    title: left.length > 0 ? "Who stays is served while somebody else leaves" : title,
    setUp,
    steps: [...acting, ...together, ...goOn.flatMap((who) => speech.goesOn(who)), ...over(speech, stay)],
  });
  if (left.length === 0) return [inOrder, ordered("all at one instant", says)];
  const leave = users.flatMap((user) => left.find(({ who }) => who === user) ?? []).flatMap((act) =>
    parts(speech, act)
  );
  return [
    inOrder,
    ordered("some leave, and the others speak at that instant", [...leave, ...says]),
    ordered("some speak, and the others leave at that instant", [...says, ...leave]),
  ];
}

function recipients({ echoes }: Speech, { from, to }: Message, users: readonly string[]): string[] {
  return to === "all" ? users.filter((user) => echoes || user !== from) : [to];
}

/** Each thing is done with before the next begins. */
function oneByOne(speech: Speech, acts: readonly Act[], users: readonly string[]): string[] {
  const now = new Map(users.map((user) => [user, user]));
  const steps = acts.flatMap((act) => {
    if (act.kind === "message") {
      const message = { ...act, from: now.get(act.from)!, to: now.get(act.to) ?? "all" };
      const all = [...now.values()];
      return [speech.says(message), ...recipients(speech, message, all).map((at) => speech.hears(message, at))];
    }
    const before = now.get(act.who)!;
    const others = [...now.values()].filter((user) => user !== before);
    const who = `${before}-again`;
    now.set(act.who, who);
    return [
      ...parts(speech, { ...act, who: before }),
      ...others.flatMap((other) => speech.isTold(other)),
      ...speech.comesBack(who, before, others),
      ...[...others, who].flatMap((user) => speech.settled(user)),
    ];
  });
  return [...steps, ...over(speech, [...now.values()])];
}

function parts(speech: Speech, { who, by }: Extract<Act, { kind: "return" }>): readonly string[] {
  if (by === "reset") return [`forget ${who}`, `reset ${who}`];
  if (by === "half-close") return [`forget ${who}`, `end ${who}`, `close ${who}`];
  return by === "cut" ? [`close ${who}`] : speech.leaves(who);
}

/** What is heard of all that some say at one instant; nothing if nobody could tell. */
function heardTogether(
  speech: Speech,
  said: readonly Message[],
  users: readonly string[],
  isAmid: boolean,
): string[] | undefined {
  // Where nothing divides them, what one sends twice at one instant is one message.
  if (!speech.divides && new Set(said.map(({ from }) => from)).size < said.length) return undefined;
  const heard = users.flatMap((at) => {
    const own = said.filter((message) => recipients(speech, message, users).includes(at));
    return own.length === 0 ? [] : [{ own, at }];
  });
  if (heard.some(({ own }) => own.length > MOST_ORDERED)) return undefined;
  return heard.length === 0
    ? []
    : ["all:", ...heard.flatMap(({ own, at }) => speech.hearsAll(own, at, isAmid)).map((line) => `  ${line}`)];
}

function inAnyOrder(at: string, patterns: readonly string[]): string {
  return `${at} < {_=text}(${orders(patterns).map((order) => order.join("{_=text}")).join("|")}){_=text}`;
}

function orders<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((first, i) => orders(all.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

/** Nobody says anything for what comes behind that. */
function over({ settled }: Speech, users: readonly string[]): string[] {
  return users.filter((who) => settled(who).length > 0).map((who) => `forget ${who}`);
}
