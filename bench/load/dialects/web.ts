/**
 * web under load: not yet. The load generator (bench/c/load) compares what comes with bytes that are the same for each message but for
 * six digits; web's messages have numbers of any length, and frames that say how long they are. What a WebSocket costs is the framing of
 * each message, and JSON; what the hub does is measured by the others.
 *
 * @module
 */

import type { DialectLoad } from "../dialect_load.ts";

/** Nothing is measured. */
export const LOAD: DialectLoad = {};
