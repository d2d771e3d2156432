/**
 * What pairs can show, as clauses and fixtures.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Owner } from "../results/verdict.ts";
import { pairClausesOf } from "./talks.ts";

/** The pairs whose clauses are reported, by what their fixtures' names end in. */
export const PAIRS: readonly (readonly [name: string, server: Owner, client: Owner])[] = [
  ["yours", "yours", "yours"],
  ["our-client", "yours", "ours"],
  ["our-server", "ours", "yours"],
];

/** Ours alone, which shows that this machine can do it. */
export const OURS_ALONE: (typeof PAIRS)[number] = ["ours", "ours", "ours"];

/** What stands before the title of a fixture of a pair. */
export function pairText(server: Owner, client: Owner): string {
  return `${server === "yours" ? "your" : "our"} server with ${client === "yours" ? "your" : "our"} client`;
}

/** What pairs of a dialect can show, as fixtures without steps, so that they are selected and reported like others. */
export function pairLibrary(dialect: string): Library {
  const clauses = pairClausesOf(dialect);
  const fixtures = clauses.flatMap((clause) =>
    PAIRS.map(([name, server, client]): Fixture => ({
      name: `${clause.slug}.${name}`,
      clause,
      title: `${pairText(server, client)}: ${clause.text}`,
      file: "--server-cmd with --client-cmd",
      needs: [],
      exclusive: true,
      patient: false,
      steps: [],
    }))
  );
  return { role: "pair", dialect, clauses: new Map(clauses.map((clause) => [clause.slug, clause])), fixtures };
}
