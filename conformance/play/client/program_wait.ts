/**
 * What a step waits for that is no matter of one connection: what a client shows, how it ends, and that it connects.
 *
 * @module
 */

import type { Match } from "../../pattern/matcher.ts";
import type { Attempt, FailureKind } from "../failure.ts";

/** Waits for it, between {@linkcode ProgramWait.begin} and {@linkcode ProgramWait.cease}. */
export interface ProgramWait {
  /** Tells it from what is waited for on a connection. */
  readonly isOfProgram: true;
  /** Called once it has come true. */
  onMatch: (match: Match) => void;
  /** Whether it cannot come true any more. */
  readonly isHopeless: boolean;
  /** Begins to wait; it may come true at once. */
  begin(): void;
  /** Waits no more. */
  cease(): void;
  /** Why it did not come true: in vain, or within so many milliseconds. */
  why(deadline?: number): readonly [kind: FailureKind, reason: string];
  /** What was waited for, and what there is. */
  attempts(): Attempt[];
  /** What probably went wrong. */
  readonly hint: string | undefined;
}

/** The name under which reports have what is typed and shown. */
export const TERMINAL = "terminal";
