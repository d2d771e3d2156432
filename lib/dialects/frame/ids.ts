/**
 * The frame IDs: every member holds one while there are any, but group clients that may not be where they say they are
 * (PROTOCOLS.md, One hub and group).
 *
 * @module
 */

import { IdPool } from "../../hub/id_pool.ts";
import { FIRST_ID, LAST_ID } from "./header.ts";

/**
 * All 254 frame IDs, free, for a hub that is to have frame clients.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(frameIds().lowest(), 2);
 * ```
 */
export function frameIds<Holder>(): IdPool<Holder> {
  return new IdPool(FIRST_ID, LAST_ID);
}

/** What a frame client is called where members are addressed by name (PROTOCOLS.md, One hub). */
export function frameName(id: number): string {
  return `id${id}`;
}
