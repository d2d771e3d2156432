/**
 * A running clock behind the table of deadlines.
 *
 * @module
 */

import { Deadlines } from "../core/deadlines.ts";
import type { Runtime, Timer } from "../core/runtime.ts";
import { REAL_TIME } from "./real_time.ts";

/** How often time moves forward while a deadline is pending, in milliseconds. */
const STEP_MS = 10;

/** A clock that ticks while a deadline is pending, and not otherwise: an idle server sleeps. */
export class Clock {
  readonly #runtime: Runtime;
  #ticking: Timer | undefined;

  /** The deadlines that this clock moves forward. */
  readonly deadlines: Deadlines;

  constructor(runtime: Runtime = REAL_TIME) {
    this.#runtime = runtime;
    const now = () => runtime.turnNow?.() ?? runtime.now();
    this.deadlines = new Deadlines(now(), { now, armed: () => this.#run() });
  }

  #run(): void {
    this.#ticking ??= this.#runtime.every(STEP_MS, () => {
      this.deadlines.advance(this.#runtime.now());
      if (this.deadlines.pending === 0) this.stop();
    });
  }

  /** Stops the clock until the next deadline is set. */
  stop(): void {
    this.#ticking?.cancel();
    this.#ticking = undefined;
  }
}
