/**
 * Copies of datagrams that the network has made.
 *
 * @module
 */

import { endpointKey } from "../../chat/datagrams.ts";
import type { Deadlines } from "../../chat/deadlines.ts";
import type { Endpoint } from "../../chat/link.ts";
import { delayOfCopies } from "./times.ts";

/** How many datagrams are kept in mind at a time. */
const MAX_RECENT = 256;

const latin1 = new TextDecoder("latin1");

/** Tells copies that the network has made from what was sent twice. */
export class Copies {
  readonly #deadlines: Deadlines;
  readonly #recent = new Set<string>();

  /** Takes the time. */
  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /**
   * Has a datagram dealt with, unless it is a copy of one that was dealt with a moment ago. Says whether it is, by now:
   * `deal` may decline, and then a copy is as good as new.
   */
  once(bytes: Uint8Array, from: Endpoint, deal: () => boolean): boolean {
    const key = `${endpointKey(from)} ${latin1.decode(bytes)}`;
    if (this.#recent.has(key)) return true;
    if (!deal()) return false;
    const delay = delayOfCopies(from.hostname);
    if (delay > 0) this.#keep(key, delay);
    return true;
  }

  #keep(key: string, delay: number): void {
    const [oldest] = this.#recent;
    if (oldest !== undefined && this.#recent.size >= MAX_RECENT) this.#recent.delete(oldest);
    this.#recent.add(key);
    this.#deadlines.set(delay, { expired: () => this.#recent.delete(key) });
  }
}
