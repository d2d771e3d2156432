/**
 * The dialects there are.
 *
 * @module
 */

import type { IdPool } from "../hub/id_pool.ts";
import type { AnyDialect, ServerPort } from "./dialect.ts";
import { FRAME } from "./frame/dialect.ts";
import { GROUP } from "./group/dialect.ts";
import { RELAY } from "./relay/dialect.ts";
import { ROOM } from "./room/dialect.ts";
import { SLASH } from "./slash/dialect.ts";
import { WEB } from "./web/dialect.ts";

/** All dialects, in the order in which they are shown; whoever does not say which means the first. */
export const DIALECTS: readonly [AnyDialect, ...AnyDialect[]] = [RELAY, FRAME, SLASH, GROUP, ROOM, WEB];

/** The dialect of this name, or `undefined`. */
export function findDialect(name: string): AnyDialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name);
}

/** All ports on which our server speaks a dialect, its own first. */
export function serverPorts({ name, defaultPort, portHelp, furtherPorts = [] }: AnyDialect): readonly ServerPort[] {
  return [{ option: name, help: portHelp ?? `The port for ${name}, or off.`, defaultPort }, ...furtherPorts];
}

/** The IDs that all members of a hub hold, where a dialect has them addressed so. */
export function memberIds<Holder>(): IdPool<Holder> | undefined {
  return DIALECTS.find((dialect) => dialect.memberIds)?.memberIds?.();
}

/** How wide a column is that begins with the name of a dialect, with a space behind the longest. */
export const NAME_WIDTH: number = Math.max(...DIALECTS.map(({ name }) => name.length)) + 1;
