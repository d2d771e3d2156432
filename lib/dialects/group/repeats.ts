/**
 * What somebody has sent already.
 *
 * @module
 */

import { endpointKey } from "../../core/datagrams.ts";
import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import { delayOfCopies, REPEATS_MS } from "./times.ts";

/** A request that was heard, and how its answer is given once more. */
interface Heard {
  readonly key: string;
  readonly again: () => void;
}

/** How many requests are kept in mind because copies of them may still be on the way. */
const MAX_RECENT = 32;
/** Of how many senders a client keeps in mind what they have sent. */
const MAX_SENDERS = 256;

const latin1 = new TextDecoder("latin1");

/**
 * Tells a request that is new from one that was heard before. Requests carry no number; one is the same again if its bytes
 * are, and
 * - it is the client's latest, and at most 700 ms have passed since the latest copy of it: the client has missed the answer and
 *   asks again, as the document has it;
 * - or the network may have made a copy of it on the way, which is never far behind.
 */
export class DuplicateFilter {
  readonly #deadlines: Deadlines;
  readonly #delay: number;
  #latest: { readonly heard: Heard; readonly at: number; readonly deadline: Deadline } | undefined;
  readonly #recent = new Map<string, { readonly heard: Heard; readonly deadline: Deadline }>();

  /** Takes the time, and how much later copies can arrive on the way from the client, in milliseconds. */
  constructor(deadlines: Deadlines, delay: number) {
    this.#deadlines = deadlines;
    this.#delay = delay;
  }

  /** If these bytes were heard before, gives their answer once more and says so. */
  answerAgain(bytes: Uint8Array): boolean {
    const key = latin1.decode(bytes);
    const heard = this.#heardLately(key) ?? this.#recent.get(key)?.heard;
    if (heard === undefined) return false;
    if (this.#latest?.heard === heard) this.#setLatest(heard);
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
    if (isRepeated) this.#setLatest(heard);
    this.#keep(heard);
  }

  /** Forgets everything. */
  clear(): void {
    this.#forgetLatest();
    for (const { deadline } of this.#recent.values()) deadline.cancel();
    this.#recent.clear();
  }

  /** The latest request, if it has this key and is not too old. */
  #heardLately(key: string): Heard | undefined {
    if (this.#latest?.heard.key !== key) return undefined;
    return this.#deadlines.time - this.#latest.at <= REPEATS_MS ? this.#latest.heard : undefined;
  }

  #setLatest(heard: Heard): void {
    this.#forgetLatest();
    const deadline = this.#deadlines.set(REPEATS_MS + 1, { expired: () => this.#forgetLatest() });
    this.#latest = { heard, at: this.#deadlines.time, deadline };
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

/** What a client is sent by others, and by its server: tells what is new from what was sent once more. */
export class Copies {
  readonly #deadlines: Deadlines;
  readonly #senders = new Map<string, DuplicateFilter>();

  /** Takes the time. */
  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /**
   * Has a datagram dealt with, unless it is only sent once more; `isRepeated` says whether its sender, who listens at `from`,
   * may repeat it on purpose. Says whether it is dealt with by now: `deal` may decline, and then a copy is as good as new.
   */
  once(bytes: Uint8Array, from: Endpoint, isRepeated: boolean, deal: () => boolean): boolean {
    const sender = this.#sender(from);
    if (sender.answerAgain(bytes)) return true;
    if (!deal()) return false;
    sender.heard(bytes, isRepeated, () => {});
    return true;
  }

  /** Forgets everything. */
  close(): void {
    for (const sender of this.#senders.values()) sender.clear();
    this.#senders.clear();
  }

  #sender(from: Endpoint): DuplicateFilter {
    const key = endpointKey(from);
    const sender = this.#senders.get(key) ?? new DuplicateFilter(this.#deadlines, delayOfCopies(from.hostname));
    this.#senders.delete(key);
    this.#senders.set(key, sender);
    if (this.#senders.size > MAX_SENDERS) {
      const [oldest] = this.#senders.keys();
      this.#senders.get(oldest!)?.clear();
      this.#senders.delete(oldest!);
    }
    return sender;
  }
}
