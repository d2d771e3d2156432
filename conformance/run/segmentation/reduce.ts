/**
 * The smallest part of what makes something fail: Zeller's ddmin.
 *
 * @module
 */

/** What is left, and how it fails. */
export interface Reduced<T, F> {
  /** As few as were found. */
  readonly items: readonly T[];
  /** How they fail; none if not even all of them did. */
  readonly failure?: F;
}

/**
 * Leaves out more and more of the items as long as the rest still fails. `fails` says how some of them fail, if they do; it
 * is asked at most `budget` times.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const fails = (items: readonly number[]) => Promise.resolve(items.includes(7) ? "seven" : undefined);
 * assertEquals(await reduce([1, 2, 3, 4, 5, 6, 7, 8], fails, 20), { items: [7], failure: "seven" });
 * ```
 */
export async function reduce<T, F>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<F | undefined>,
  budget: number,
): Promise<Reduced<T, F>> {
  let best: Reduced<T, F> = { items };
  let parts = Math.min(2, items.length);
  let left = budget;
  while (parts > 0 && left > 0) {
    const { items } = best;
    const smaller = await firstThatFails(candidates(items, parts), async (candidate) => {
      return left-- > 0 ? await fails(candidate) : undefined;
    });
    if (smaller !== undefined) {
      best = smaller;
      parts = smaller.items.length > 1 ? 2 : 0;
    } else parts = parts < items.length ? Math.min(parts * 2, items.length) : 0;
  }
  return best;
}

async function firstThatFails<T, F>(
  candidates: readonly (readonly T[])[],
  fails: (items: readonly T[]) => Promise<F | undefined>,
): Promise<Reduced<T, F> | undefined> {
  for (const items of candidates) {
    const failure = await fails(items);
    if (failure !== undefined) return { items, failure };
  }
  return undefined;
}

/** Each part of the items, and then, where that is something else, all but each part. One item is a candidate itself. */
function candidates<T>(items: readonly T[], parts: number): T[][] {
  const size = Math.ceil(items.length / parts);
  const chunks = Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
  if (chunks.length <= 2) return chunks;
  return [...chunks, ...chunks.map((_, i) => chunks.filter((_, j) => j !== i).flat())];
}
