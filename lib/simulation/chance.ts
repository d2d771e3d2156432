/**
 * Chance that a seed decides.
 *
 * @module
 */

import { randomNumbers } from "../transport/random_numbers.ts";

/**
 * Draws from one seed: the same seed draws the same. Whatever draws independently of others has a fork of its own, so that one
 * more draw in one place changes nothing in another.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [one, same] = [new Chance(7), new Chance(7)];
 * assertEquals([one.below(100), one.between(1, 2)], [same.below(100), same.between(1, 2)]);
 * assertEquals(one.fork("alice").number(), same.fork("alice").number());
 * ```
 */
export class Chance {
  /** What it was made from. */
  readonly seed: number;
  /** The next number from 0 to 1, without 1. */
  readonly number: () => number;

  /** @param seed an integer. */
  constructor(seed: number) {
    this.seed = seed;
    this.number = randomNumbers(seed);
  }

  /** Chance of its own for something with a name, whatever was drawn before. */
  fork(name: string): Chance {
    let seed = this.seed ^ 0x811c9dc5;
    // FNV-1a: names that differ in a digit must not draw alike.
    for (let i = 0; i < name.length; i++) seed = Math.imul(seed ^ name.charCodeAt(i), 0x01000193);
    return new Chance(seed);
  }

  /** An integer from 0 to `limit`, without that. */
  below(limit: number): number {
    return Math.floor(this.number() * limit);
  }

  /** A number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.number() * (most - least);
  }

  /** Whether something happens that has this share of all cases, 0 to 1. */
  happens(share: number): boolean {
    return share > 0 && this.number() < share;
  }

  /** One of a list that is not empty. */
  pick<Item>(list: readonly Item[]): Item {
    return list[this.below(list.length)]!;
  }
}
