/**
 * Direct messages to other clients.
 *
 * @module
 */

import { isSameEndpoint } from "../../core/datagrams.ts";
import type { Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import { type OutgoingDatagram, ReliableSender } from "./reliable_sender.ts";
import { Lifetime } from "./times.ts";

/** Of how many it is kept in mind how the last message to them was written. */
const MAX_MARKS = 1_024;

/** Everybody whom we have sent something to, by name. */
export class Peers {
  readonly #deadlines: Deadlines;
  readonly #send: (datagram: Uint8Array, to: Endpoint) => void;
  readonly #peers = new Map<string, { readonly endpoint: Endpoint; readonly outbox: ReliableSender }>();
  readonly #marks = new Map<string, boolean>();

  /** Takes the time, and what sends a datagram. */
  constructor(deadlines: Deadlines, send: (datagram: Uint8Array, to: Endpoint) => void) {
    this.#deadlines = deadlines;
    this.#send = send;
  }

  /**
   * Sends a letter to somebody, behind all that were sent there before; `false` if too many wait there already. Every other
   * letter is to be marked, so that the same message said twice is not taken for a repetition.
   */
  post(name: string, endpoint: Endpoint, letterFor: (isMarked: boolean) => OutgoingDatagram): boolean {
    const outbox = this.#outboxOf(name, endpoint);
    const isMarked = !(this.#marks.get(name) ?? true);
    const letter = letterFor(isMarked);
    if (!outbox.hasRoomFor(1, letter.datagram.length)) return false;
    this.#marks.delete(name);
    this.#marks.set(name, isMarked);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > MAX_MARKS) this.#marks.delete(oldest!);
    outbox.post(letter);
    return true;
  }

  /** An acknowledgement has come; says whether anybody's message awaited it. The text names the peer. */
  acknowledged(text: string, from: Endpoint): boolean {
    // A peer may answer from another port than the one that it listens on.
    return [...this.#peers.values()].some(({ endpoint, outbox }) =>
      endpoint.hostname === from.hostname && outbox.acknowledged(text)
    );
  }

  /** Somebody is not there any more: what waits for them is dropped. */
  drop(name: string): void {
    const peer = this.#peers.get(name);
    this.#peers.delete(name);
    peer?.outbox.close();
  }

  /** Drops everything. */
  close(): void {
    for (const name of [...this.#peers.keys()]) this.drop(name);
  }

  #outboxOf(name: string, endpoint: Endpoint): ReliableSender {
    const known = this.#peers.get(name);
    if (known !== undefined && isSameEndpoint(known.endpoint, endpoint)) return known.outbox;
    this.drop(name);
    const outbox = new ReliableSender(
      this.#deadlines,
      new Lifetime(this.#deadlines, endpoint.hostname),
      (datagram, goes) => {
        if (goes()) this.#send(datagram, endpoint);
      },
    );
    this.#peers.set(name, { endpoint, outbox });
    return outbox;
  }
}
