/**
 * Makes a run smaller in which something was found: fewer users, steps and messages, as long as it is still found now and then.
 *
 * @module
 */

import { countText } from "../../reports/words.ts";
import type { Finding, FoundAgain } from "../history.ts";
import {
  atOneInstant,
  itemsAbout,
  itemsBetween,
  likelyItems,
  merged,
  scriptFor,
  type ScriptItem,
  scriptText,
  simpler,
  type UserScript,
  usersIn,
} from "./script.ts";
import type { StressRun } from "../stress.ts";

/** The smallest run that was found. */
export interface Shrunk extends FoundAgain {
  /** What each user does in it. */
  readonly script: UserScript;
  /** In how many of the runs it was found. */
  readonly found: number;
  /** How often it was run. */
  readonly runs: number;
}

/** How a script is run again. */
export interface Replaying {
  /** Runs it, to see whether it is still found, or to count how often it is; gives what was found of the clause. */
  replay(script: UserScript, isCounted: boolean): Promise<FoundAgain | undefined>;
  /** How much time is left, in any unit. */
  left(): number;
}

/** What was done so long before it was found is tried first, in milliseconds. */
const PASTS = [40, 300, 2_000];
/** Whoever came so short a time before may have come too late or too early, in milliseconds. */
const RECENT = 300;
/** So many of the findings are tried, each with all pasts, until one is found again. */
const FINDINGS = 3;
/** So many users are there at first where something is sent to all. */
const AUDIENCE = 4;
/** So often a script is run at most to see whether it is still found. */
const TRIES = 10;
/** What is small already may be found more seldom. */
const LIKELY_TRIES = 5;
/** Where many scripts are tried: what is found seldom is a bad one to go on with, and time is short. */
const FEW_TRIES = 3;

/** Shrinks a run for as long as there is time. Gives nothing if none of the findings, which are of one clause, was found again. */
export async function shrink(
  run: Pick<StressRun, "steps" | "history">,
  findings: readonly Finding[],
  replaying: Replaying,
): Promise<Shrunk | undefined> {
  return await new Shrinking(run, replaying).shrink(findings);
}

class Shrinking {
  readonly #run: Pick<StressRun, "steps" | "history">;
  readonly #replaying: Replaying;
  /** With what it was found, the smallest last. */
  readonly #found: UserScript[] = [];
  /** How often a script was run in vain: users that do the same make the same script when either is left out. */
  readonly #inVain = new Map<string, number>();
  /** So many are there where something is sent to all. */
  #audience = AUDIENCE;
  #last: FoundAgain | undefined;
  #runs = 0;
  #spent = 0;

  constructor(run: Pick<StressRun, "steps" | "history">, replaying: Replaying) {
    this.#run = run;
    this.#replaying = replaying;
  }

  async shrink(findings: readonly Finding[]): Promise<Shrunk | undefined> {
    let items = await this.#foundAgain(findings.slice(0, FINDINGS));
    if (items === undefined) return undefined;
    items = await this.#reduced(items);
    items = await this.#merged(items);
    items = await this.#simplified(items);
    items = await this.#reduced(items);
    await this.#withFewer(items);
    // What was found once by chance may not be found in ten runs more.
    for (const script of this.#found.toReversed().slice(0, 3)) {
      const counted = await this.#counted(script);
      if (counted !== undefined) return counted;
    }
    return undefined;
  }

  /** Steps with which it is found again: the few of those whom it is about, or all of the time before it. */
  async #foundAgain(findings: readonly Finding[]): Promise<ScriptItem[] | undefined> {
    const { steps, history } = this.#run;
    for (const past of PASTS) {
      for (const finding of findings) {
        const sent = finding.sendings.map((id) => history.sendings[id]?.begin ?? Infinity);
        // Where a name is what it is about, it began with the coming of those who have it.
        const come = finding.lives.map((id) => history.lives[id]!.begin).filter((begin) => begin > finding.at - RECENT);
        const all = itemsBetween(steps, Math.min(finding.at, ...sent, ...come) - past, finding.at);
        const own = itemsAbout(all, finding, history);
        const likely = likelyItems(own, finding, history, steps.length);
        for (const items of likely) if (await this.#isFound(items, LIKELY_TRIES)) return items;
        for (const items of [atOneInstant(own), own, all]) if (await this.#isFound(items, FEW_TRIES)) return items;
      }
    }
    return undefined;
  }

  /** Leaves out users, and then halves, quarters and so on of the steps, as long as it is still found. */
  async #reduced(given: ScriptItem[]): Promise<ScriptItem[]> {
    let items = given;
    const instant = atOneInstant(items);
    if (items.some(({ planned: { at } }) => at > 0) && await this.#isFound(instant, FEW_TRIES)) items = instant;
    for (let size = items.length >> 1; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      // What was done first is the least likely to matter.
      for (let at = 0; at < items.length && this.#hasTime;) {
        const fewer = items.toSpliced(at, size);
        if (await this.#isFound(fewer, size > 1 ? FEW_TRIES : TRIES)) items = fewer;
        else at += size;
      }
    }
    for (const user of new Set(items.map((item) => item.user))) {
      if (await this.#isFound(items.filter((item) => item.user !== user), FEW_TRIES)) {
        items = items.filter((item) => item.user !== user);
      }
    }
    return items;
  }

  /** Has one user do what two did, as long as it is still found. */
  async #merged(given: ScriptItem[]): Promise<ScriptItem[]> {
    let items = given;
    for (const from of usersIn(items)) {
      for (const into of usersIn(items)) {
        const fewer = into === from ? undefined : merged(items, from, into);
        if (fewer === undefined || !await this.#isFound(fewer, FEW_TRIES)) continue;
        items = fewer;
        break;
      }
    }
    return items;
  }

  /** Has fewer there who only listen, as long as it is still found. */
  async #withFewer(items: readonly ScriptItem[]): Promise<void> {
    const audience = this.#audience;
    for (this.#audience = 2; this.#audience < audience; this.#audience++) {
      if (await this.#isFound(items, FEW_TRIES)) return;
    }
  }

  /** Makes each step simpler that need not be as it is. */
  async #simplified(given: ScriptItem[]): Promise<ScriptItem[]> {
    let items = given;
    for (const [i, { user, planned }] of items.entries()) {
      for (const step of simpler(planned.step)) {
        const candidate = items.with(i, { user, planned: { ...planned, step } });
        if (!await this.#isFound(candidate, FEW_TRIES)) continue;
        items = candidate;
        break;
      }
    }
    return items;
  }

  /** Says in how many of ten runs it is found, or of as many as there is time for. */
  async #counted(script: UserScript): Promise<Shrunk | undefined> {
    let [found, runs] = [0, 0];
    for (; runs < TRIES && (this.#replaying.left() > 0 || runs === 0); runs++) {
      if (await this.#replay(script, true)) found++;
    }
    return found === 0 || this.#last === undefined ? undefined : { script, found, runs, ...this.#last };
  }

  /** Whether there is time for more than the last ten runs. */
  get #hasTime(): boolean {
    return this.#replaying.left() > TRIES * this.#spent / Math.max(this.#runs, 1);
  }

  async #isFound(items: readonly ScriptItem[], tries: number): Promise<boolean> {
    if (items.length === 0) return false;
    const script = scriptFor(items, this.#run.steps.length, this.#audience);
    const key = JSON.stringify(script);
    for (let i = this.#inVain.get(key) ?? 0; i < tries && this.#hasTime; i++) {
      if (await this.#replay(script, false)) {
        this.#found.push(script);
        return true;
      }
      this.#inVain.set(key, i + 1);
    }
    return false;
  }

  async #replay(script: UserScript, isCounted: boolean): Promise<boolean> {
    const before = this.#replaying.left();
    const again = await this.#replaying.replay(script, isCounted);
    this.#spent += before - this.#replaying.left();
    this.#runs++;
    if (again !== undefined) this.#last = again;
    return again !== undefined;
  }
}

/** `2 users, 2 messages, found in 7 of 10 runs`. */
export function shrunkText({ script, found, runs }: Shrunk): string {
  return `${scriptText(script)}, found in ${found} of ${countText(runs, "run")}`;
}
