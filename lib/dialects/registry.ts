/**
 * The dialects there are.
 *
 * @module
 */

import type { AnyDialect } from "./dialect.ts";
import { FRAME } from "./frame/dialect.ts";
import { GROUP } from "./group/dialect.ts";
import { RELAY } from "./relay/dialect.ts";
import { ROOM } from "./room/dialect.ts";
import { SLASH } from "./slash/dialect.ts";

/** All dialects, in the order in which they are shown. */
export const DIALECTS: readonly AnyDialect[] = [RELAY, FRAME, SLASH, GROUP, ROOM];

/** The dialect of this name, or `undefined`. */
export function findDialect(name: string): AnyDialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name);
}
