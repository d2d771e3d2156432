/**
 * Runs what was found again, against the same server, to make it smaller.
 *
 * @module
 */

import { ChatError } from "../../../lib/core/error.ts";
import { CONCURRENT } from "../../fixtures/clauses.ts";
import { countText } from "../../reports/words.ts";
import { check, checkUnfinished } from "../checkers/checkers.ts";
import type { Driver } from "../driver.ts";
import type { Finding, FoundAgain, OperationHistory } from "../history.ts";
import type { UserScript } from "./script.ts";
import { shrink, type Shrunk } from "./shrink.ts";
import { stress, type StressRun, type StressSurroundings } from "../stress.ts";

/** How it is done. */
export interface ReplayerOptions {
  /** What chance begins with. */
  readonly seed: number;
  /** How much time there is for all that was found, in milliseconds. */
  readonly shrink: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** Ends it early. */
  readonly interrupted?: AbortSignal | undefined;
  /** Told what goes on, in a few words. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Who shares a name gets what is for another, and what is garbled is not confirmed: what others may follow from comes first. */
const CAUSES_FIRST = ["names", "members", "whole", "once", "order", "confirmed", "refused", "undisturbed"];
/** A script is done again and again for so long in one run, in milliseconds: races are seldom, and coming takes its time. */
const REPEATED = 300;
/** What takes this much longer is one that hangs, in milliseconds. */
const HANGS = 500;

/** Has the time for all findings of a run, and shrinks one clause's after the other. */
export class Replayer {
  readonly #run: StressRun;
  readonly #driver: Driver;
  readonly #surroundings: StressSurroundings;
  readonly #options: ReplayerOptions;
  readonly #until: number;

  constructor(run: StressRun, driver: Driver, surroundings: StressSurroundings, options: ReplayerOptions) {
    this.#run = run;
    this.#driver = driver;
    this.#surroundings = surroundings;
    this.#options = options;
    this.#until = surroundings.runtime.now() + options.shrink;
  }

  /** Makes the run smaller in which something was found, for each clause that is broken; the causes first, and what may follow from them last. */
  async shrinkAll(findings: ReadonlyMap<string, readonly Finding[]>): Promise<Map<string, Shrunk>> {
    const smallest = new Map<string, Shrunk>();
    const clauses = CAUSES_FIRST.map((name) => `${CONCURRENT}${name}`).filter((clause) => findings.has(clause));
    for (const [i, clause] of clauses.entries()) {
      const shrunk = await this.#shrink(findings.get(clause)!, clauses.length - i);
      if (shrunk !== undefined) smallest.set(clause, shrunk);
    }
    return smallest;
  }

  /** Makes it smaller in this clause's share of the time. Gives nothing if it was not found again, or cannot be looked for. */
  async #shrink(findings: readonly Finding[], clauses: number): Promise<Shrunk | undefined> {
    const { interrupted, onProgress } = this.#options;
    const clause = findings[0]!.clause;
    const { runtime } = this.#surroundings;
    const until = runtime.now() + (this.#until - runtime.now()) / clauses;
    const left = () => interrupted?.aborted ? 0 : until - runtime.now();
    if (this.#run.unreachable !== undefined || left() <= 0) return undefined;
    let runs = 0;
    const replay = async (script: UserScript, isCounted: boolean) => {
      onProgress?.(
        `${this.#driver.dialect}/${clause}, made smaller: ${countText(script.length, "user")}, run ${++runs}`,
      );
      return await this.#replay(script, clause, isCounted);
    };
    try {
      return await shrink(this.#run, findings, { replay, left });
    } catch (error) {
      if (error instanceof ChatError && error.code === "unreachable") return undefined;
      throw error;
    }
  }

  async #replay(script: UserScript, clause: string, isCounted: boolean): Promise<FoundAgain | undefined> {
    const { seed, timeout, interrupted } = this.#options;
    const found = (history: OperationHistory) => checkUnfinished(history, [clause]);
    const length = Math.max(0, ...script.flat().map(({ at = 0 }) => at));
    const { history, rounds, isUnfinished } = await stress(this.#driver, this.#surroundings, {
      seed,
      users: script.length,
      script,
      faults: [],
      repeatFor: REPEATED,
      duration: REPEATED + length + HANGS,
      // What is counted is held against the deadline that was asked for; what is only tried need not be.
      timeout: isCounted ? timeout : Math.min(timeout, HANGS),
      isEnough: (history) => found(history).length > 0,
      interrupted,
    });
    if (interrupted?.aborted) return undefined;
    const [finding] = isUnfinished ? found(history) : check(history, [clause]);
    if (finding === undefined) return undefined;
    const first = Math.min(finding.at, ...finding.sendings.map((id) => history.sendings[id]?.begin ?? Infinity));
    return { history, finding, begun: rounds.findLast((begin) => begin <= first) ?? 0 };
  }
}
