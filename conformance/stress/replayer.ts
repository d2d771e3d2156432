/**
 * Runs what was found again, against the same server, to make it smaller.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { check } from "./checkers/checkers.ts";
import type { Driver } from "./driver.ts";
import type { Finding, OperationHistory } from "./history.ts";
import { scriptText, type UserScript } from "./script.ts";
import { type FoundAgain, shrink, type Shrunk } from "./shrink.ts";
import { stress, type StressRun, type StressSurroundings } from "./stress.ts";

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
  readonly onProgress: (text: string) => void;
}

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

  /**
   * Makes the run smaller in which something was found, in this clause's share of the time.
   *
   * @param findings all of one clause, the earliest first.
   * @param clauses how many clauses there are still to be shrunk, this one included.
   * @returns nothing if it was not found again, or cannot be looked for: the server is gone, or there is no time.
   */
  async shrink(findings: readonly Finding[], clauses: number): Promise<Shrunk | undefined> {
    const { interrupted, onProgress } = this.#options;
    const clause = findings[0]!.clause;
    const { runtime } = this.#surroundings;
    const until = runtime.now() + (this.#until - runtime.now()) / clauses;
    const left = () => interrupted?.aborted ? 0 : until - runtime.now();
    if (this.#run.unreachable !== undefined || left() <= 0) return undefined;
    let runs = 0;
    const replay = async (script: UserScript, isCounted: boolean) => {
      onProgress(`making ${this.#driver.dialect}/${clause} smaller, run ${++runs}: ${scriptText(script)}`);
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
    // That an answer never comes can only be said in the end.
    const found = (history: OperationHistory) => check(history, [clause]).filter(({ at }) => at < Infinity);
    const length = Math.max(0, ...script.flat().map(({ at = 0 }) => at));
    const { history, rounds } = await stress(this.#driver, this.#surroundings, {
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
    const [finding] = found(history);
    if (finding === undefined) return undefined;
    const first = Math.min(finding.at, ...finding.sendings.map((id) => history.sendings[id]?.begin ?? Infinity));
    return { history, finding, begun: rounds.findLast((begin) => begin <= first) ?? 0 };
  }
}
