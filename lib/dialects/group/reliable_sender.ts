/**
 * What one peer is to be told and has to acknowledge.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { type Queued, QUEUED_OVERHEAD } from "../../core/queued.ts";
import { Fifo } from "../../core/fifo.ts";
import { ACK_MS, type Lifetime } from "./times.ts";

/** What became of a letter. */
export type AckResult =
  /** The peer has it. */
  | "acknowledged"
  /** The peer did not say so in time. */
  | "unacknowledged"
  /** It was not sent, or nobody waits for the peer's word any more. */
  | "dropped";

/** A datagram that must be acknowledged. */
export interface OutgoingDatagram {
  /** What is sent, once. */
  readonly datagram: Uint8Array;
  /** The text of its acknowledgement. */
  readonly awaited: string;
  /** Whether it is still to be sent when its turn comes; it is dropped if not. */
  isWanted?(): boolean;
  /** Told exactly once what became of it. */
  settled(fate: AckResult): void;
}

/**
 * Sends a datagram, at once or when it may go. `goes` is called just before; if it says `false`, the datagram is not wanted any
 * more.
 */
export type Send = (datagram: Uint8Array, goes: () => boolean) => void;

/** How many letters may wait. */
const MAX_LETTERS = 256;
/** How many bytes may wait. */
const MAX_BYTES = 256 * 1024;
/** How many acknowledgements that could still come twice are kept in mind; the next letter waits until there are fewer. */
const MAX_RECENT = 64;

/**
 * Sends letters to one peer, one at a time and in order. An acknowledgement is all text and no number: a letter that awaits
 * the same text as one before it is held back until no copy of that one's acknowledgement can arrive any more. So none is
 * taken for acknowledged that was not.
 */
export class ReliableSender {
  readonly #deadlines: Deadlines;
  readonly #lifetime: Lifetime;
  readonly #send: Send;
  readonly #waiting = new Fifo<OutgoingDatagram>();
  readonly #memory: Queued | undefined;
  #bytes = 0;
  /** The letter whose turn it is; on its way once it has a deadline. */
  #current: { readonly letter: OutgoingDatagram; deadline?: Deadline } | undefined;
  readonly #recent = new Map<string, Deadline>();
  #isClosed = false;

  /** Takes the time, how long the peer's answers live, what sends a datagram there, and what counts the memory. */
  constructor(deadlines: Deadlines, lifetime: Lifetime, send: Send, memory?: Queued) {
    this.#memory = memory;
    this.#deadlines = deadlines;
    this.#lifetime = lifetime;
    this.#send = send;
  }

  /** Whether a letter waits, or waits for its acknowledgement. */
  get isBusy(): boolean {
    return this.#current !== undefined || this.#waiting.size > 0;
  }

  /** Whether letters of so many bytes in all can be taken. */
  hasRoomFor(letters: number, bytes: number): boolean {
    return !this.#isClosed && this.#waiting.size + letters <= MAX_LETTERS && this.#bytes + bytes <= MAX_BYTES;
  }

  /** Sends a letter when its turn comes. The caller has asked whether there is room. */
  post(letter: OutgoingDatagram): void {
    if (this.#isClosed) return letter.settled("dropped");
    this.#waiting.push(letter);
    this.#count(letter.datagram.length);
    this.#sendNext();
  }

  /** The peer has acknowledged this text; says whether that was awaited. */
  acknowledged(text: string): boolean {
    const answer = text.trimEnd();
    const current = this.#current;
    if (current?.deadline === undefined || current.letter.awaited.trimEnd() !== answer) {
      if (this.#lifetime.unawaited(answer)) this.#remember(answer, this.#lifetime.afterSending);
      return false;
    }
    this.#remember(answer, this.#lifetime.afterAnswer(answer));
    this.#settle("acknowledged");
    return true;
  }

  /** Gives up what waits, and sends nothing any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#memory?.close();
    for (const deadline of this.#recent.values()) deadline.cancel();
    this.#recent.clear();
    this.#settle("dropped");
    for (let letter = this.#waiting.shift(); letter !== undefined; letter = this.#waiting.shift()) {
      letter.settled("dropped");
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#memory?.set(this.#bytes + this.#waiting.size * QUEUED_OVERHEAD);
  }

  #sendNext(): void {
    const letter = this.#waiting.peek();
    if (letter === undefined || this.#current !== undefined || this.#isClosed) return;
    const isWanted = letter.isWanted?.() ?? true;
    if (isWanted && (this.#recent.has(letter.awaited.trimEnd()) || this.#recent.size >= MAX_RECENT)) return;
    this.#waiting.shift();
    this.#count(-letter.datagram.length);
    if (!isWanted) {
      letter.settled("dropped");
      return this.#sendNext();
    }
    const current: { readonly letter: OutgoingDatagram; deadline?: Deadline } = { letter };
    this.#current = current;
    this.#send(letter.datagram, () => this.#goes(current));
  }

  /** It may go now: the time for its acknowledgement begins, unless it is not to go any more. */
  #goes(current: { readonly letter: OutgoingDatagram; deadline?: Deadline }): boolean {
    if (this.#current !== current) return false;
    if (current.letter.isWanted?.() === false) {
      this.#settle("dropped");
      return false;
    }
    current.deadline = this.#deadlines.set(ACK_MS, { expired: () => this.#settle("unacknowledged") });
    this.#remember(current.letter.awaited.trimEnd(), this.#lifetime.afterSending);
    return true;
  }

  #settle(fate: AckResult): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    current.deadline?.cancel();
    current.letter.settled(fate);
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
