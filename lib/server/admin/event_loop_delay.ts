/**
 * How late timers are: how long whatever has come has waited until it was looked at.
 *
 * @module
 */

import { Histogram, type HistogramReading } from "../../core/histogram.ts";
import type { Runtime } from "../../core/runtime.ts";

/** How often it is measured, in milliseconds: to wake up costs more than to measure. */
const INTERVAL_MS = 200;
const BOUNDS = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5];

/** Measures for as long as it is not disposed. */
export class EventLoopDelay implements Disposable {
  readonly #histogram = new Histogram(BOUNDS);
  readonly #stop: () => void;

  /**
   * Begins.
   *
   * @param measured called each time, five times a second.
   */
  constructor(runtime: Pick<Runtime, "now" | "after">, measured: () => void) {
    let due = 0;
    const look = () => {
      this.#histogram.record(Math.max(0, runtime.now() - due) / 1000);
      measured();
      next();
    };
    const next = () => {
      due = runtime.now() + INTERVAL_MS;
      timer = runtime.after(INTERVAL_MS, look);
    };
    let timer = runtime.after(0, next);
    this.#stop = () => timer.cancel();
  }

  /** How late, in seconds. */
  get reading(): HistogramReading {
    return this.#histogram;
  }

  /** Measures no more. */
  [Symbol.dispose](): void {
    this.#stop();
  }
}
