/**
 * Numbers that members hold, for dialects that address by number.
 *
 * @module
 */

/**
 * Hands out the numbers of a range, the lowest first, each to one holder at a time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const ids = new IdPool<string>(2, 3);
 * ids.take(2, "alice");
 * assertEquals([ids.holder(2), ids.lowest()], ["alice", 3]);
 * ids.take(3, "bob");
 * assertEquals(ids.lowest(), undefined);
 * ```
 */
export class IdPool<Holder> {
  #isOurs: (id: number) => boolean = () => true;
  readonly #holders = new Map<number, Holder>();

  /** All numbers are free, from the first to the last. */
  constructor(
    /** The lowest number. */
    readonly first: number,
    /** The highest number. */
    readonly last: number,
  ) {}

  /** Gives only numbers for which this holds from now on: the others are for other nodes to give. */
  giveOnly(isOurs: (id: number) => boolean): void {
    this.#isOurs = isOurs;
  }

  /** Who holds a number. */
  holder(id: number): Holder | undefined {
    return this.#holders.get(id);
  }

  /** The lowest free number from `from` on; `undefined` if there is none. */
  lowest(from = this.first): number | undefined {
    if (this.#holders.size === this.last - this.first + 1) return undefined;
    for (let id = from; id <= this.last; id++) if (!this.#holders.has(id) && this.#isOurs(id)) return id;
    return undefined;
  }

  /** Gives a free number to a holder. */
  take(id: number, holder: Holder): void {
    this.#holders.set(id, holder);
  }

  /** Frees a number. */
  free(id: number): void {
    this.#holders.delete(id);
  }
}
