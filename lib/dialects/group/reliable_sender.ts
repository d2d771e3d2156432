/**
 * Datagrams that a peer has to acknowledge.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { type Queued, QUEUED_OVERHEAD } from "../../core/queued.ts";
import { Fifo } from "../../core/fifo.ts";
import { ACK_MS, type Lifetime } from "./times.ts";

/** What became of an outgoing datagram. */
export type AckResult =
  /** The peer has it. */
  | "acknowledged"
  /** The peer did not acknowledge it in time. */
  | "unacknowledged"
  /** It was not sent, or the acknowledgement is not waited for any more. */
  | "dropped";

/** A datagram that must be acknowledged. */
export interface OutgoingDatagram {
  /** What is sent, once. */
  readonly datagram: Uint8Array;
  /** The text of its acknowledgement. */
  readonly awaited: string;
  /** Whether it is still to be sent, asked when its turn comes; it is dropped if not. */
  isWanted?(): boolean;
  /** Called exactly once. */
  settled(result: AckResult): void;
}

/**
 * Sends a datagram, at once or when it may go. `goes` is called just before; if it says `false`, the datagram is not wanted any
 * more.
 */
export type SendDatagram = (datagram: Uint8Array, goes: () => boolean) => void;

/** The datagram whose turn it is; on its way once it has a deadline. */
interface Sending {
  readonly outgoing: OutgoingDatagram;
  deadline?: Deadline;
}

/** How many datagrams may wait. */
const MAX_DATAGRAMS = 256;
/** How many bytes may wait. */
const MAX_BYTES = 256 * 1024;
/** How many acknowledgements that could still come twice are remembered; the next datagram waits until there are fewer. */
const MAX_RECENT = 64;

/**
 * Sends datagrams to one peer, one at a time and in order. An acknowledgement is all text and no number: a datagram that awaits
 * the same text as one before it is held back until no copy of that one's acknowledgement can arrive any more. So none is
 * taken for acknowledged that was not.
 */
export class ReliableSender {
  readonly #deadlines: Deadlines;
  readonly #lifetime: Lifetime;
  readonly #send: SendDatagram;
  readonly #waiting = new Fifo<OutgoingDatagram>();
  readonly #memory: Queued | undefined;
  #bytes = 0;
  #current: Sending | undefined;
  readonly #recent = new Map<string, Deadline>();
  #isClosed = false;

  /**
   * Nothing is sent before {@linkcode ReliableSender.post}.
   *
   * @param lifetime how long the peer's answers can be on the way.
   * @param send sends a datagram to the peer.
   * @param memory counts what waits.
   */
  constructor(deadlines: Deadlines, lifetime: Lifetime, send: SendDatagram, memory?: Queued) {
    this.#memory = memory;
    this.#deadlines = deadlines;
    this.#lifetime = lifetime;
    this.#send = send;
  }

  /** Whether a datagram waits, or waits for its acknowledgement. */
  get isBusy(): boolean {
    return this.#current !== undefined || this.#waiting.size > 0;
  }

  /** How many datagrams were not acknowledged, and how many bytes of them wait for their turn. */
  get waiting(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#waiting.size + (this.#current === undefined ? 0 : 1), bytes: this.#bytes };
  }

  /** Whether so many datagrams, of so many bytes in all, can be posted. */
  hasRoomFor(datagrams: number, bytes: number): boolean {
    return !this.#isClosed && this.#waiting.size + datagrams <= MAX_DATAGRAMS && this.#bytes + bytes <= MAX_BYTES;
  }

  /** Sends a datagram when its turn comes. The caller has asked whether there is room. */
  post(outgoing: OutgoingDatagram): void {
    if (this.#isClosed) return outgoing.settled("dropped");
    this.#waiting.push(outgoing);
    this.#count(outgoing.datagram.length);
    this.#sendNext();
  }

  /**
   * The peer has acknowledged this text.
   *
   * @returns whether that was awaited.
   */
  acknowledged(text: string): boolean {
    const answer = text.trimEnd();
    const current = this.#current;
    if (current?.deadline === undefined || current.outgoing.awaited.trimEnd() !== answer) {
      if (this.#lifetime.unawaited(answer)) this.#remember(answer, this.#lifetime.afterSending);
      return false;
    }
    this.#remember(answer, this.#lifetime.afterAnswer(answer));
    this.#settle("acknowledged");
    return true;
  }

  /** Drops what waits, and sends nothing any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#memory?.close();
    for (const deadline of this.#recent.values()) deadline.cancel();
    this.#recent.clear();
    this.#settle("dropped");
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.settled("dropped");
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#memory?.set(this.#bytes + this.#waiting.size * QUEUED_OVERHEAD);
  }

  #sendNext(): void {
    const outgoing = this.#waiting.peek();
    if (outgoing === undefined || this.#current !== undefined || this.#isClosed) return;
    const isWanted = outgoing.isWanted?.() ?? true;
    if (isWanted && (this.#recent.has(outgoing.awaited.trimEnd()) || this.#recent.size >= MAX_RECENT)) return;
    this.#waiting.shift();
    this.#count(-outgoing.datagram.length);
    if (!isWanted) {
      outgoing.settled("dropped");
      return this.#sendNext();
    }
    const current: Sending = { outgoing };
    this.#current = current;
    this.#send(outgoing.datagram, () => this.#goes(current));
  }

  /** It may go now: the time for its acknowledgement begins, unless it is not to go any more. */
  #goes(current: Sending): boolean {
    if (this.#current !== current) return false;
    if (current.outgoing.isWanted?.() === false) {
      this.#settle("dropped");
      return false;
    }
    current.deadline = this.#deadlines.set(ACK_MS, { expired: () => this.#settle("unacknowledged") });
    this.#remember(current.outgoing.awaited.trimEnd(), this.#lifetime.afterSending);
    return true;
  }

  #settle(result: AckResult): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    current.deadline?.cancel();
    current.outgoing.settled(result);
    this.#sendNext();
  }

  #remember(awaited: string, lifetime: number): void {
    if (lifetime === 0 || this.#isClosed) return;
    this.#recent.get(awaited)?.cancel();
    const forget = () => {
      this.#recent.delete(awaited);
      this.#sendNext();
    };
    this.#recent.set(awaited, this.#deadlines.set(lifetime, { expired: forget }));
  }
}
