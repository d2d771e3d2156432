/**
 * With whom one can talk: everybody, those with whom one does, and all others who are here.
 *
 * @module
 */

import { EVERYONE } from "../../core/name.ts";
import type { Chat } from "../chat.ts";
import { find, makeElement, setAttribute, setText } from "./dom.ts";
import { showName } from "./name_view.ts";

/** How many are shown. Who looks for others among thousands types a part of the name. */
const MAX_SHOWN = 200;
/** Where there are no more, there is nothing to look for. */
const FEW = 8;

interface Line {
  readonly partner: string;
  readonly dialect: string | undefined;
  readonly unread: number;
  readonly isOpen: boolean;
}

/** The list at the side. */
export class PeopleView {
  readonly #everybody = find("everybody", HTMLButtonElement);
  readonly #everybodyUnread = find("everybody-unread", HTMLSpanElement);
  readonly #count = find("count", HTMLHeadingElement);
  readonly #find = find("find", HTMLInputElement);
  readonly #names = find("names", HTMLUListElement);
  readonly #more = find("more", HTMLParagraphElement);
  readonly #chat: Chat;
  readonly #open: (partner: string) => void;
  readonly #rows = new Map<string, HTMLLIElement>();
  #shown = "";

  /** Shows who is known to `chat`; whoever is chosen is opened. */
  constructor(chat: Chat, open: (partner: string) => void) {
    this.#chat = chat;
    this.#open = open;
    this.#everybody.addEventListener("click", () => open(EVERYONE));
    this.#find.addEventListener("input", () => this.update());
    this.#find.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const buttons = this.#buttons();
      if (event.key === "ArrowDown") buttons[0]?.focus();
      else if (event.key === "Enter" && this.#find.value !== "") buttons[0]?.click();
      else if (event.key === "Escape" && this.#find.value !== "") this.clear();
      else return;
      event.preventDefault();
    });
    this.#names.addEventListener("keydown", (event) => this.#move(event));
    this.#names.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLButtonElement) this.#reach(target);
    });
  }

  /** Leads to where a name is looked for. */
  focus(): void {
    if (this.#find.hidden) (this.#buttons()[0] ?? this.#everybody).focus();
    else this.#find.select();
  }

  /** Nothing is looked for. */
  clear(): void {
    this.#find.value = "";
    this.update();
  }

  /** Shows what is known now. */
  update(): void {
    const { people, threads, phase } = this.#chat;
    const isHere = phase.kind === "here";
    const all = threads.with(EVERYONE);
    setAttribute(this.#everybody, "aria-current", threads.open === all ? "true" : undefined);
    showUnread(this.#everybodyUnread, all.unread);
    setText(this.#count, isHere ? hereText(people.count) : "Who was here");
    this.#count.classList.toggle("stale", !isHere);
    this.#find.hidden = people.count <= FEW && this.#find.value === "";
    const { lines, hidden } = this.#lines();
    setText(this.#more, this.#moreText(lines.length, hidden));
    const shown = JSON.stringify([lines, isHere]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#names.classList.toggle("stale", !isHere);
    this.#show(lines);
  }

  #moreText(shown: number, hidden: number): string {
    if (hidden > 0) return `${hidden.toLocaleString("en")} more. Type a part of a name to find it.`;
    if (shown > 0) return "";
    return this.#find.value === ""
      ? "When somebody comes, by any dialect, they are listed here."
      : "Nobody of that name.";
  }

  /** Those with whom one talks, the last one first, and then the others. */
  #lines(): { readonly lines: readonly Line[]; readonly hidden: number } {
    const { people, threads } = this.#chat;
    const words = this.#find.value;
    const wanted = words.trim().toLowerCase();
    const direct = threads.direct().map(({ partner }) => partner).filter((name) => name.toLowerCase().includes(wanted));
    const known = new Set(direct);
    const found = people.find(words, MAX_SHOWN + known.size);
    const others = found.names.filter((name) => !known.has(name));
    const names = [...direct, ...others].slice(0, MAX_SHOWN);
    const gone = direct.filter((name) => people.dialectOf(name) === undefined).length;
    const lines = names.map((partner) => ({
      partner,
      dialect: people.dialectOf(partner),
      unread: threads.find(partner)?.unread ?? 0,
      isOpen: threads.open.partner === partner,
    }));
    return { lines, hidden: found.count + gone - names.length };
  }

  /** Rows that stay are the same elements as before, so that nobody loses their place. */
  #show(lines: readonly Line[]): void {
    const focused = this.#buttons().find((button) => button === document.activeElement);
    const rows = lines.map((line) => {
      const row = this.#rows.get(line.partner) ?? this.#make(line.partner);
      update(row, line);
      return row;
    });
    const kept = new Set(rows);
    for (const [partner, row] of this.#rows) {
      if (kept.has(row)) continue;
      row.remove();
      this.#rows.delete(partner);
    }
    // Only what stands elsewhere than before is moved.
    let next = this.#names.firstElementChild;
    for (const row of rows) {
      if (row === next) next = row.nextElementSibling;
      else this.#names.insertBefore(row, next);
    }
    if (focused !== undefined && document.activeElement !== focused) {
      (focused.isConnected ? focused : this.#buttons()[0] ?? this.#everybody).focus();
    }
    const reached = this.#buttons().find((button) => button.tabIndex === 0);
    this.#reach(reached ?? this.#buttons()[0]);
  }

  #make(partner: string): HTMLLIElement {
    const button = makeElement(
      "button",
      { type: "button", tabindex: "-1" },
      showName(partner),
      makeElement("span", { class: `dialect` }),
      makeElement("span", { class: "unread", hidden: "" }),
    );
    button.addEventListener("click", () => this.#open(partner));
    const row = makeElement("li", {}, button);
    this.#rows.set(partner, row);
    return row;
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#names.querySelectorAll("button")];
  }

  /** The tab key leads to one of them, and the arrows to the others. */
  #reach(reached: HTMLButtonElement | undefined): void {
    for (const button of this.#buttons()) setAttribute(button, "tabindex", button === reached ? "0" : "-1");
  }

  #move(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const at = buttons.findIndex((button) => button === document.activeElement);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const place = places[event.key];
    if (at === -1 || place === undefined) return;
    event.preventDefault();
    if (place === -1) (this.#find.hidden ? this.#everybody : this.#find).focus();
    else buttons[Math.min(place, buttons.length - 1)]?.focus();
  }
}

function update(row: HTMLLIElement, { dialect, unread, isOpen }: Line): void {
  const [button] = row.children as unknown as [HTMLButtonElement];
  const [, dialectNode, unreadNode] = button.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
  setAttribute(button, "aria-current", isOpen ? "true" : undefined);
  row.classList.toggle("gone", dialect === undefined);
  setText(dialectNode, dialect ?? "not here");
  showUnread(unreadNode, unread);
}

/** Shows how many messages have not been seen, where there are any. */
export function showUnread(node: HTMLElement, count: number): void {
  const text = count === 0 ? "" : count > 999 ? "999+" : String(count);
  node.hidden = count === 0;
  if (node.dataset.count === text) return;
  node.dataset.count = text;
  node.replaceChildren(text, makeElement("span", { class: "unseen" }, " unread"));
}

/** How many others are here. */
export function hereText(count: number): string {
  if (count === 0) return "Nobody else is here";
  return `${count.toLocaleString("en")} ${count === 1 ? "other" : "others"} here`;
}
