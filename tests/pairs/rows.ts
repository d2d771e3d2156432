/**
 * The dialects of the matrix of pairs: each one's row is a file in `rows/`.
 *
 * @module
 */

import { broughtBy } from "../../lib/dialects/brought.ts";
import type { Row } from "./party.ts";

const brought = await broughtBy<{ readonly ROW: Row }>(".ts", (dialect) => import(`./rows/${dialect}.ts`));

/** Every dialect that meets the others in the hub. */
export const ROWS: readonly Row[] = brought.map(({ brings }) => brings.ROW);
