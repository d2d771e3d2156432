/**
 * Which servers and clients work together, as a table of two by two.
 *
 * @module
 */

import type { Owner, Pair } from "../results/verdict.ts";
import { countText } from "./words.ts";

/** A cell: one server with one client. */
export interface PairCell {
  /** Whether they work together, and ours finds nothing wrong with yours. */
  readonly kind: "good" | "odd" | "bad";
  /** In a few words. */
  readonly text: string;
}

/** A row: one server with both clients. */
export interface PairRow {
  /** `your server`. */
  readonly server: string;
  /** With yours, and with ours. */
  readonly cells: readonly PairCell[];
}

/** The sides in the order in which tables have them. */
const SIDES: readonly Owner[] = ["yours", "ours"];

/** The heads of the columns. */
export const PAIR_HEADS = ["your client", "our client"] as const;

/** The table. Of a run that was broken off some cells are open. */
export function pairTable(pairs: readonly Pair[]): PairRow[] {
  return SIDES.map((server) => ({
    server: server === "yours" ? "your server" : "our server",
    cells: SIDES.map((client) => cellOf(pairs.find((pair) => pair.server === server && pair.client === client))),
  }));
}

/** What is wrong with those that do not work, a line each. */
export function pairFaults(pairs: readonly Pair[]): string[] {
  return pairs.filter(({ works }) => !works).map(({ server, client, why }) =>
    `${server === "yours" ? "your" : "our"} server with ${client === "yours" ? "your" : "our"} client: ${why}`
  );
}

function cellOf(pair: Pair | undefined): PairCell {
  if (pair === undefined) return { kind: "odd", text: "not tried" };
  const { works, clause, failed = 0 } = pair;
  const alone = failed === 0 ? "" : `; ${countText(failed, "clause")} of yours failed alone`;
  if (!works) return { kind: "bad", text: `does not work (${clause})${alone}` };
  return { kind: failed === 0 ? "good" : "odd", text: `works${alone}` };
}
