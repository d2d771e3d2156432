/**
 * The thread that is looked at. However long it is, only a part of it is in the document.
 *
 * @module
 */

import type { Fate, Thread, ThreadEntry } from "../thread.ts";
import { find, setText } from "./dom.ts";
import { showEntry } from "./entry_view.ts";

/** How many entries are in the document while the newest are looked at, how many at most, and how many earlier ones come at once. */
const [NEWEST, MOST, EARLIER] = [500, 1_500, 200];
/** So near to the end one is at the end, in pixels. */
const NEAR = 40;

interface Row {
  readonly node: HTMLLIElement;
  /** As it was when it was shown. */
  readonly fate: Fate | undefined;
}

/** Shows one thread after another. */
export class LogView {
  readonly #frame = find("log", HTMLDivElement);
  readonly #list = find("entries", HTMLOListElement);
  readonly #earlier = find("earlier", HTMLButtonElement);
  readonly #newest = find("newest", HTMLButtonElement);
  readonly #empty = find("empty", HTMLParagraphElement);
  readonly #again: (entry: ThreadEntry) => void;
  #thread: Thread | undefined;
  #rows = new Map<number, Row>();
  /** One's own, of which something may still become known. */
  readonly #open = new Set<number>();
  /** What is in the document: from the first of these numbers to before the second. */
  #from = 0;
  #to = 0;
  #unreadFrom: number | undefined;
  /** Whether what comes is looked at as it comes. */
  #follows = true;
  /** Where the thread ended when it was last looked at. */
  #seenTo = 0;

  /** Nothing is shown yet; `again` says something once more. */
  constructor(again: (entry: ThreadEntry) => void) {
    this.#again = again;
    this.#earlier.addEventListener("click", () => this.#showEarlier());
    this.#newest.addEventListener("click", () => {
      this.#goToEnd();
      this.#frame.focus();
    });
    this.#frame.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#follows && this.#scrollToEnd()).observe(this.#frame);
  }

  /** Shows what has come, and what has become of what was said. */
  update(thread: Thread): void {
    if (thread !== this.#thread) {
      this.#thread = thread;
      this.#clear(thread.end);
      this.#goToEnd();
    } else {
      this.#show(thread, this.#from, this.#follows ? thread.end : this.#mostFrom(this.#from));
    }
    this.#empty.hidden = thread.entries.length > 0;
    this.#tellNew();
  }

  /** What comes next is looked at: one has said something oneself. */
  follow(): void {
    this.#follows = true;
  }

  #mostFrom(from: number): number {
    return Math.min(this.#thread!.end, Math.max(this.#to, from + MOST));
  }

  #goToEnd(): void {
    const thread = this.#thread!;
    this.#follows = true;
    this.#show(thread, thread.end - NEWEST, thread.end);
    this.#tellNew();
  }

  #showEarlier(): void {
    const [height, top] = [this.#frame.scrollHeight, this.#frame.scrollTop];
    const from = Math.max(this.#thread!.dropped, this.#from - EARLIER);
    this.#follows = false;
    this.#show(this.#thread!, from, Math.min(this.#to, from + MOST));
    this.#frame.scrollTop = top + this.#frame.scrollHeight - height;
    // The button may be gone now, and with it the place of whoever uses the keyboard.
    if (this.#earlier.hidden) this.#frame.focus();
  }

  /** Puts the entries between two numbers into the document, and nothing else. */
  #show(thread: Thread, wantedFrom: number, wantedTo: number): void {
    const follows = this.#follows;
    const from = Math.max(thread.dropped, follows ? Math.max(wantedFrom, wantedTo - NEWEST) : wantedFrom);
    const to = Math.max(from, wantedTo);
    if (from >= this.#to || to <= this.#from) this.#clear(from);
    const moved = from !== this.#from || to !== this.#to;
    for (let number = this.#from; number < from; number++) this.#remove(number);
    for (let number = this.#to - 1; number >= to; number--) this.#remove(number);
    const before = Array.from({ length: Math.max(0, this.#from - from) }, (_, i) => this.#make(from + i, from));
    this.#list.prepend(...before);
    const shownTo = Math.min(this.#to, to);
    const after = Array.from({ length: to - shownTo }, (_, i) => this.#make(shownTo + i, from));
    this.#list.append(...after);
    // What stands first says who says it, and what stood first before needs to no more.
    const firsts = from === this.#from ? [] : [from, this.#from].filter((number) => this.#rows.has(number));
    const marks = this.#unreadFrom === thread.unreadFrom ? [] : [this.#unreadFrom, thread.unreadFrom];
    [this.#from, this.#to, this.#unreadFrom] = [from, to, thread.unreadFrom];
    const settled = [...this.#open].filter((number) => thread.at(number)?.fate !== this.#rows.get(number)?.fate);
    for (const number of new Set([...firsts, ...marks, ...settled])) this.#remake(number);
    this.#earlier.hidden = from === thread.dropped;
    if (follows && (moved || settled.length > 0)) this.#scrollToEnd();
  }

  /** Takes everything out of the document; what comes in begins with that number. */
  #clear(from: number): void {
    this.#list.replaceChildren();
    this.#rows.clear();
    this.#open.clear();
    [this.#from, this.#to, this.#unreadFrom] = [from, from, this.#thread?.unreadFrom];
  }

  #make(number: number, first: number): HTMLLIElement {
    const thread = this.#thread!;
    const entry = thread.at(number)!;
    const node = showEntry(entry, {
      before: number > first ? thread.at(number - 1) : undefined,
      isFirstUnread: number === thread.unreadFrom,
      again: () => this.#again(entry),
    });
    this.#rows.set(number, { node, fate: entry.fate });
    if (entry.fate !== undefined && entry.fate.kind !== "sent-again") this.#open.add(number);
    return node;
  }

  #remake(number: number | undefined): void {
    const old = number === undefined ? undefined : this.#rows.get(number);
    if (number === undefined || old === undefined) return;
    const hadFocus = old.node.contains(document.activeElement);
    old.node.replaceWith(this.#make(number, this.#from));
    if (hadFocus) this.#frame.focus();
  }

  #remove(number: number): void {
    this.#rows.get(number)?.node.remove();
    this.#rows.delete(number);
    this.#open.delete(number);
  }

  #scrolled(): void {
    const isAtEnd = this.#frame.scrollHeight - this.#frame.scrollTop - this.#frame.clientHeight < NEAR;
    // What has come since the last frame is not in the document yet.
    this.#follows = isAtEnd && (this.#follows || this.#to === this.#thread?.end);
    this.#tellNew();
  }

  #scrollToEnd(): void {
    this.#frame.scrollTop = this.#frame.scrollHeight;
  }

  /** Says how much has come below what is looked at. */
  #tellNew(): void {
    const { end } = this.#thread!;
    if (this.#follows) this.#seenTo = end;
    const count = end - this.#seenTo;
    this.#newest.hidden = this.#follows;
    setText(this.#newest, count > 0 ? `${count} new ↓` : "To the newest ↓");
  }
}
