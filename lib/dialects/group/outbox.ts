/**
 * What one peer is to be told and has to acknowledge.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../chat/deadlines.ts";
import { Fifo } from "../../chat/fifo.ts";
import { ACK_MS } from "./times.ts";

/** What became of a letter. */
export type Fate =
  /** The peer has it. */
  | "acknowledged"
  /** The peer did not say so in time. */
  | "unacknowledged"
  /** It was not sent, or nobody waits for the peer's word any more. */
  | "dropped";

/** A datagram that must be acknowledged. */
export interface Letter {
  /** What is sent, once. */
  readonly datagram: Uint8Array;
  /** The text of its acknowledgement. */
  readonly awaited: string;
  /** Whether it is still to be sent when its turn comes; it is dropped if not. */
  isWanted?(): boolean;
  /** Told exactly once what became of it. */
  settled(fate: Fate): void;
}

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
export class Outbox {
  readonly #deadlines: Deadlines;
  readonly #lifetime: number;
  readonly #send: (datagram: Uint8Array) => void;
  readonly #waiting = new Fifo<Letter>();
  #bytes = 0;
  #current: { readonly letter: Letter; readonly deadline: Deadline } | undefined;
  readonly #recent = new Map<string, Deadline>();
  #isClosed = false;

  /** Takes the time, how long the peer's answers live (in milliseconds), and what sends a datagram there. */
  constructor(deadlines: Deadlines, lifetime: number, send: (datagram: Uint8Array) => void) {
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
  post(letter: Letter): void {
    if (this.#isClosed) return letter.settled("dropped");
    this.#waiting.push(letter);
    this.#bytes += letter.datagram.length;
    this.#sendNext();
  }

  /** The peer has acknowledged this text; says whether that was awaited. */
  acknowledged(text: string): boolean {
    if (this.#current === undefined || this.#current.letter.awaited.trimEnd() !== text.trimEnd()) return false;
    this.#settle("acknowledged");
    return true;
  }

  /** Gives up what waits, and sends nothing any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const deadline of this.#recent.values()) deadline.cancel();
    this.#recent.clear();
    this.#settle("dropped");
    for (let letter = this.#waiting.shift(); letter !== undefined; letter = this.#waiting.shift()) {
      letter.settled("dropped");
    }
  }

  #sendNext(): void {
    const letter = this.#waiting.peek();
    if (letter === undefined || this.#current !== undefined || this.#isClosed) return;
    const isWanted = letter.isWanted?.() ?? true;
    if (isWanted && (this.#recent.has(letter.awaited.trimEnd()) || this.#recent.size >= MAX_RECENT)) return;
    this.#waiting.shift();
    this.#bytes -= letter.datagram.length;
    if (!isWanted) {
      letter.settled("dropped");
      return this.#sendNext();
    }
    const deadline = this.#deadlines.set(ACK_MS, { expired: () => this.#settle("unacknowledged") });
    this.#current = { letter, deadline };
    this.#remember(letter.awaited.trimEnd());
    this.#send(letter.datagram);
  }

  #settle(fate: Fate): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    current.deadline.cancel();
    current.letter.settled(fate);
    this.#sendNext();
  }

  #remember(awaited: string): void {
    if (this.#lifetime === 0) return;
    const forget = () => {
      this.#recent.delete(awaited);
      this.#sendNext();
    };
    this.#recent.set(awaited, this.#deadlines.set(this.#lifetime, { expired: forget }));
  }
}
