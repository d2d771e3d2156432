/**
 * The table of who is here.
 *
 * @module
 */

import { byId, bytesText, element, show, spanText, visible } from "./elements.js";

/** The columns: what they are called, what is shown, and by what they are sorted. */
const COLUMNS = [
  {
    title: "Name",
    text: ({ name, title }) => title === undefined ? visible(name) : `${visible(name)} (${visible(title)})`,
    key: ({ name }) => name,
  },
  { title: "Dialect", text: ({ dialect }) => dialect, key: ({ dialect }) => dialect },
  { title: "From", text: placeText, key: placeText },
  {
    title: "Here for",
    text: ({ since }, now) => spanText(now - Date.parse(since)),
    key: ({ since }) => since,
    falls: true,
  },
  { title: "ID", text: ({ id }) => id === undefined ? "" : String(id), key: ({ id }) => id ?? 0 },
  { title: "Group", text: ({ group }) => group === undefined ? "" : visible(group), key: ({ group }) => group ?? "" },
  { title: "Waiting", text: waitingText, key: waitingOf, falls: true },
];

/** Who is here. Rows are kept, so that whoever is at one of their buttons stays there. */
export class People {
  #rows = new Map();
  #members = [];
  #now = 0;
  #sorted = { column: COLUMNS[3], isFalling: true };
  #act;

  /** @param {{ kick(member: object): void, deny(member: object): void }} act */
  constructor(act) {
    this.#act = act;
    const head = byId("people").tHead.rows[0];
    for (const column of COLUMNS) {
      const button = element("button", { type: "button" }, column.title);
      button.addEventListener("click", () => this.#sort(column));
      column.head = head.appendChild(element("th", { scope: "col" }, button));
    }
    head.append(element("th", { scope: "col" }, element("span", { class: "unseen" }, "What can be done")));
    byId("filter").addEventListener("input", () => this.#draw());
  }

  /** Shows those whom the server told of. */
  show({ members, present, at }) {
    this.#members = members;
    this.#now = Date.parse(at);
    show(byId("count"), present === members.length ? `${present}` : `${members.length} of ${present}`);
    this.#draw();
  }

  #sort(column) {
    const isFalling = column === this.#sorted.column ? !this.#sorted.isFalling : column.falls === true;
    this.#sorted = { column, isFalling };
    this.#draw();
  }

  #draw() {
    const { column, isFalling } = this.#sorted;
    for (const { head } of COLUMNS) head.removeAttribute("aria-sort");
    column.head.setAttribute("aria-sort", isFalling ? "descending" : "ascending");
    const wanted = byId("filter").value.toLowerCase();
    const shown = this.#members
      .map((member) => ({ member, texts: COLUMNS.map(({ text }) => text(member, this.#now)) }))
      .filter(({ texts }) => texts.some((text) => text.toLowerCase().includes(wanted)))
      .sort((a, b) => compare(column.key(a.member), column.key(b.member)) * (isFalling ? -1 : 1));
    const [body] = byId("people").tBodies;
    const focused = body.contains(document.activeElement) ? document.activeElement : undefined;
    const gone = new Map(this.#rows);
    shown.forEach(({ member, texts }, i) => {
      const key = JSON.stringify([member.name, member.dialect, member.address, member.port, member.since]);
      let row = this.#rows.get(key);
      if (row === undefined) this.#rows.set(key, row = this.#row(member));
      gone.delete(key);
      texts.forEach((text, cell) => show(row.cells[cell].firstChild, text));
      if (body.rows[i] !== row) body.insertBefore(row, body.rows[i] ?? null);
    });
    for (const [key, row] of gone) {
      row.remove();
      this.#rows.delete(key);
    }
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    byId("nobody").hidden = shown.length > 0;
  }

  #row(member) {
    const row = element("tr");
    for (const { title } of COLUMNS) row.append(element("td", { "data-label": title }, element("bdi")));
    const doing = row.appendChild(element("td"));
    if (member.elsewhere) {
      doing.append(element("span", { class: "soft" }, "on another node"));
      return row;
    }
    for (const [verb, does] of [["kick", "Kick"], ["deny", "Deny"]]) {
      const whom = verb === "kick" ? member.name : member.address;
      const button = element("button", { type: "button", "aria-label": `${does} ${visible(whom)}` }, does);
      button.addEventListener("click", () => this.#act[verb](member));
      doing.append(button, " ");
    }
    return row;
  }
}

function placeText({ address, port }) {
  return visible(address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);
}

function waitingOf({ waiting }) {
  return (waiting?.bytes ?? 0) + (waiting?.messages ?? 0);
}

function waitingText({ waiting }) {
  const parts = [
    ...waiting?.messages > 0 ? [`${waiting.messages} message${waiting.messages === 1 ? "" : "s"}`] : [],
    ...waiting?.bytes > 0 ? [bytesText(waiting.bytes)] : [],
  ];
  return parts.join(", ");
}

function compare(a, b) {
  return typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
}
