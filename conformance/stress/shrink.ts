/**
 * Makes a run smaller in which something was found: fewer users, steps and messages, as long as it is still found now and then.
 *
 * @module
 */

import type { Finding, OperationHistory } from "./history.ts";
import type { PlannedStep } from "./plan.ts";
import type { StressRun } from "./stress.ts";

/** What each user does. */
export type UserScript = readonly (readonly PlannedStep[])[];

/** The smallest run that was found. */
export interface Shrunk {
  /** What each user does in it. */
  readonly script: UserScript;
  /** In how many of the runs it was found. */
  readonly found: number;
  /** How often it was run. */
  readonly runs: number;
  /** A history in which it was found. */
  readonly history: OperationHistory;
  /** What was found in it. */
  readonly finding: Finding;
}

/** Runs a script; gives what was found of the clause, with its history. */
export type Replay = (
  script: UserScript,
) => Promise<{ readonly history: OperationHistory; readonly finding: Finding } | undefined>;

/** What was done so long before it was found is tried first, in milliseconds. */
const PASTS = [100, 400, 2_000];
/** The first step comes so long after the start, in milliseconds: by then all are there. */
const LEAD = 60;
/** So often it is run at most to see whether it is still found. */
const TRIES = 10;
/** Steps that chance may have made superfluous are left out if it is still found in so many runs. */
const FEW_TRIES = 3;

/** So many users are there where something is sent to all. */
const AUDIENCE = 3;

/** One step of one user. */
interface Item {
  readonly user: number;
  readonly planned: PlannedStep;
}

/**
 * Shrinks a run for as long as there is time. Gives nothing if it was not found again.
 *
 * @param hasTime whether there is still time.
 */
export async function shrink(
  { steps }: Pick<StressRun, "steps">,
  found: Finding,
  replay: Replay,
  hasTime: () => boolean,
): Promise<Shrunk | undefined> {
  let best: { readonly history: OperationHistory; readonly finding: Finding } | undefined;
  const isFound = async (items: readonly Item[], tries: number) => {
    for (let i = 0; i < tries && hasTime(); i++) {
      const again = await replay(scriptFor(items, steps.length));
      if (again === undefined) continue;
      best = again;
      return true;
    }
    return false;
  };
  let items: Item[] = [];
  for (const past of PASTS) {
    const candidates = itemsOf(steps, found.at - past, found.at);
    if (candidates.length === 0 || !await isFound(candidates, TRIES)) continue;
    items = candidates;
    break;
  }
  if (items.length === 0) return undefined;
  for (const user of new Set(items.map((item) => item.user))) {
    const fewer: Item[] = items.filter((item) => item.user !== user);
    if (fewer.length > 0 && await isFound(fewer, 1)) items = fewer;
  }
  for (let size = items.length >> 1; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < items.length && hasTime();) {
      const fewer: Item[] = items.toSpliced(at, size);
      if (fewer.length > 0 && await isFound(fewer, size > 1 ? FEW_TRIES : TRIES)) items = fewer;
      else at += size;
    }
  }
  for (const [i, item] of items.entries()) {
    if (item.planned.step.kind !== "send" || item.planned.step.count === 1 || !hasTime()) continue;
    const single = items.with(i, { ...item, planned: { ...item.planned, step: { ...item.planned.step, count: 1 } } });
    if (await isFound(single, FEW_TRIES)) items = single;
  }
  const script = scriptFor(items, steps.length);
  let [count, runs] = [0, 0];
  for (; runs < TRIES && (hasTime() || runs === 0); runs++) {
    const again = await replay(script);
    if (again === undefined) continue;
    best = again;
    count++;
  }
  return best === undefined || count === 0 ? undefined : { script, found: count, runs, ...best };
}

/** A script of those who do something or are sent something; who sends to all has a few to get it. */
function scriptFor(items: readonly Item[], users: number): UserScript {
  const steps = items.map(({ planned: { step } }) => step);
  const needed = new Set(items.map(({ user }) => user));
  for (const step of steps) if (step.kind === "send" && typeof step.to === "number") needed.add(step.to);
  const goesToAll = steps.some((step) => step.kind === "send" && step.to === "all");
  const idle = Array.from({ length: users }, (_, user) => user).filter((user) => !needed.has(user));
  const audience = goesToAll ? idle.slice(0, Math.max(0, AUDIENCE - needed.size)) : [];
  return renumbered(items, [...needed, ...audience].sort((a, b) => a - b));
}

/** The script of some users alone, who are numbered anew. */
function renumbered(items: readonly Item[], users: readonly number[]): UserScript {
  const place = new Map(users.map((user, i) => [user, i]));
  return scriptOf(
    items.map(({ user, planned }) => {
      const { step } = planned;
      const to = step.kind === "send" && typeof step.to === "number" ? { to: place.get(step.to)! } : {};
      return { user: place.get(user)!, planned: { ...planned, step: { ...step, ...to } } };
    }),
    users.length,
  );
}

function itemsOf(steps: UserScript, from: number, to: number): Item[] {
  const items = steps.flatMap((own, user) => own.map((planned) => ({ user, planned })));
  const within = items.filter(({ planned: { at = 0 } }) => at >= from && at <= to);
  const first = Math.min(...within.map(({ planned: { at = 0 } }) => at));
  return within.sort((a, b) => a.planned.at! - b.planned.at!).map(({ user, planned }) => ({
    user,
    planned: { ...planned, at: planned.at! - first + LEAD },
  }));
}

function scriptOf(items: readonly Item[], users: number): UserScript {
  return Array.from(
    { length: users },
    (_, user) => items.filter((item) => item.user === user).map(({ planned }) => planned),
  );
}

/** `2 users, 3 operations, found in 7 of 10 runs`. */
export function shrunkText({ script, found, runs }: Shrunk): string {
  const operations = operationsOf(script);
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return `${plural(script.length, "user")}, ${plural(operations, "operation")}, found in ${found} of ${
    plural(runs, "run")
  }`;
}

/** How much is done in a script: each message counts. */
export function operationsOf(script: UserScript): number {
  return script.flat().reduce((sum, { step }) => sum + (step.kind === "send" ? step.count : 1), 0);
}
