/**
 * What is said with somebody, or with everybody.
 *
 * @module
 */

import type { WebOutcome } from "./web_message.ts";

/** What is known of a message of one's own. */
export type Fate =
  /** Nothing yet. */
  | { readonly kind: "on-its-way" }
  /** What became of it, for good. */
  | ({ readonly kind: "settled" } & WebOutcome)
  /** The server did not take it, and why. */
  | { readonly kind: "not-taken"; readonly reason: string }
  /** Nobody will ever know. */
  | { readonly kind: "not-confirmed" }
  /** Nobody will, and it was sent once more, as a message of its own. */
  | { readonly kind: "sent-again" };

/** One thing in a thread. */
export interface ThreadEntry {
  /** When it was said here, in milliseconds since 1970. */
  readonly time: number;
  /** Who says it; nobody where it is a note of the page's own. */
  readonly from?: string;
  /** What is said, as it came: not fit to be shown before what cannot be seen in it is spelled. */
  readonly text: string;
  /** Whether the body was no text, so that this is only like it. */
  readonly isBytes?: boolean;
  /** What became of it, where it is one's own. */
  fate?: Fate;
}

/** More are not kept: the oldest go. */
export const MAX_ENTRIES = 5_000;

/** What is said with somebody, or with everybody: the newest, within bounds. */
export class Thread {
  /** With whom: a name, or the word for everybody. */
  readonly partner: string;
  /** The entries that are kept, in order. */
  readonly entries: ThreadEntry[] = [];
  /** How many were there before those. */
  dropped = 0;
  /** How many of the newest have not been seen. */
  unread = 0;
  /** The number of the first that had not been seen when it came; it is marked until one looks elsewhere or answers. */
  unreadFrom: number | undefined;
  /** When something was last said, in milliseconds since 1970. */
  lastTime = 0;
  /** What is about to be said. */
  draft = "";
  /** How much is kept, in characters. */
  size = 0;

  /** Nothing has been said yet. */
  constructor(partner: string) {
    this.partner = partner;
  }

  /** How many entries there have ever been: the number that the next one gets. */
  get end(): number {
    return this.dropped + this.entries.length;
  }

  /** Something is said. */
  add(entry: ThreadEntry): void {
    this.entries.push(entry);
    this.size += entry.text.length;
    this.lastTime = entry.time;
    // Some at a time, so that not every message moves all others.
    if (this.entries.length > MAX_ENTRIES * 1.1) this.drop(this.entries.length - MAX_ENTRIES);
  }

  /** Forgets the oldest. */
  drop(count: number): void {
    const gone = this.entries.splice(0, count);
    for (const { text } of gone) this.size -= text.length;
    this.dropped += gone.length;
    this.unread = Math.min(this.unread, this.entries.length);
  }

  /** The newest has not been seen. */
  markUnread(): void {
    if (this.unread++ === 0) this.unreadFrom = this.end - 1;
  }

  /** An entry by its number; `undefined` where it is not kept. */
  at(number: number): ThreadEntry | undefined {
    return this.entries[number - this.dropped];
  }
}
