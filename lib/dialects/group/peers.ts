/**
 * The other clients, as a client reaches them: direct messages, and the report of those that do not acknowledge any.
 *
 * @module
 */

import { isSameEndpoint } from "../../core/datagrams.ts";
import type { Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import { Retransmission } from "../session/retransmission.ts";
import { encodeRequest, type Row } from "./messages.ts";
import { type OutgoingDatagram, ReliableSender } from "./reliable_sender.ts";

import { ACK_MS, Lifetime, TRIES } from "./times.ts";

/** For how many peers it is remembered whether the last message to them was marked. */
const MAX_MARKS = 1_024;

/** A reliable sender for each peer that something was sent to, by name. */
export class Peers {
  readonly #deadlines: Deadlines;
  readonly #send: (datagram: Uint8Array, to: Endpoint) => void;
  readonly #peers = new Map<string, { readonly endpoint: Endpoint; readonly sender: ReliableSender }>();
  readonly #marks = new Map<string, boolean>();

  /** Peers are added by {@linkcode Peers.post}. */
  constructor(deadlines: Deadlines, send: (datagram: Uint8Array, to: Endpoint) => void) {
    this.#deadlines = deadlines;
    this.#send = send;
  }

  /**
   * Sends a datagram to a peer, behind all that were sent there before.
   *
   * @param datagramFor makes it. Every other one is to be marked, so that the same message said twice is not taken for a
   * repetition.
   * @returns `false` if too many wait there already.
   */
  post(name: string, endpoint: Endpoint, datagramFor: (isMarked: boolean) => OutgoingDatagram): boolean {
    const sender = this.#senderTo(name, endpoint);
    const isMarked = !(this.#marks.get(name) ?? true);
    const outgoing = datagramFor(isMarked);
    if (!sender.hasRoomFor(1, outgoing.datagram.length)) return false;
    this.#marks.delete(name);
    this.#marks.set(name, isMarked);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > MAX_MARKS) this.#marks.delete(oldest!);
    sender.post(outgoing);
    return true;
  }

  /**
   * An acknowledgement has come; its text names the peer.
   *
   * @returns whether a message to any peer awaited it.
   */
  acknowledged(text: string, from: Endpoint): boolean {
    // A peer may answer from another port than the one that it listens on.
    return [...this.#peers.values()].some(({ endpoint, sender }) =>
      endpoint.hostname === from.hostname && sender.acknowledged(text)
    );
  }

  /** Drops what waits for a peer that is gone. */
  drop(name: string): void {
    const peer = this.#peers.get(name);
    this.#peers.delete(name);
    peer?.sender.close();
  }

  /** Drops everything. */
  close(): void {
    for (const name of [...this.#peers.keys()]) this.drop(name);
  }

  #senderTo(name: string, endpoint: Endpoint): ReliableSender {
    const known = this.#peers.get(name);
    if (known !== undefined && isSameEndpoint(known.endpoint, endpoint)) return known.sender;
    this.drop(name);
    const lifetime = new Lifetime(this.#deadlines, endpoint.hostname);
    const sender = new ReliableSender(this.#deadlines, lifetime, (datagram, goes) => {
      if (goes()) this.#send(datagram, endpoint);
    });
    this.#peers.set(name, { endpoint, sender });
    return sender;
  }
}

/** A peer that the server has not deregistered yet. */
interface UnresponsivePeer {
  readonly row: Row;
  readonly settled: (isDeregistered: boolean) => void;
  readonly retransmission: Retransmission;
}

/**
 * Asks the server to deregister peers that do not answer. It answers to the client that it deregisters and not to the one that
 * asks for it; what tells this one is the next table.
 */
export class UnresponsivePeers {
  readonly #deadlines: Deadlines;
  readonly #send: (datagram: Uint8Array) => void;
  readonly #peers = new Map<string, UnresponsivePeer>();

  /**
   * Nothing is sent before {@linkcode UnresponsivePeers.report}.
   *
   * @param send sends a datagram to the server.
   */
  constructor(deadlines: Deadlines, send: (datagram: Uint8Array) => void) {
    this.#deadlines = deadlines;
    this.#send = send;
  }

  /** Reports a peer, up to five times; `settled` is called once with whether a table has followed. */
  report(row: Row, settled: (isDeregistered: boolean) => void = () => {}): void {
    if (this.#peers.has(row.name)) return settled(false);
    const datagram = encodeRequest({ verb: "dereg", port: row.port });
    const retransmission = new Retransmission(this.#deadlines, {
      interval: ACK_MS,
      attempts: TRIES,
      send: () => this.#send(datagram),
      exhausted: () => this.#settle(peer, false),
    });
    const peer: UnresponsivePeer = { row, settled, retransmission };
    this.#peers.set(row.name, peer);
    retransmission.start();
  }

  /** Settles the reports that a new table has followed. */
  compare(table: ReadonlyMap<string, Row>): void {
    for (const peer of [...this.#peers.values()]) {
      const now = table.get(peer.row.name);
      const isThere = now !== undefined && now.isOnline && now.port === peer.row.port && now.ip === peer.row.ip;
      if (!isThere) this.#settle(peer, true);
    }
  }

  /** Gives all reports up. */
  close(): void {
    for (const peer of [...this.#peers.values()]) this.#settle(peer, false);
  }

  #settle({ row, settled, retransmission }: UnresponsivePeer, isDeregistered: boolean): void {
    retransmission.stop();
    this.#peers.delete(row.name);
    settled(isDeregistered);
  }
}
