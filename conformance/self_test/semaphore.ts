/**
 * Many tasks, some of them at a time.
 *
 * @module
 */

/**
 * Lets so many tasks run at a time, those first that came first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const semaphore = new Semaphore(2);
 * const squares = await Promise.all([1, 2, 3].map((n) => semaphore.pass(() => Promise.resolve(n * n))));
 * assertEquals(squares, [1, 4, 9]);
 * ```
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** Lets at most `limit` run at a time. */
  constructor(limit: number) {
    this.#free = limit;
  }

  /** Runs a task when it is its turn. */
  async pass<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
