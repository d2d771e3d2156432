/**
 * How often a measure was how large.
 *
 * @module
 */

/** What a {@linkcode Histogram} has counted. */
export interface HistogramReading {
  /** The upper bounds of the buckets, rising; whatever is above all of them is in one more. */
  readonly bounds: readonly number[];
  /** How many values were in each bucket, and in the one above. */
  readonly counts: readonly number[];
  /** The sum of all values. */
  readonly sum: number;
}

/**
 * Counts values by buckets. Recording one costs no allocation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const seconds = new Histogram([0.1, 1]);
 * for (const value of [0.05, 0.1, 0.5, 7]) seconds.record(value);
 * assertEquals(seconds.counts, [2, 1, 1]);
 * assertEquals(quantile(seconds, 0.5), 0.1);
 * ```
 */
export class Histogram implements HistogramReading {
  /** See {@linkcode HistogramReading.counts}. */
  readonly counts: number[];
  /** See {@linkcode HistogramReading.sum}. */
  sum = 0;

  /** @param bounds the upper bounds, rising. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Counts one value. */
  record(value: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sum += value;
  }
}

/** How many values were counted. */
export function countOf({ counts }: HistogramReading): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The value below which a share of all lie, from 0 to 1, as near as the buckets tell; `undefined` without any. Of what is above all
 * bounds no more is known than that.
 */
export function quantile(reading: HistogramReading, share: number): number | undefined {
  const { bounds, counts } = reading;
  const rank = share * countOf(reading);
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const [from, to] = [bounds[i - 1] ?? 0, bounds[i] ?? bounds.at(-1)];
      return to === undefined ? undefined : from + (to - from) * Math.max(0, rank - below) / count;
    }
    below += count;
  }
  return undefined;
}
