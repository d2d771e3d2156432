/**
 * Divides what went over the wire into messages, each where it belongs among all that happened.
 *
 * @module
 */

import type { SessionEvent } from "./history.ts";
import type { DialectReading, SessionMessage, Speaker } from "./reading.ts";

/** A message, or the part of it that came at once. */
export interface MessagePart {
  /** The event with which it was there. */
  readonly at: number;
  /** The whole message, as far as it ever came. */
  readonly message: SessionMessage;
  /** From which byte of it to which. */
  readonly range: readonly [begin: number, end: number];
}

/** Bytes of one event that are not part of a message yet. */
interface Piece {
  readonly at: number;
  readonly length: number;
}

/**
 * Finds the messages of a session, in the order in which they were complete. One that came in pieces is divided where something else
 * happened meanwhile that may depend on it: what a client says, wherever anything else happened; what a server says, where a client
 * said something.
 */
export function recordedParts(events: readonly SessionEvent[], reading: Pick<DialectReading, "cut">): MessagePart[] {
  const streams = new Map<string, StreamDivider>();
  const parts: MessagePart[] = [];
  const streamOf = (connection: number, from: Speaker) => {
    const key = `${from} ${connection}`;
    const known = streams.get(key) ?? new StreamDivider(connection, from, events, reading);
    streams.set(key, known);
    return known;
  };
  for (const [at, { connection, kind, bytes }] of events.entries()) {
    if (kind === "sent") parts.push(...streamOf(connection, "client").push(at, bytes));
    if (kind === "received") parts.push(...streamOf(connection, "server").push(at, bytes));
  }
  for (const stream of streams.values()) parts.push(...stream.rest());
  return parts.sort((a, b) => a.at - b.at);
}

/** Divides what one side says on one connection. */
class StreamDivider {
  readonly #connection: number;
  readonly #from: Speaker;
  readonly #events: readonly SessionEvent[];
  readonly #reading: Pick<DialectReading, "cut">;
  #bytes = new Uint8Array();
  #pieces: Piece[] = [];
  #isFirst = true;

  constructor(
    connection: number,
    from: Speaker,
    events: readonly SessionEvent[],
    reading: Pick<DialectReading, "cut">,
  ) {
    this.#connection = connection;
    this.#from = from;
    this.#events = events;
    this.#reading = reading;
  }

  push(at: number, bytes: Uint8Array): MessagePart[] {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    this.#pieces.push({ at, length: bytes.length });
    const parts: MessagePart[] = [];
    while (this.#bytes.length > 0) {
      const length = this.#reading.cut(this.#message(this.#bytes));
      if (length === 0) break;
      parts.push(...this.#take(length));
    }
    return parts;
  }

  /** What was never whole. */
  rest(): MessagePart[] {
    return this.#bytes.length === 0 ? [] : this.#take(this.#bytes.length);
  }

  #message(bytes: Uint8Array): SessionMessage {
    return { connection: this.#connection, from: this.#from, bytes, isFirst: this.#isFirst };
  }

  #take(length: number): MessagePart[] {
    const message = this.#message(this.#bytes.subarray(0, length));
    this.#bytes = this.#bytes.subarray(length);
    this.#isFirst = false;
    const parts: MessagePart[] = [];
    let [begin, end, last] = [0, 0, -1];
    while (end < length) {
      const [piece, ...others] = this.#pieces as [Piece];
      const taken = Math.min(piece.length, length - end);
      if (last >= 0 && this.#isDivided(last, piece.at)) {
        parts.push({ at: last, message, range: [begin, end] });
        begin = end;
      }
      end += taken;
      last = piece.at;
      const left = piece.length - taken;
      this.#pieces = left > 0 ? [{ at: piece.at, length: left }, ...others] : others;
    }
    return [...parts, { at: last, message, range: [begin, end] }];
  }

  #isDivided(from: number, to: number): boolean {
    const between = this.#events.slice(from + 1, to);
    return this.#from === "server"
      ? between.some(({ kind }) => kind === "sent")
      : between.some(({ connection, kind }) => connection !== this.#connection || kind !== "sent");
  }
}
