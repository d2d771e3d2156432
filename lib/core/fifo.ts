/**
 * A queue.
 *
 * @module
 */

/** How many taken places pile up at the front before they are given back. */
const SPARE = 32;

/**
 * First in, first out, without moving everybody up for each who leaves, as `Array.shift` does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const queue = new Fifo<string>();
 * queue.push("a");
 * queue.push("b");
 * assertEquals(queue.shift(), "a");
 * assertEquals(queue.size, 1);
 * ```
 */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  /** How many wait. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Puts one at the end. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** The one that has waited longest, which stays; `undefined` if nobody waits. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** The one at this place, which stays: 0 is the one that has waited longest, -1 the last; `undefined` if there is none. */
  at(index: number): T | undefined {
    const place = index < 0 ? this.#items.length + index : this.#head + index;
    return place < this.#head ? undefined : this.#items[place];
  }

  /**
   * Removes the one that has waited longest.
   *
   * @returns `undefined` if nobody waits.
   */
  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= SPARE && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /**
   * Removes the first of those that wait for which `fits` holds, wherever it stands.
   *
   * @returns `undefined` if there is none.
   */
  take(fits: (item: T) => boolean): T | undefined {
    for (let i = this.#head; i < this.#items.length; i++) {
      const item = this.#items[i] as T;
      if (!fits(item)) continue;
      if (i === this.#head) return this.shift();
      this.#items.splice(i, 1);
      return item;
    }
    return undefined;
  }
}
