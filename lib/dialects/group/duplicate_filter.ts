/**
 * Tells what is new from what was sent once more.
 *
 * @module
 */

import { endpointKey } from "../../core/datagrams.ts";
import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import { delayOfCopies, REPEATS_MS } from "./times.ts";

/** A request that was answered, and what gives its answer once more. */
interface Answered {
  readonly key: string;
  readonly again: () => void;
}

/** How many requests are remembered because copies of them may still be on the way. */
const MAX_RECENT = 32;

const latin1 = new TextDecoder("latin1");

/**
 * Tells a request of one sender that is new from one that came before. Requests carry no number; one is the same again if its
 * bytes are, and
 * - it is the sender's latest, and at most 700 ms have passed since the latest copy of it: the sender has missed the answer and
 *   asks again, as the document has it;
 * - or the network may have made a copy of it on the way, which is never far behind.
 */
export class DuplicateFilter {
  readonly #deadlines: Deadlines;
  readonly #delay: number;
  #latest: { readonly request: Answered; readonly at: number; readonly deadline: Deadline } | undefined;
  readonly #recent = new Map<string, { readonly request: Answered; readonly deadline: Deadline }>();

  /**
   * Everything is new at first.
   *
   * @param delay how much later a copy can arrive than the first, in milliseconds.
   */
  constructor(deadlines: Deadlines, delay: number) {
    this.#deadlines = deadlines;
    this.#delay = delay;
  }

  /**
   * If these bytes came before, gives their answer once more.
   *
   * @returns whether they did.
   */
  answerAgain(bytes: Uint8Array): boolean {
    const key = latin1.decode(bytes);
    const request = this.#repeated(key) ?? this.#recent.get(key)?.request;
    if (request === undefined) return false;
    if (this.#latest?.request === request) this.#setLatest(request);
    this.#remember(request);
    request.again();
    return true;
  }

  /**
   * A new request was answered.
   *
   * @param isRepeated whether senders ask again for its answer.
   * @param again gives the answer once more.
   */
  answered(bytes: Uint8Array, isRepeated: boolean, again: () => void): void {
    const request: Answered = { key: latin1.decode(bytes), again };
    this.#forgetLatest();
    if (isRepeated) this.#setLatest(request);
    this.#remember(request);
  }

  /**
   * Has a datagram handled unless it came before; where `handle` declines it, a copy is as good as new.
   *
   * @param isRepeated whether senders repeat it on purpose.
   * @returns whether it is handled by now.
   */
  once(bytes: Uint8Array, isRepeated: boolean, handle: () => boolean): boolean {
    if (this.answerAgain(bytes)) return true;
    if (!handle()) return false;
    this.answered(bytes, isRepeated, () => {});
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#forgetLatest();
    for (const { deadline } of this.#recent.values()) deadline.cancel();
    this.#recent.clear();
  }

  /** The latest request, if it has this key and is not too old. */
  #repeated(key: string): Answered | undefined {
    if (this.#latest?.request.key !== key) return undefined;
    return this.#deadlines.time - this.#latest.at <= REPEATS_MS ? this.#latest.request : undefined;
  }

  #setLatest(request: Answered): void {
    this.#forgetLatest();
    const deadline = this.#deadlines.set(REPEATS_MS + 1, { expired: () => this.#forgetLatest() });
    this.#latest = { request, at: this.#deadlines.time, deadline };
  }

  #forgetLatest(): void {
    this.#latest?.deadline.cancel();
    this.#latest = undefined;
  }

  /** Remembers a request for as long as copies of what has arrived just now may arrive. */
  #remember(request: Answered): void {
    if (this.#delay === 0) return;
    this.#forget(request.key);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size >= MAX_RECENT) this.#forget(oldest);
    const deadline = this.#deadlines.set(this.#delay, { expired: () => this.#forget(request.key) });
    this.#recent.set(request.key, { request, deadline });
  }

  #forget(key: string): void {
    this.#recent.get(key)?.deadline.cancel();
    this.#recent.delete(key);
  }
}

/** How many senders a client remembers. */
const MAX_SENDERS = 256;

/** A filter for each sender, by where it listens; those that have not sent anything for longest are forgotten. */
export class DuplicateFilters {
  readonly #deadlines: Deadlines;
  readonly #filters = new Map<string, DuplicateFilter>();

  /** Filters are made by {@linkcode DuplicateFilters.of}. */
  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** The filter for what a sender has just sent. */
  of(sender: Endpoint): DuplicateFilter {
    const key = endpointKey(sender);
    const filter = this.#filters.get(key) ?? new DuplicateFilter(this.#deadlines, delayOfCopies(sender.hostname));
    this.#filters.delete(key);
    this.#filters.set(key, filter);
    const [oldest] = this.#filters;
    if (oldest !== undefined && this.#filters.size > MAX_SENDERS) {
      oldest[1].clear();
      this.#filters.delete(oldest[0]);
    }
    return filter;
  }

  /** Forgets everything. */
  clear(): void {
    for (const filter of this.#filters.values()) filter.clear();
    this.#filters.clear();
  }
}
