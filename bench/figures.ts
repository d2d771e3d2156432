/**
 * Medians, spreads and ratios.
 *
 * @module
 */

/** The middle of some figures, and how far they lie apart. */
export interface Middle {
  /** The median. */
  readonly median: number;
  /** The distance from the lowest to the highest, as a share of the median. */
  readonly spread: number;
}

/** The median of some figures and their spread. */
export function middle(figures: readonly number[]): Middle {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const median = (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
  return { median, spread: median === 0 ? 0 : (sorted.at(-1)! - sorted[0]!) / median };
}

/** A whole number with a comma between thousands. */
export function count(figure: number): string {
  return Math.round(figure).toLocaleString("en-US");
}

/** A ratio, with two places. */
export function ratio(figure: number): string {
  return `${figure.toFixed(2)} ×`;
}
