/**
 * When a run is over, whether all was played or not.
 *
 * @module
 */

import type { Timer } from "../lib/core/runtime.ts";
import { REAL_TIME } from "../lib/transport/real_time.ts";
import type { ConformIo } from "./io.ts";

/** Ends a run when its time is up, or when somebody asks for it. Disposing it stops the clock. */
export class RunDeadline implements Disposable {
  /** Is aborted when the run is to end: with the exit status, if somebody has asked for it. */
  readonly signal: AbortSignal;
  readonly #timer: Timer | undefined;

  /** The run begins now, and may take so many milliseconds; any time by default. */
  constructor(maxTime: number | undefined, { interrupted, err }: ConformIo) {
    const timeUp = new AbortController();
    this.signal = interrupted === undefined ? timeUp.signal : AbortSignal.any([interrupted, timeUp.signal]);
    if (maxTime === undefined) return;
    this.#timer = REAL_TIME.after(maxTime, () => {
      if (this.signal.aborted) return;
      err(`chat conform: broken off after ${maxTime / 1000} s, as --max-time says\n`);
      timeUp.abort("the time is up");
    });
  }

  /** Stops the clock. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
  }
}
