/**
 * Chance that can be repeated, for tests.
 *
 * @module
 */

/**
 * Numbers from 0 to 1, without 1, that look random and are the same for the same seed, an integer (Marsaglia's xorshift,
 * 32 bits).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [one, same] = [randomNumbers(7), randomNumbers(7)];
 * assertEquals([one(), one(), one()], [same(), same(), same()]);
 * ```
 */
export function randomNumbers(seed: number): () => number {
  // The state must not be zero, and small seeds are spread out first.
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}
