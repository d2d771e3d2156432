/**
 * Requests that a client has made already.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../chat/deadlines.ts";
import { REPEATS_MS } from "./times.ts";

/** A request that was heard, and how its answer is given once more. */
interface Heard {
  readonly key: string;
  readonly again: () => void;
}

/** How many requests are kept in mind because copies of them may still be on the way. */
const MAX_RECENT = 32;

const latin1 = new TextDecoder("latin1");

/**
 * Tells a request that is new from one that was heard before. Requests carry no number; one is the same again if its bytes
 * are, and
 * - it is the client's latest, at most 2.5 s old: the client has missed the answer and asks again, as the document has it;
 * - or the network may have made a copy of it on the way, which is never far behind.
 */
export class Repeats {
  readonly #deadlines: Deadlines;
  readonly #delay: number;
  #latest: { readonly heard: Heard; readonly deadline: Deadline } | undefined;
  readonly #recent = new Map<string, { readonly heard: Heard; readonly deadline: Deadline }>();

  /** Takes the time, and how much later copies can arrive on the way from the client, in milliseconds. */
  constructor(deadlines: Deadlines, delay: number) {
    this.#deadlines = deadlines;
    this.#delay = delay;
  }

  /** If these bytes were heard before, gives their answer once more and says so. */
  answerAgain(bytes: Uint8Array): boolean {
    const key = latin1.decode(bytes);
    const heard = this.#latest?.heard.key === key ? this.#latest.heard : this.#recent.get(key)?.heard;
    if (heard === undefined) return false;
    this.#keep(heard);
    heard.again();
    return true;
  }

  /**
   * A new request was answered. `isRepeated` says whether clients ask again for its answer; `again` gives the answer once
   * more.
   */
  heard(bytes: Uint8Array, isRepeated: boolean, again: () => void): void {
    const heard: Heard = { key: latin1.decode(bytes), again };
    this.#forgetLatest();
    if (isRepeated) {
      const deadline = this.#deadlines.set(REPEATS_MS, { expired: () => this.#forgetLatest() });
      this.#latest = { heard, deadline };
    }
    this.#keep(heard);
  }

  /** Forgets everything. */
  clear(): void {
    this.#forgetLatest();
    for (const { deadline } of this.#recent.values()) deadline.cancel();
    this.#recent.clear();
  }

  #forgetLatest(): void {
    this.#latest?.deadline.cancel();
    this.#latest = undefined;
  }

  /** Keeps a request in mind for as long as copies of what has arrived just now may arrive. */
  #keep(heard: Heard): void {
    if (this.#delay === 0) return;
    this.#forgetRecent(heard.key);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size >= MAX_RECENT) this.#forgetRecent(oldest);
    const deadline = this.#deadlines.set(this.#delay, { expired: () => this.#forgetRecent(heard.key) });
    this.#recent.set(heard.key, { heard, deadline });
  }

  #forgetRecent(key: string): void {
    this.#recent.get(key)?.deadline.cancel();
    this.#recent.delete(key);
  }
}
