/**
 * The servers with which the suite is tested, by dialect: each dialect's are in its own folder here.
 *
 * @module
 */

import { broughtBy } from "../../lib/dialects/brought.ts";
import type { MutantSet } from "./mutant_set.ts";

/** The servers with which the fixtures of one dialect are tested. */
export interface DialectMutants extends MutantSet {
  /** The dialect's name. */
  readonly dialect: string;
}

const brought = await broughtBy<{ readonly MUTANT_SET: MutantSet }>(
  "/mutant_set.ts",
  (dialect) => import(`./${dialect}/mutant_set.ts`),
);

/** Those of all dialects that have some, in the order in which they are shown. */
export const MUTANT_SETS: readonly DialectMutants[] = brought.map(({ dialect, brings }) => {
  return { dialect, ...brings.MUTANT_SET };
});
