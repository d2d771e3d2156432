/**
 * A run's input and output: the port between `chat conform` and the program around it.
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
  /** Breaks the run off, for a reason that is the exit status: what is known by then is reported. */
  readonly interrupted?: AbortSignal;
  /** Whether colours are wanted (the caller knows about `NO_COLOR`). */
  readonly color: boolean;
}
