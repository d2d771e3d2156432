/**
 * How fast one peer sends.
 *
 * @module
 */

/** How long a peer may go on sending faster than its rate, although it is read no faster, before that is a flood. */
const FLOOD_MS = 10_000;
/** A pause of this length ends a flood. */
const CALM_MS = 1_000;

/**
 * An allowance of messages that is spent by sending, and refilled as time passes. Times are in milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bucket = new TokenBucket(10, 0);
 * assertEquals(bucket.spend(9, 0), 0);
 * assertEquals([bucket.take(0), bucket.take(0)], [true, false]);
 * assertEquals(bucket.spend(2, 100), 100);
 * ```
 */
export class TokenBucket {
  readonly #rate: number;
  #allowance: number;
  #refilled: number;
  #excess: { readonly since: number; until: number } | undefined;

  /** Allows `rate` messages a second, on average and at once, from `now` on. */
  constructor(rate: number, now: number) {
    this.#rate = this.#allowance = rate;
    this.#refilled = now;
  }

  /** Counts one message if it is allowed now, and returns whether it is. */
  take(now: number): boolean {
    this.#refill(now);
    if (this.#allowance < 1) return false;
    this.#allowance--;
    return true;
  }

  /** Counts messages that have come, allowed or not, and says how long the next one would have to wait to be no faster than allowed. */
  spend(messages: number, now: number): number {
    this.#refill(now);
    this.#allowance -= messages;
    return Math.max(0, -this.#allowance / this.#rate * 1000);
  }

  /** It went too fast now, and will do so until a time. Whether that has lasted too long, without a pause. */
  isFlood(now: number, until: number = now): boolean {
    if (this.#excess === undefined || now - this.#excess.until > CALM_MS) this.#excess = { since: now, until };
    this.#excess.until = until;
    return now - this.#excess.since > FLOOD_MS;
  }

  #refill(now: number): void {
    this.#allowance = Math.min(this.#rate, this.#allowance + (now - this.#refilled) / 1000 * this.#rate);
    this.#refilled = now;
  }
}
