/**
 * What users do in a run that is made smaller: steps with their moments, of which some are left out.
 *
 * @module
 */

import { countText } from "../../reports/words.ts";
import type { Finding, OperationHistory } from "../history.ts";
import type { PlannedStep, UserStep } from "../plan.ts";

/** What each user does. */
export type UserScript = readonly (readonly PlannedStep[])[];

/** One step of one user, who is given by its number in the run that was there first. */
export interface ScriptItem {
  /** Whose it is. */
  readonly user: number;
  /** What is done, and when, in milliseconds since all are there. */
  readonly planned: PlannedStep & { readonly at: number };
}

/** Who wants a name that others want may wait so long before it asks, in milliseconds. */
const MEETING = 100;
/** The shortest body there is, and a long one, in bytes. */
const [SHORT, LONG] = [24, 8_192];
/** How somebody leaves while something goes to all, and when, in milliseconds: it, what is sent, and where given a third one. */
const LEAVINGS: readonly (readonly ["leave" | "reset", left: number, sent: number, behind?: number])[] = [
  ["leave", 1, 0],
  ["reset", 1, 0],
  ["reset", 0, 3],
  ["leave", 2, 0],
  // Whoever has come back stands last in a table, so that nobody behind it misses anything, unless somebody comes back later.
  ["leave", 1, 0, 15],
  ["reset", 1, 0, 15],
  ["reset", 0, 3, 15],
  ["reset", 0, 3, 120],
];
/** How somebody breaks off whom another one writes to. */
const BREAKS = ["reset", "leave"] as const;
/** So many send bodies of these sizes to one at an instant: few, and one that takes a while. */
const BURSTS = [[SHORT, SHORT], [SHORT, SHORT, SHORT], [SHORT, LONG], [SHORT, SHORT, SHORT, SHORT]];

/** The steps that were done between two moments, in their order. */
export function itemsBetween(steps: UserScript, from: number, to: number): ScriptItem[] {
  const items = steps.flatMap((own, user) =>
    own.map((planned) => ({ user, planned: { ...planned, at: planned.at ?? 0 } }))
  );
  const within = items.filter(({ planned: { at, step } }) =>
    at >= from - (step.kind === "return" ? MEETING : 0) && at <= to
  );
  const first = Math.min(...within.map(({ planned: { at } }) => at));
  return within
    .sort((a, b) => a.planned.at - b.planned.at)
    .map((item) => moved(item, item.planned.at - first));
}

/** Those of them that have to do with whom a finding is about: what they do, and what is sent to them. */
export function itemsAbout(
  items: readonly ScriptItem[],
  { lives, sendings }: Finding,
  history: OperationHistory,
): ScriptItem[] {
  const senders = sendings.flatMap((id) => history.sendings[id]?.life ?? []);
  const recipients = sendings.flatMap((id) => {
    const to = history.sendings[id]?.to;
    return to === undefined ? [] : history.lives.filter(({ name }) => name === to).map(({ id }) => id);
  });
  const users = new Set([...lives, ...senders, ...recipients].map((id) => history.lives[id]!.user));
  return items.filter(({ user, planned: { step } }) =>
    users.has(user) || step.kind === "send" && typeof step.to === "number" && users.has(step.to)
  );
}

/**
 * What is small and often enough: some send to the one who got what was wrong, or to all, at one instant; or want one name.
 *
 * @param items what has to do with whom the finding is about.
 * @param users how many users there were.
 */
export function likelyItems(
  items: readonly ScriptItem[],
  { clause, lives, sendings }: Finding,
  history: OperationHistory,
  users: number,
): ScriptItem[][] {
  if (clause === "concurrent-names") {
    const step = { kind: "return", as: 1, by: "leave" } as const;
    const wanting = items.some(({ planned: { step } }) => step.kind === "return" && step.as !== "own");
    return wanting ? [[0, 1].map((user) => itemOf(user, step))] : [];
  }
  const sending = history.sendings[sendings[0] ?? -1];
  const name = sending?.to;
  const recipient = history.lives.findLast((life) => life.name === name)?.user ?? history.lives[lives[0] ?? -1]?.user;
  const isDirect = items.some(({ planned: { step } }) => step.kind === "send" && step.to === recipient);
  const isToAll = items.some(({ planned: { step } }) => step.kind === "send" && step.to === "all");
  const wasToAll = sending !== undefined && name === undefined;
  const to = isDirect && !wasToAll ? recipient : isToAll || wasToAll ? "all" : undefined;
  if (to === undefined) return [];
  if (clause === "concurrent-undisturbed" && typeof to === "number") {
    // Whoever sends to one who has just broken off may be closed for it.
    const sender = recipient === 0 ? 1 : 0;
    return BREAKS.map((by) => [
      itemOf(to, { kind: "return", as: "own", by }),
      moved(itemOf(sender, { kind: "send", to, count: 1, size: SHORT, filling: "words" }), 3),
    ]);
  }
  // Who leaves while something goes to all may have others miss it.
  const leavers = to === "all" && sendings.length > 0
    ? LEAVINGS.map(([by, left, sent, behind]) => [
      moved(itemOf(0, { kind: "send", to, count: 1, size: SHORT, filling: "words" }), sent),
      moved(itemOf(1, { kind: "return", as: "own", by }), left),
      ...behind === undefined || users < 3
        ? []
        : [moved(itemOf(2, { kind: "return", as: "own", by: "leave" }), behind)],
    ])
    : [];
  const others = Array.from({ length: users }, (_, user) => user).filter((user) => user !== recipient);
  const bursts = BURSTS.filter(({ length }) => length <= others.length).map((sizes) =>
    sizes.map((size, i) => itemOf(others[i]!, { kind: "send", to, count: 1, size, filling: "words" }))
  );
  return [...leavers, ...bursts];
}

function itemOf(user: number, step: UserStep): ScriptItem {
  return { user, planned: { step, atBeat: false, pause: 0, at: 0 } };
}

/** The same steps, but what one user does and is sent is another one's; nothing if that would send to itself. */
export function merged(items: readonly ScriptItem[], from: number, into: number): ScriptItem[] | undefined {
  const all = items.map(({ user, planned }): ScriptItem => {
    const { step } = planned;
    const isToIt = step.kind === "send" && step.to === from;
    return {
      user: user === from ? into : user,
      planned: isToIt ? { ...planned, step: { ...step, to: into } } : planned,
    };
  });
  return all.some(({ user, planned: { step } }) => step.kind === "send" && step.to === user) ? undefined : all;
}

/** All users who do something, or are sent something. */
export function usersIn(items: readonly ScriptItem[]): number[] {
  const users = items.flatMap(({ user, planned: { step } }) =>
    step.kind === "send" && typeof step.to === "number" ? [user, step.to] : [user]
  );
  return [...new Set(users)];
}

/** The same steps, all at one instant: that is where races are. */
export function atOneInstant(items: readonly ScriptItem[]): ScriptItem[] {
  return items.map((item) => moved(item, 0));
}

function moved({ user, planned }: ScriptItem, at: number): ScriptItem {
  return { user, planned: { ...planned, at } };
}

/**
 * A script of those who do something or are sent something.
 *
 * @param users how many users there were.
 * @param audience so many are there where something is sent to all, themselves included.
 */
export function scriptFor(items: readonly ScriptItem[], users: number, audience: number): UserScript {
  const steps = items.map(({ planned: { step } }) => step);
  const needed = new Set(items.map(({ user }) => user));
  for (const step of steps) if (step.kind === "send" && typeof step.to === "number") needed.add(step.to);
  const goesToAll = steps.some((step) => step.kind === "send" && step.to === "all");
  const idle = Array.from({ length: users }, (_, user) => user).filter((user) => !needed.has(user));
  const others = goesToAll ? idle.slice(0, Math.max(0, audience - needed.size)) : [];
  return renumbered(items, [...needed, ...others].sort((a, b) => a - b));
}

/** The script of some users alone, who are numbered anew. */
function renumbered(items: readonly ScriptItem[], users: readonly number[]): UserScript {
  const place = new Map(users.map((user, i) => [user, i]));
  const own = Map.groupBy(items, ({ user }) => user);
  return users.map((user) =>
    (own.get(user) ?? []).map(({ planned }) => {
      const { step } = planned;
      const to = step.kind === "send" && typeof step.to === "number" ? { to: place.get(step.to)! } : {};
      return { ...planned, step: { ...step, ...to } };
    })
  );
}

/** What is simpler than a step, the simplest first: fewer messages and shorter ones, and no fault. */
export function simpler(step: UserStep): UserStep[] {
  if (step.kind === "return" && step.by !== "leave") return [{ ...step, by: "leave" }];
  if (step.kind !== "send") return [];
  const short = { ...step, size: SHORT, filling: "words" as const };
  const single = { ...step, count: 1 };
  if (step.size === SHORT && step.filling === "words") return step.count === 1 ? [] : [single];
  return step.count === 1 ? [short] : [{ ...short, count: 1 }, single, short];
}

/** How much is done in a script: each message counts. */
export function operationsOf(script: UserScript): number {
  return script.flat().reduce((sum, { step }) => sum + (step.kind === "send" ? step.count : 1), 0);
}

/** What is done in a script: `2 users, 2 messages`. */
export function scriptText(script: UserScript): string {
  const steps = script.flat().map(({ step }) => step);
  const number = (isIt: (step: UserStep) => boolean) => steps.filter(isIt).length;
  const messages = steps.reduce((sum, step) => sum + (step.kind === "send" ? step.count : 0), 0);
  const counts: [number, string, string][] = [
    [script.length, "user", "users"],
    [messages, "message", "messages"],
    [number(({ kind }) => kind === "return"), "leaves and comes back", "leave and come back"],
    [
      number(({ kind }) => kind === "join" || kind === "leave" || kind === "members"),
      "group request",
      "group requests",
    ],
    [number((step) => step.kind === "disturb" || step.kind === "return" && step.by !== "leave"), "fault", "faults"],
  ];
  return counts.flatMap(([count, one, several]) => count === 0 ? [] : countText(count, one, several)).join(", ");
}
