/**
 * Waiting for the other side, with patience: as long as it does something, but not for ever.
 *
 * @module
 */

/** Calls back once after some milliseconds, unless the function returned is called before. */
export type Timer = (delay: number, callback: () => void) => () => void;

/** The timer of the platform. */
export function systemTimer(delay: number, callback: () => void): () => void {
  const id = setTimeout(callback, delay);
  return () => clearTimeout(id);
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
  readonly #timer: Timer;
  #recheck: () => void = () => {};

  /** Takes what tells the time. */
  constructor(timer: Timer) {
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
