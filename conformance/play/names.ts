/**
 * Names that nobody had before.
 *
 * @module
 */

/** How much of the written name is kept, so that a person recognises it. */
const KEPT = 8;
/** How many random characters follow: enough not to meet a name of an earlier run. */
const RANDOM = 6;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Makes names of lower-case letters and digits, which every dialect takes, each only once. */
export class FreshNames {
  readonly #random: (below: number) => number;
  readonly #given = new Set<string>();

  /** Takes a source of whole numbers from 0 to below its argument; the system's by default. */
  constructor(random: (below: number) => number = randomBelow) {
    this.#random = random;
  }

  /** Makes a name that begins like the written one. */
  next(written: string): string {
    const begin = written.toLowerCase().replace(/[^a-z0-9]/g, "").slice(0, KEPT);
    for (;;) {
      let name = begin;
      for (let i = 0; i < RANDOM; i++) name += ALPHABET[this.#random(ALPHABET.length)];
      if (this.#given.has(name)) continue;
      this.#given.add(name);
      return name;
    }
  }
}

function randomBelow(below: number): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % below;
}
