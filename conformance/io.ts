/**
 * What a run is told and tells: the port between `chat conform` and the program around it.
 *
 * @module
 */

/** Where a run writes to. */
export interface ConformIo {
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** Whether standard output is a terminal, which gets a line of progress. */
  readonly isTerminal: boolean;
  /** Whether colours are wanted (the caller knows about `NO_COLOR`). */
  readonly color: boolean;
}
