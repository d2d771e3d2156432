/**
 * Who and what has been heard of, the latest first.
 *
 * @module
 */

/** How many are remembered: a server that makes up names must not fill our memory. */
const MAX = 500;

/**
 * Names, each once, the one that was met last in front.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const names = new Acquaintances();
 * for (const name of ["bob", "carol", "bob"]) names.met(name);
 * assertEquals(names.latestFirst, ["bob", "carol"]);
 * ```
 */
export class Acquaintances {
  readonly #names = new Set<string>();
  readonly #max: number;

  /** Takes how many are remembered. */
  constructor(max: number = MAX) {
    this.#max = max;
  }

  /** A name was heard, or spoken to. */
  met(name: string): void {
    this.#names.delete(name);
    this.#names.add(name);
    if (this.#names.size <= this.#max) return;
    const [oldest] = this.#names;
    this.#names.delete(oldest!);
  }

  /** All of them. */
  get latestFirst(): readonly string[] {
    return [...this.#names].reverse();
  }
}
