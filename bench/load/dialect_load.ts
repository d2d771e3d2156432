/**
 * How something is put under load.
 *
 * @module
 */

import type { Audience } from "./broadcast.ts";
import type { DatagramPair } from "./datagrams.ts";
import type { OpenPairs } from "./exchange.ts";

/** How something is put under load, in one of these ways or several. */
export interface DialectLoad {
  /** What its own scenario measures, in a line; none where others measure it. */
  readonly what?: string;
  /** Gets pairs ready that exchange confirmed messages. */
  readonly pairs?: OpenPairs;
  /** The same with datagrams. */
  readonly datagrams?: (port: number, count: number, bodySize: number, first: number) => Promise<DatagramPair[]>;
  /** Gets one who sends to so many recipients ready, and them. */
  readonly audience?: (port: number, recipients: number, bodySize: number) => Promise<Audience>;
}
