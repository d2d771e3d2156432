/**
 * The frame IDs: everybody who is present holds one while there are any, but group clients that may not be where they say they
 * are (PROTOCOLS.md, One hub and group).
 *
 * @module
 */

/** The lowest frame ID; 1 is the server itself. */
export const FIRST_ID = 2;
/** The highest frame ID. */
export const LAST_ID = 255;

/** 254 numbered seats. */
export class IdPool<Holder> {
  readonly #holders = new Map<number, Holder>();

  /** Who holds a seat. */
  holder(seat: number): Holder | undefined {
    return this.#holders.get(seat);
  }

  /** The lowest free seat from `from` on; `undefined` if there is none. */
  lowest(from = FIRST_ID): number | undefined {
    if (this.#holders.size === LAST_ID - FIRST_ID + 1) return undefined;
    for (let seat = from; seat <= LAST_ID; seat++) if (!this.#holders.has(seat)) return seat;
    return undefined;
  }

  /** Gives a free seat to a holder. */
  take(seat: number, holder: Holder): void {
    this.#holders.set(seat, holder);
  }

  /** Frees a seat. */
  free(seat: number): void {
    this.#holders.delete(seat);
  }
}
