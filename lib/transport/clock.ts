/**
 * The real clock behind the table of deadlines.
 *
 * @module
 */

import { Deadlines } from "../chat/deadlines.ts";

/** How often time moves forward while a deadline is pending, in milliseconds. */
const STEP_MS = 10;

/** A clock that ticks while a deadline is pending, and not otherwise: an idle server sleeps. */
export class Clock {
  #ticking: ReturnType<typeof setInterval> | undefined;

  /** The deadlines that this clock moves forward. */
  readonly deadlines: Deadlines;

  /** Starts at the present time. */
  constructor() {
    const now = () => performance.now();
    this.deadlines = new Deadlines(now(), { now, armed: () => this.#run() });
  }

  #run(): void {
    this.#ticking ??= setInterval(() => {
      this.deadlines.advance(performance.now());
      if (this.deadlines.pending === 0) this.stop();
    }, STEP_MS);
  }

  /** Stops the clock until the next deadline is set. */
  stop(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }
}
