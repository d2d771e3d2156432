/**
 * Who is here: by name, in the order in which they are shown.
 *
 * @module
 */

import type { Person } from "./web_message.ts";

const compareLoosely = new Intl.Collator("en", { numeric: true }).compare;

/** `Bob` and `bob` are two names, which a collator may take for one. */
function compare(a: string, b: string): number {
  return compareLoosely(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Who is here. */
export class People {
  #dialects = new Map<string, string>();
  #names: string[] = [];

  /** How many there are. */
  get count(): number {
    return this.#names.length;
  }

  /** All of their names, in order. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** What somebody speaks; `undefined` if nobody of that name is here. */
  dialectOf(name: string): string | undefined {
    return this.#dialects.get(name);
  }

  /** These are here, and nobody else. */
  reset(people: readonly Person[]): void {
    this.#dialects = new Map(people.map(({ name, dialect }) => [name, dialect]));
    this.#names = [...this.#dialects.keys()].sort(compare);
  }

  /** Somebody is here. */
  add({ name, dialect }: Person): void {
    const isNew = !this.#dialects.has(name);
    this.#dialects.set(name, dialect);
    if (isNew) this.#names.splice(this.#placeOf(name), 0, name);
  }

  /** Somebody is here no more. */
  remove(name: string): void {
    if (this.#dialects.delete(name)) this.#names.splice(this.#placeOf(name), 1);
  }

  /** The first of those whose names contain some words, upper and lower case alike, and how many there are. */
  find(words: string, limit: number): { readonly names: readonly string[]; readonly count: number } {
    const wanted = words.trim().toLowerCase();
    if (wanted === "") return { names: this.#names.slice(0, limit), count: this.#names.length };
    const found = this.#names.filter((name) => name.toLowerCase().includes(wanted));
    return { names: found.slice(0, limit), count: found.length };
  }

  /** Where a name is, or would be. */
  #placeOf(name: string): number {
    let [low, high] = [0, this.#names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#names[middle]!, name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
