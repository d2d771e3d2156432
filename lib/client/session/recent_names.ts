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
 * const names = new RecentNames();
 * for (const name of ["bob", "carol", "bob"]) names.met(name);
 * assertEquals(names.latestFirst, ["bob", "carol"]);
 * names.lost("carol");
 * assertEquals([names.latestFirst, names.lostLatestFirst], [["bob"], ["carol"]]);
 * ```
 */
export class RecentNames {
  readonly #names = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #max: number;

  constructor(max: number = MAX) {
    this.#max = max;
  }

  /** A name was heard, or spoken to. */
  met(name: string): void {
    this.#lost.delete(name);
    this.#put(this.#names, name);
  }

  /** There is nobody, or nothing, of that name any more. */
  lost(name: string): void {
    if (this.#names.delete(name)) this.#put(this.#lost, name);
  }

  /** All of them. */
  get latestFirst(): readonly string[] {
    return [...this.#names].reverse();
  }

  /** Those that were met and then lost. */
  get lostLatestFirst(): readonly string[] {
    return [...this.#lost].reverse();
  }

  #put(names: Set<string>, name: string): void {
    names.delete(name);
    names.add(name);
    if (names.size <= this.#max) return;
    const [oldest] = names;
    names.delete(oldest!);
  }
}
