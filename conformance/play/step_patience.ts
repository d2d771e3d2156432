/**
 * How long a step is waited for that probably waits in vain.
 *
 * @module
 */

import type { Step } from "../transcript/syntax.ts";

/** What a fixture is told of waiting in vain by the run that it belongs to, and tells it. */
export interface StepPatience {
  /** What takes longer than this probably never comes: far longer than any answer took, in milliseconds. */
  readonly long: number;
  /** Whether the server says nothing at all: it is not listened to when it is left, either. */
  readonly isMute: boolean;
  /** How long a step with this deadline is waited for after all that others have waited for in vain, in milliseconds. */
  enough(step: Step, deadline: number): number;
  /** Something has arrived. */
  heard(): void;
  /** A step has come true. */
  met(step: Step): void;
  /**
   * A step has waited for long. Gives what is to be called once it waits no more.
   *
   * @param isPatient whether it waits for the server to lose patience, and lets others have a turn all the time.
   */
  stalled(isPatient: boolean): () => void;
}
