/**
 * The servers with which the suite is tested, by dialect: each dialect's are in its own folder here; and the clients.
 *
 * @module
 */

import { broughtBy } from "../../lib/dialects/brought.ts";
import type { MutantSet } from "./mutant_set.ts";

/** The servers with which the fixtures of one dialect are tested. */
export interface DialectMutants extends MutantSet {
  /** The dialect's name. */
  readonly dialect: string;
  /** What they are, if they are no servers. */
  readonly role?: "client";
}

const brought = await broughtBy<{ readonly MUTANT_SET: MutantSet }>(
  "/mutant_set.ts",
  (dialect) => import(`./${dialect}/mutant_set.ts`),
);

const broughtClients = await broughtBy<{ readonly CLIENT_MUTANT_SET: MutantSet }>(
  ".ts",
  (dialect) => import(`./clients/${dialect}.ts`),
);

/** Those of all dialects that have some, in the order in which they are shown. */
export const MUTANT_SETS: readonly DialectMutants[] = brought.map(({ dialect, brings }) => {
  return { dialect, ...brings.MUTANT_SET };
});

/** The clients with which the suite is tested. */
export const CLIENT_MUTANT_SETS: readonly DialectMutants[] = broughtClients.map(({ dialect, brings }) => {
  return { dialect, role: "client", ...brings.CLIENT_MUTANT_SET };
});
