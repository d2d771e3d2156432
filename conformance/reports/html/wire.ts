/**
 * What went over the wire, as a table on the page.
 *
 * @module
 */

import type { WireLog } from "../../play/connection/recording.ts";
import { gatherWire, WIRE_WORDS, type WireLine } from "../text/wire_lines.ts";
import { showBytes } from "./bytes.ts";
import { type Content, element, type Markup } from "./markup.ts";

/** So many connections have a colour of their own. */
const COLORS = 6;

/** Shows what went over the wire. */
export function showWireTable(wire: WireLog): Markup {
  const lines = gatherWire(wire);
  const names = [...new Set(lines.map(({ connection }) => connection))];
  const heads: Content[] = ["ms", "connection", element("span", { class: "unseen" }, "direction"), "bytes"];
  const omitted = wire.omitted === 0
    ? undefined
    : row("event", undefined, undefined, undefined, `${wire.omitted} more events, which were not kept`);
  return element(
    "table",
    { class: "wire" },
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, lines.map((line) => showLine(line, names.indexOf(line.connection) % COLORS)), omitted),
  );
}

function showLine({ at, connection, kind, bytes, cut, pieces }: WireLine, color: number): Markup {
  const time = at.toFixed(1);
  const name = element("span", { class: `c${color}` }, connection);
  if (kind !== "sent" && kind !== "received") return row("event", time, name, undefined, WIRE_WORDS[kind]);
  const [arrow, direction] = kind === "sent" ? ["→", "sent to the server"] : ["←", "received"];
  return row(
    kind,
    time,
    name,
    element("span", { role: "img", "aria-label": direction }, arrow),
    element("code", {}, showBytes(bytes)),
    pieces > 1 ? element("small", {}, `sent byte by byte, in ${pieces} pieces`) : undefined,
    cut > 0 ? element("small", {}, `and ${cut} more bytes, which were not kept`) : undefined,
  );
}

function row(kind: string, time: Content, name: Content, arrow: Content, ...what: readonly Content[]): Markup {
  return element("tr", { class: kind }, [time, name, arrow, what].map((cell) => element("td", {}, cell)));
}
