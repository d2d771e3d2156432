/**
 * What led to a finding as a space-time diagram: a lane for the server and for each client, time goes down, a row for each event.
 *
 * @module
 */

import type { ToldEvent, ToldHistory } from "../../stress/telling/told_history.ts";
import { type Content, element, type Markup } from "./markup.ts";

/** A row is so high, lanes are so far apart, and the server's is here, in pixels. */
const [ROW, LANE, SERVER] = [24, 36, 96];
/** The first row is below the heads of the lanes. */
const TOP = 40;
/** How wide a character is at most, in pixels. */
const CHARACTER = 7.5;
/** Longer texts are cut; all of it is in the tip. */
const SHOWN = 96;
/** So many messages have a colour of their own. */
const COLORS = 6;
/** An arrow falls as it goes: a message takes its time. */
const FALL = 3;

/** Shows it. */
export function showSpaceTime({ clients, events, text }: ToldHistory): Markup {
  const lanes = [SERVER, ...clients.map((_, i) => SERVER + LANE * (i + 1))];
  const left = lanes.at(-1)! + 24;
  const bottom = TOP + ROW * events.length;
  const messages = [...new Set(events.flatMap(({ message }) => message ?? []))];
  const rows = events.map((event, i) => {
    const color = event.message === undefined ? "plain" : `c${messages.indexOf(event.message) % COLORS}`;
    return showRow(event, TOP + ROW * i + ROW / 2, lanes[event.client + 1]!, left, color, clients[event.client]!);
  });
  const longest = Math.max(...events.map((event) => rowText(event, clients[event.client]!).length), text.length + 2);
  const width = Math.ceil(left + CHARACTER * Math.min(longest, SHOWN + 1)) + 8;
  const height = bottom + 2 * ROW;
  const picture = element(
    "svg",
    {
      class: "space-time",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": `What happened between the server and ${clients.length} clients: ${text}`,
    },
    showHeads(lanes, clients, bottom),
    rows,
    element("path", { class: "wrong", d: `M${SERVER - 12} ${bottom + ROW / 2}H${left - 12}` }),
    showText(left, bottom + ROW / 2, `✗ ${text}`, "wrong"),
  );
  return element("div", { class: "picture" }, picture);
}

/** `user 3 (alice)` is 3 above its lane. */
function showHeads(lanes: readonly number[], clients: readonly string[], bottom: number): Content {
  return lanes.map((x, i) => {
    const client = clients[i - 1];
    const head = client === undefined ? "server" : /^user (\d+)/.exec(client)?.[1] ?? client;
    return element(
      "g",
      { class: client === undefined ? "lane server" : "lane" },
      element("title", {}, client ?? "the server"),
      element("text", { x, y: 20, "text-anchor": "middle" }, head),
      element("path", { d: `M${x} 28V${bottom}` }),
    );
  });
}

function rowText({ text }: ToldEvent, client: string): string {
  return `${client.replace(/ \(.*/s, "")} ${text}`;
}

function showRow(event: ToldEvent, y: number, lane: number, left: number, color: string, client: string): Markup {
  const { at, kind, text } = event;
  return element(
    "g",
    { class: `${kind} ${color}` },
    element("title", {}, `${at.toFixed(3)} ms: ${client} ${text}`),
    element("text", { class: "at", x: SERVER - 24, y: y + 4, "text-anchor": "end" }, at.toFixed(2)),
    element("path", { class: "guide", d: `M${lane + 8} ${y}H${left - 8}` }),
    showMark(kind, y, lane),
    showText(left, y, rowText(event, client)),
  );
}

function showMark(kind: ToldEvent["kind"], y: number, lane: number): Content {
  if (kind === "own") return element("circle", { cx: lane, cy: y, r: 3 });
  if (kind === "fault") return element("path", { class: "cross", d: `M${lane - 5} ${y - 5}l10 10m0-10l-10 10` });
  const isSent = kind === "sends" || kind === "acknowledges";
  const [from, to] = isSent ? [lane, SERVER] : [SERVER, lane];
  const back = to > from ? -8 : 8;
  return [
    element("path", { class: "arrow", d: `M${from} ${y - FALL}L${to} ${y + FALL}` }),
    element("path", { class: "head", d: `M${to} ${y + FALL}l${back} -4v8z` }),
  ];
}

function showText(x: number, y: number, text: string, name?: string): Markup {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return element("text", { class: name, x, y: y + 4 }, text === shown ? undefined : element("title", {}, text), shown);
}
