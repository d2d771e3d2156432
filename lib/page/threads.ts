/**
 * All threads of a tab, within bounds, whatever others say.
 *
 * @module
 */

import { EVERYONE } from "../core/name.ts";
import { Thread, type ThreadEntry } from "./thread.ts";

/** How much is kept in all, in characters: some 16 MB of memory. */
const MAX_SIZE = 8_000_000;
/** How many threads are kept. */
const MAX_COUNT = 500;

/** All threads. The one with everybody is always there. */
export class Threads {
  readonly #all: Map<string, Thread> = new Map([[EVERYONE, new Thread(EVERYONE)]]);
  #open: Thread = this.with(EVERYONE);

  /** The one that is looked at. */
  get open(): Thread {
    return this.#open;
  }

  /** How many messages have not been seen. */
  get unread(): number {
    return [...this.#all.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** How many messages of others than the one that is looked at have not been seen. */
  get unreadElsewhere(): number {
    return this.unread - this.#open.unread;
  }

  /** All of them. */
  all(): Iterable<Thread> {
    return this.#all.values();
  }

  /** Those with one person in which something is said, or that is looked at: the one that was heard last is first. */
  direct(): Thread[] {
    return [...this.#all.values()]
      .filter((one) => one.partner !== EVERYONE && (one.entries.length > 0 || one === this.#open))
      .sort((a, b) => b.lastTime - a.lastTime);
  }

  /** The thread with somebody, which may begin now. */
  with(partner: string): Thread {
    let found = this.#all.get(partner);
    if (found === undefined) {
      found = new Thread(partner);
      this.#all.set(partner, found);
    }
    return found;
  }

  /** The one with somebody, if there is one. */
  find(partner: string): Thread | undefined {
    return this.#all.get(partner);
  }

  /** Looks at the one with somebody. */
  look(partner: string): void {
    this.#open = this.with(partner);
  }

  /** Something is said with somebody. */
  add(partner: string, entry: ThreadEntry): void {
    this.with(partner).add(entry);
    if (this.#all.size > MAX_COUNT) this.#forgetOldest();
    let size = 0;
    for (const one of this.#all.values()) size += one.size;
    if (size > MAX_SIZE) this.#shortenLongest();
  }

  #forgetOldest(): void {
    const others = [...this.#all.values()].filter((one) => one.partner !== EVERYONE && one !== this.#open);
    const oldest = others.reduce((a, b) => b.lastTime < a.lastTime ? b : a);
    this.#all.delete(oldest.partner);
  }

  #shortenLongest(): void {
    const longest = [...this.#all.values()].reduce((a, b) => b.size > a.size ? b : a);
    longest.drop(Math.ceil(longest.entries.length / 2));
  }
}
