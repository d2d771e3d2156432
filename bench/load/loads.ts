/**
 * Who gets connections ready for a load, by what is spoken: each dialect's is a file in `dialects/`.
 *
 * @module
 */

import { broughtBy } from "../../lib/dialects/brought.ts";
import { openBytesPair } from "./bytes.ts";
import { type DialectLoad, oneByOne } from "./dialect_load.ts";
import { openNatsPair } from "./nats.ts";
import { openRawDatagramPairs } from "./raw_datagrams.ts";

const brought = await broughtBy<{ readonly LOAD: DialectLoad }>(".ts", (dialect) => import(`./dialects/${dialect}.ts`));

/** Those of the dialects, in the order of the registry. */
export const DIALECT_LOADS: ReadonlyMap<string, DialectLoad> = new Map(
  brought.map(({ dialect, brings }) => [dialect, brings.LOAD]),
);

/** What is measured besides the dialects. */
const OTHER_LOADS: ReadonlyMap<string, DialectLoad> = new Map<string, DialectLoad>([
  ["nats", { pairs: oneByOne(openNatsPair) }],
  ["bytes", { pairs: oneByOne(openBytesPair), datagrams: openRawDatagramPairs }],
]);

/** One way in which a load is opened; throws if what is spoken is not put under load in that way. */
export function loadOf<Way extends "pairs" | "datagrams" | "audience">(
  exchange: string,
  way: Way,
): NonNullable<DialectLoad[Way]> {
  const open = (DIALECT_LOADS.get(exchange) ?? OTHER_LOADS.get(exchange))?.[way];
  if (open === undefined) throw new TypeError(`nobody opens ${way} for a load of ${exchange}`);
  return open;
}
