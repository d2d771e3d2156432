/**
 * The address table of frame's document: which user holds which ID, and their addresses.
 *
 * @module
 */

import { addressText } from "../../core/address.ts";
import { visibleText } from "../../core/visible.ts";
import type { Member } from "../../hub/member.ts";

const HEADINGS = ["ID", "name", "dialect", "address", "since"] as const;

/**
 * All users who are present, one row each under a row of headings, by ID; those without one come last. `since` is in UTC.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const alice = {
 *   name: "alice",
 *   title: "alice",
 *   dialect: "relay",
 *   remote: { hostname: "127.0.0.1", port: 50_000 },
 *   since: 0,
 *   id: 2,
 *   isProvisional: false,
 * };
 * assertEquals(addressTable([alice]), [
 *   "ID  name   dialect  address          since",
 *   "2   alice  relay    127.0.0.1:50000  1970-01-01T00:00:00Z",
 * ]);
 * ```
 */
export function addressTable(members: Iterable<Member>): string[] {
  const sorted = [...members].sort((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity) || a.since - b.since);
  const rows = [HEADINGS, ...sorted.map(rowOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd());
}

function rowOf({ id, name, dialect, remote, since }: Member): string[] {
  const time = new Date(since).toISOString().replace(/\.\d+/, "");
  return [id === undefined ? "-" : String(id), visibleText(name), dialect, addressText(remote), time];
}
