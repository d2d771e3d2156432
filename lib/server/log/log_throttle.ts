/**
 * What is logged at most once a second for each address.
 *
 * @module
 */

/** How many addresses are kept in mind at most; past that, others share one second. */
const MAX_ADDRESSES = 4096;
const SECOND_MS = 1_000;

/** Says whether something may be logged again. */
export class LogThrottle {
  readonly #last = new Map<string, number>();

  /** Whether a second has passed since this was last said of an address, at a time in milliseconds. */
  allows(address: string, now: number): boolean {
    const last = this.#last.get(address);
    if (last !== undefined && now - last < SECOND_MS) return false;
    if (last === undefined && this.#last.size >= MAX_ADDRESSES) this.#forget(now);
    if (last === undefined && this.#last.size >= MAX_ADDRESSES) return false;
    this.#last.set(address, now);
    return true;
  }

  #forget(now: number): void {
    for (const [address, last] of this.#last) if (now - last >= SECOND_MS) this.#last.delete(address);
  }
}
