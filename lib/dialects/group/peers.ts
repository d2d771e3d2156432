/**
 * Direct messages to other clients.
 *
 * @module
 */

import { isSameEndpoint } from "../../chat/datagrams.ts";
import type { Deadlines } from "../../chat/deadlines.ts";
import type { Endpoint } from "../../chat/link.ts";
import { type Letter, Outbox } from "./outbox.ts";
import { lifetimeOfAnswers } from "./times.ts";

/** Everybody whom we have sent something to, by name. */
export class Peers {
  readonly #deadlines: Deadlines;
  readonly #send: (datagram: Uint8Array, to: Endpoint) => void;
  readonly #peers = new Map<string, { readonly endpoint: Endpoint; readonly outbox: Outbox }>();

  /** Takes the time, and what sends a datagram. */
  constructor(deadlines: Deadlines, send: (datagram: Uint8Array, to: Endpoint) => void) {
    this.#deadlines = deadlines;
    this.#send = send;
  }

  /** Sends a letter to somebody, behind all that were sent there before; `false` if too many wait there already. */
  post(name: string, endpoint: Endpoint, letter: Letter): boolean {
    const outbox = this.#outboxOf(name, endpoint);
    if (!outbox.hasRoomFor(1, letter.datagram.length)) return false;
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

  #outboxOf(name: string, endpoint: Endpoint): Outbox {
    const known = this.#peers.get(name);
    if (known !== undefined && isSameEndpoint(known.endpoint, endpoint)) return known.outbox;
    this.drop(name);
    const send = (datagram: Uint8Array) => this.#send(datagram, endpoint);
    const outbox = new Outbox(this.#deadlines, lifetimeOfAnswers(endpoint.hostname), send);
    this.#peers.set(name, { endpoint, outbox });
    return outbox;
  }
}
