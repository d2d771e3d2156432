/**
 * How long to wait for the next connection.
 *
 * @module
 */

const [FIRST_MS, LONGEST_MS] = [500, 15_000];

/**
 * How long, in milliseconds: twice as long each time, up to a bound, and not the same for all who lost the same server.
 *
 * @param failures How many connections have failed before.
 * @param chance From 0 to 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 1, 2, 30].map((failures) => backoff(failures, 1)), [500, 1000, 2000, 15_000]);
 * assertEquals(backoff(0, 0), 250);
 * ```
 */
export function backoff(failures: number, chance: number): number {
  return Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (0.5 + chance / 2);
}
