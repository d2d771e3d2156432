/**
 * The table of what became of messages and connections, by dialect.
 *
 * @module
 */

import { byId, element, secondsText, show, visible } from "./elements.js";
import { refusedOf } from "./figures.js";

const COLUMNS = [
  ["Dialect", ([name]) => [visible(name)]],
  ["Users", ([, { users }]) => [String(users)]],
  ["Connections", ([, { connections }]) => [String(connections)]],
  ["Messages", ([, { accepted }]) => [String(accepted)]],
  ["Delivered", ([, { outcomes }]) => [String(outcomes.delivered)]],
  ["On their way", ([, { inFlight }]) => [String(inFlight)]],
  ["Not delivered", ([, { outcomes }]) => refusedOf(outcomes) === 0 ? ["0"] : reasons(outcomes, "delivered")],
  ["p50, p99", ([, { acknowledged: { p50, p99 } }]) => [`${secondsText(p50)}, ${secondsText(p99)}`]],
  ["Closed, and why", ([, { closed }]) => reasons(closed)],
];

const rows = new Map();

/** Shows what the server told. */
export function showDialects({ dialects }) {
  const table = byId("dialects");
  const head = table.tHead.rows[0];
  if (head.cells.length === 0) head.append(...COLUMNS.map(([title]) => element("th", { scope: "col" }, title)));
  for (const entry of Object.entries(dialects)) {
    let row = rows.get(entry[0]);
    if (row === undefined) {
      row = table.tBodies[0].appendChild(element("tr"));
      row.append(...COLUMNS.map(([title]) => element("td", { "data-label": title }, element("ul"))));
      rows.set(entry[0], row);
    }
    COLUMNS.forEach(([, text], i) => lines(row.cells[i].firstChild, text(entry)));
  }
}

/** Those that there are, the most frequent first. */
function reasons(counts, except) {
  return Object.entries(counts).filter(([name, count]) => name !== except && count > 0)
    .sort(([, a], [, b]) => b - a).map(([name, count]) => `${visible(name)} ${count}`);
}

function lines(list, texts) {
  while (list.children.length > texts.length) list.lastChild.remove();
  while (list.children.length < texts.length) list.append(element("li"));
  texts.forEach((text, i) => show(list.children[i], text));
}
