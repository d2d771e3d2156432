/**
 * Chance that can be repeated.
 *
 * @module
 */

/** Gives whole numbers from 0 to below its argument. */
export type Below = (limit: number) => number;

/**
 * Numbers that look random and are the same for the same seed: Marsaglia's xorshift of 32 bits, its seed stirred first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [one, other] = [randomBelow(7), randomBelow(7)];
 * assertEquals([one(100), one(100)], [other(100), other(100)]);
 * ```
 */
export function randomBelow(seed: number): Below {
  // A state of 0 would stay 0; seeds that are close to each other must not begin alike.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state;
  };
  for (let i = 0; i < 8; i++) next();
  return (limit) => next() % limit;
}

/** The same in a random order. */
export function shuffled<T>(items: readonly T[], below: Below): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
