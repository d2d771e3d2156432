/**
 * What went over the wire, as lines of text.
 *
 * @module
 */

import { concat } from "@std/bytes";
import type { WireEvent, WireKind, WireLog } from "../../play/connection/recording.ts";
import { spell } from "../../transcript/escape.ts";

/** An event, or several that are shown as one: bytes that were sent one by one. */
export interface WireLine extends WireEvent {
  /** In how many pieces it was sent or received. */
  readonly pieces: number;
}

/** What a line says where no bytes went over the wire. */
export const WIRE_WORDS: Readonly<Record<Exclude<WireKind, "sent" | "received">, string>> = {
  "connected": "connected",
  "refused": "could not be connected",
  "ended": "we have nothing more to say",
  "closed": "closed by us",
  "reset": "broken off by us",
  "server-closed": "closed by the server",
  "client-closed": "closed by the client",
  "lost": "lost: the server broke it off",
  "client-lost": "lost: the client broke it off",
};

/** The events as lines: what was sent byte by byte is one. */
export function gatherWire({ events }: WireLog): WireLine[] {
  const lines: WireLine[] = [];
  for (const event of events) {
    const last = lines.at(-1);
    if (last !== undefined && isSingle(event) && isSingleRow(last) && event.connection === last.connection) {
      lines[lines.length - 1] = { ...last, bytes: concat([last.bytes, event.bytes]), pieces: last.pieces + 1 };
    } else lines.push({ ...event, pieces: 1 });
  }
  return lines;
}

function isSingle({ kind, bytes, cut }: WireEvent): boolean {
  return kind === "sent" && bytes.length === 1 && cut === 0;
}

/** One byte, or several that came in pieces of one. */
function isSingleRow({ kind, bytes, cut, pieces }: WireLine): boolean {
  return kind === "sent" && bytes.length === pieces && cut === 0;
}

/**
 * One line each: when, on which connection, `>` sent or `<` received, `>>` sent byte by byte.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("hi\n");
 * const events = [{ at: 1.25, connection: "alice", kind: "sent" as const, bytes, cut: 0 }];
 * assertEquals(showWire({ events, omitted: 0, names: new Map() }), ["  1.3 ms  alice > hi\\n"]);
 * ```
 */
export function showWire(wire: WireLog): string[] {
  const lines = gatherWire(wire);
  const times = lines.map(({ at }) => `${at.toFixed(1)} ms`);
  const width = Math.max(8, ...times.map(({ length }) => length));
  const shown = lines.map((line, i) => `${times[i]!.padStart(width)}  ${line.connection} ${showEvent(line)}`);
  return wire.omitted === 0 ? shown : [...shown, `${"".padStart(width)}  (${wire.omitted} more that are not shown)`];
}

function showEvent({ kind, bytes, cut, pieces }: WireLine): string {
  if (kind !== "sent" && kind !== "received") return WIRE_WORDS[kind];
  const arrow = kind === "received" ? "<" : pieces > 1 ? ">>" : ">";
  return `${arrow} ${spell(bytes)}${cut === 0 ? "" : `… (${cut} more bytes)`}`;
}
