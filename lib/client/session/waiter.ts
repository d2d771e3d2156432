/**
 * Waiting for the other side, with patience: as long as it does something, but not for ever.
 *
 * @module
 */

import type { SetTimer } from "../../dialects/dialect.ts";

export type { SetTimer };

/** How late, in milliseconds, a timer is only in a program that was suspended, or on a machine that slept. */
const ASLEEP = 1_000;
/** How long what has arrived meanwhile may take until it is dealt with, in milliseconds. */
const CATCHING_UP = 1_000;

/** The timer of the platform, which does not count the time for which the program was suspended. */
export const systemTimer: SetTimer = catchingUp(
  (delay, callback) => {
    const id = setTimeout(callback, delay);
    return () => clearTimeout(id);
  },
  () => performance.now(),
);

/**
 * A timer that waits a little longer where the program was suspended meanwhile: what the other side has done until then has
 * arrived, but nobody has seen it yet. Takes a timer, and the time in milliseconds.
 */
export function catchingUp(timer: SetTimer, now: () => number): SetTimer {
  return (delay, callback) => {
    const due = now() + delay;
    let stop = timer(delay, () => {
      if (now() - due < ASLEEP) callback();
      else stop = timer(CATCHING_UP, callback);
    });
    return () => stop();
  };
}

/**
 * Waits until something holds, for one caller at a time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const waiter = new Waiter(systemTimer);
 * let answers = 0;
 * const both = waiter.until(() => answers === 2, 1000);
 * answers++;
 * waiter.changed();
 * answers++;
 * waiter.changed();
 * assertEquals(await both, true);
 * ```
 */
export class Waiter {
  readonly #timer: SetTimer;
  #recheck: () => void = () => {};

  constructor(timer: SetTimer) {
    this.#timer = timer;
  }

  /** Something is different: looks whether it is what is waited for, and if not, is patient once more. */
  changed(): void {
    this.#recheck();
  }

  /** Resolves with `true` when `holds` does, or with `false` if nothing {@linkcode Waiter.changed} for `patience` ms. */
  until(holds: () => boolean, patience: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      let stopTimer = () => {};
      const finish = (held: boolean) => {
        stopTimer();
        this.#recheck = () => {};
        resolve(held);
      };
      this.#recheck = () => {
        if (holds()) return finish(true);
        stopTimer();
        stopTimer = this.#timer(patience, () => finish(false));
      };
      this.#recheck();
    });
  }
}
