/**
 * The table of who is there, as servers send it: one JSON object, a row for each.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";

/** One row of the table. */
export interface Row {
  /** Who it is. */
  readonly name: string;
  /** Where they listen. */
  readonly ip: string;
  /** Where they listen. */
  readonly port: number;
  /** Whether they are there. */
  readonly isOnline: boolean;
  /** The group that they are in, or {@linkcode NORMAL}; `undefined` where a table does not say. */
  readonly mode: string | undefined;
}

/** The mode of whoever is in no group. No group can be called that. */
export const NORMAL = "normal";

/**
 * Writes a table, of at most `room` bytes: rows that do not fit any more are left out, the last first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ name: "sana", ip: "192.0.2.1", port: 3000, isOnline: true, mode: NORMAL }];
 * const text = '{"0":{"name":"sana","ip":"192.0.2.1","port":3000,"status":"yes","mode":"normal"}}';
 * assertEquals(encodeTable(rows, 1000), text);
 * assertEquals(encodeTable(rows, 50), "{}");
 * ```
 */
export function encodeTable(rows: Iterable<Row>, room: number): string {
  const pieces: string[] = [];
  let size = 2;
  for (const { name, ip, port, isOnline, mode } of rows) {
    const status = isOnline ? "yes" : "no";
    // Escaped here, and not with the datagram: the text must stay JSON.
    const row = JSON.stringify({ name: visibleText(name), ip, port, status, mode: visibleText(mode ?? NORMAL) });
    const piece = `"${pieces.length}":${row}`;
    size += encoder.encode(piece).length + 1;
    if (size > room) break;
    pieces.push(piece);
  }
  return `{${pieces.join(",")}}`;
}

const encoder = new TextEncoder();

/** Reads a table; `undefined` if it is none. Rows that make no sense are left out; of two for one name the later counts. */
export function decodeTable(text: string): ReadonlyMap<string, Row> | undefined {
  let table: unknown;
  try {
    table = JSON.parse(text);
  } catch {
    return undefined; // the parser's way to say that it is no JSON
  }
  if (typeof table !== "object" || table === null) return undefined;
  const rows = new Map<string, Row>();
  for (const value of Object.values(table)) {
    const row = readRow(value);
    if (row !== undefined) rows.set(row.name, row);
  }
  return rows;
}

function readRow(value: unknown): Row | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, ip, port, status, mode }: Readonly<Record<string, unknown>> = { ...value };
  const number = Number(port);
  if (typeof name !== "string" || typeof ip !== "string" || !Number.isInteger(number)) return undefined;
  if (number < 1 || number > 65_535) return undefined;
  return { name, ip, port: number, isOnline: status === "yes", mode: typeof mode === "string" ? mode : undefined };
}
