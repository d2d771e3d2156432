/**
 * Why connections were closed, counted.
 *
 * @module
 */

import type { CloseReason } from "../../core/close_reason.ts";
import { NAME_WIDTH } from "../../dialects/registry.ts";

/**
 * Counts the connections of each dialect that were closed, by reason; those that were not admitted are among them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const closeCounters = new CloseCounters();
 * for (const reason of ["left", "slow-reader", "left"] as const) closeCounters.count("relay", reason);
 * assertEquals(closeCounters.lines(), ["relay  closed 3 = left 2 + slow-reader 1"]);
 * ```
 */
export class CloseCounters {
  readonly #counts = new Map<string, Map<CloseReason, number>>();

  /** One more was closed. */
  count(dialect: string, reason: CloseReason): void {
    let counts = this.#counts.get(dialect);
    if (counts === undefined) this.#counts.set(dialect, counts = new Map());
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  /** How many were closed of a dialect for a reason. */
  of(dialect: string, reason: CloseReason): number {
    return this.#counts.get(dialect)?.get(reason) ?? 0;
  }

  /** How many were closed, by dialect and reason. */
  get counts(): ReadonlyMap<string, ReadonlyMap<CloseReason, number>> {
    return this.#counts;
  }

  /** A line for each dialect of which any were closed. */
  lines(): string[] {
    return [...this.#counts].map(([dialect, counts]) => {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const reasons = [...counts].map(([reason, count]) => `${reason} ${count}`).join(" + ");
      return `${dialect.padEnd(NAME_WIDTH)} closed ${all} = ${reasons}`;
    });
  }
}
