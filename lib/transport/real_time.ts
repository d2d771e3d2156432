/**
 * Real time, and chance that nobody has chosen.
 *
 * @module
 */

import type { Runtime, Timer } from "../core/runtime.ts";

/** A timer of Deno's. */
class RealTimer implements Timer {
  readonly #id: ReturnType<typeof setTimeout>;

  constructor(id: ReturnType<typeof setTimeout>) {
    this.#id = id;
  }

  cancel(): void {
    clearTimeout(this.#id);
  }
}

let turn: number | undefined;

function endTurn(): void {
  turn = undefined;
}

/** One look at the clock for messages that come a dozen at once. */
function turnNow(): number {
  if (turn === undefined) {
    turn = performance.now();
    queueMicrotask(endTurn);
  }
  return turn;
}

/** Deno's clock, timers and random numbers. */
export const REAL_TIME: Runtime = {
  now: () => performance.now(),
  turnNow,
  wallClock: () => Date.now(),
  after: (delay, callback) => new RealTimer(setTimeout(callback, delay)),
  every: (interval, callback) => new RealTimer(setInterval(callback, interval)),
  nextTurn: (callback) => void setImmediate(callback),
  random: () => Math.random(),
};
