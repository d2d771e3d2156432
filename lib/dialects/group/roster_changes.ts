/**
 * What a new table tells a person.
 *
 * @module
 */

import type { Row } from "./table.ts";

/** How many names are told at once. */
const MAX_NAMES = 10;

/**
 * Who has come, and who has gone, apart from oneself; a line each, or none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const row = (name: string, isOnline: boolean) => ({ name, ip: "192.0.2.1", port: 1, isOnline, mode: "normal" });
 * const before = new Map([["bob", row("bob", true)]]);
 * const after = new Map([["bob", row("bob", false)], ["carol", row("carol", true)], ["aysha", row("aysha", true)]]);
 * assertEquals(readRosterChanges("aysha", before, after), ["online: carol", "offline: bob"]);
 * ```
 */
export function readRosterChanges(
  own: string,
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): string[] {
  const come = missingIn(before, after).filter((name) => name !== own);
  const gone = missingIn(after, before).filter((name) => name !== own);
  return [
    ...(come.length === 0 ? [] : [`online: ${list(come)}`]),
    ...(gone.length === 0 ? [] : [`offline: ${list(gone)}`]),
  ];
}

/** Who is online in one table, and not in the other. */
function missingIn(other: ReadonlyMap<string, Row>, table: ReadonlyMap<string, Row>): string[] {
  return [...table.values()].filter(({ name, isOnline }) => isOnline && !other.get(name)?.isOnline)
    .map(({ name }) => name);
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
