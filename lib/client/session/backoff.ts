/**
 * How long to wait before a connection is tried again.
 *
 * @module
 */

/** The first wait that is one, and the longest, in milliseconds. */
const FIRST = 1_000;
const LONGEST = 60_000;

/**
 * Waits that begin with none and double up to a minute. Each is cut by up to a half, by chance, so that not everybody comes
 * back to a restarted server in the same moment.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const backoff = new Backoff(() => 0.5);
 * assertEquals([backoff.next(), backoff.next(), backoff.next()], [0, 750, 1500]);
 * ```
 */
export class Backoff {
  readonly #random: () => number;
  #tries = 0;

  /** @param random numbers from 0 up to but not including 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next wait, in milliseconds. */
  next(): number {
    const whole = this.#tries === 0 ? 0 : Math.min(FIRST * 2 ** (this.#tries - 1), LONGEST);
    this.#tries++;
    return Math.round(whole * (1 - this.#random() / 2));
  }

  /** The connection was good: the next time begins anew. */
  reset(): void {
    this.#tries = 0;
  }
}
