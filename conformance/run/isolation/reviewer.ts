/**
 * What plays fixtures again, as the order of a run sees it.
 *
 * @module
 */

import type { Result } from "../../results/verdict.ts";

/** Plays fixtures again whose results are not final. */
export interface Reviewer {
  /** Whether a fixture that was played on this server is to be played again, alone, before its result counts. */
  doubts(result: Result, server: number): boolean;
  /** Plays it again on this server, and gives what counts; nothing if that server could not be had. Never throws. */
  review(doubtful: Result, server: number): Promise<Result | undefined>;
  /** Whether each fixture is played alone from now on. */
  readonly isolatesAll: boolean;
  /** Takes a fresh server in the place of the target, on which nothing is played meanwhile. */
  renew(): Promise<void>;
}
