/**
 * Who speaks which dialect in the simulation: each dialect's users are a file in `users/`.
 *
 * @module
 */

import { broughtBy } from "../../lib/dialects/brought.ts";
import type { SimulatedDialect } from "./simulated_dialect.ts";

const brought = await broughtBy<{ readonly SIMULATED: SimulatedDialect }>(
  ".ts",
  (dialect) => import(`./users/${dialect}.ts`),
);

/** All of them, by name, in the order of the registry. */
export const SIMULATED_DIALECTS: ReadonlyMap<string, SimulatedDialect> = new Map(
  brought.map(({ dialect, brings }) => [dialect, brings.SIMULATED]),
);
