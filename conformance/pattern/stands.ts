/**
 * Where a match stands, and what is remembered of how it goes on from there, so that long texts are read fast.
 *
 * @module
 */

/** One way in which the bytes so far can be read. Those that come first in a list are preferred. */
export interface Thread {
  /** The instruction that it has come to. */
  readonly pc: number;
  /** How many bytes of the instruction are taken already. */
  readonly offset: number;
  /** Begin and end of each capture, -1 where it has none. */
  readonly slots: readonly number[];
  /** What was chosen, with the name of the choice. */
  readonly chosen: readonly (readonly [string, string])[];
}

/** All ways of reading some bytes. */
export interface Stand {
  /** Those that go on, the preferred first. */
  readonly threads: readonly Thread[];
  /** Whether one has arrived at the end just here. */
  readonly hasArrived: boolean;
  /** Where they stand after one byte more, as far as that has been found out. */
  readonly next: Map<number, Stand>;
}

/** More than the patterns of fixtures have, and too few to be felt. */
const MAX_STANDS = 2_000;

/**
 * The stands of one program that have been met. Where threads keep nothing of what they read, what a byte makes of them
 * depends on where they stand alone, and is found out only once: Thompson's automaton, built as it is needed.
 */
export class Stands {
  readonly #known = new Map<string, Stand>();

  /** The stand of these threads; `undefined` if too many others are known. */
  of(threads: readonly Thread[], hasArrived: boolean): Stand | undefined {
    const key = `${hasArrived}${threads.map(({ pc, offset }) => ` ${pc}.${offset}`).join("")}`;
    const known = this.#known.get(key);
    if (known !== undefined || this.#known.size === MAX_STANDS) return known;
    const stand = { threads, hasArrived, next: new Map() };
    this.#known.set(key, stand);
    return stand;
  }
}
