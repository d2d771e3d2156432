/**
 * What is known at one point of a transcript, on top of what was known outside of a block.
 *
 * @module
 */

/**
 * Names and what is known of each. A block gets a scope of its own on top of the one around it, so that entering one costs
 * nothing, however much is known already.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const outer = new Scope<number>();
 * outer.set("a", 1);
 * const [left, right] = [new Scope(outer), new Scope(outer)];
 * left.set("b", 2).set("c", 3);
 * right.set("b", 4);
 * outer.learn([left, right]);
 * assertEquals([...outer.keys()], ["a", "b"]);
 * ```
 */
export class Scope<T> {
  readonly #outer: Scope<T> | undefined;
  readonly #own = new Map<string, T>();

  constructor(outer?: Scope<T>) {
    this.#outer = outer;
  }

  /** What is known of a name, here or around. */
  get(name: string): T | undefined {
    return this.#own.get(name) ?? this.#outer?.get(name);
  }

  /** Makes something known. */
  set(name: string, value: T): this {
    this.#own.set(name, value);
    return this;
  }

  /** All names, here and around. */
  *keys(): Generator<string, void> {
    if (this.#outer !== undefined) yield* this.#outer.keys();
    yield* this.#own.keys();
  }

  /** Makes known what all of several blocks in this scope have made known. */
  learn([first, ...others]: readonly Scope<T>[]): void {
    if (first === undefined) return;
    for (const [name, value] of first.#own) {
      if (others.every((other) => other.#own.has(name))) this.#own.set(name, value);
    }
  }
}
