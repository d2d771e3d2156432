/**
 * One direction of a connection in memory.
 *
 * @module
 */

import type { Runtime } from "../core/runtime.ts";
import { Fifo } from "../core/fifo.ts";
import type { Chance } from "./chance.ts";
import type { WireConditions } from "./conditions.ts";

/** What a wire is told at its start, and what it tells. */
export interface WireOptions extends WireConditions {
  /** Cuts what is written at once into the pieces in which it arrives, in place of chance; together they must be the whole. */
  readonly segment?: (bytes: Uint8Array) => Iterable<Uint8Array>;
}

/** What a wire tells of what happens on it. */
export interface WireEvents {
  /** Bytes were taken from the writer. They do not change afterwards. */
  taken(bytes: Uint8Array): void;
  /** Bytes were given to the reader. */
  given(count: number): void;
  /** The reader's side takes nothing for so many milliseconds. */
  stalled(duration: number): void;
  /** The connection has to be reset. */
  reset(): void;
}

/** What arrives besides bytes. */
type Arrival = Uint8Array | "end" | "reset";

// One of each for all: an error of its own for each connection costs a stack, which says nothing of who closed it.
const CLOSED = new Error("the connection is closed");
const WAS_RESET = new Error("the connection was reset");
const CLOSED_HERE = new Error("the connection was closed on this side");
const CLOSED_THERE = new Error("the peer has closed the connection");
const BROKEN = new Error("the connection is broken");

/**
 * Bytes go in at one end and come out at the other, in order, as with a socket: one reader and one writer at a time. What the
 * conditions do to them, chance decides.
 */
export class Wire {
  readonly #runtime: Runtime;
  readonly #chance: Chance;
  readonly #options: WireOptions;
  readonly #events: WireEvents;
  /** What has arrived and was not read. */
  readonly #arrived = new Fifo<Uint8Array>();
  /** How much of the first of it was read. */
  #consumed = 0;
  #unread = 0;
  #onTheWay = 0;
  #piecesOnTheWay = 0;
  /** When the last byte that was written has left, and when it arrives. */
  #leftAt = 0;
  #arrivesAt = 0;
  #reader: Reader | undefined;
  #writer: Writer | undefined;
  #stalls = 0;
  #isFinished = false;
  #hasArrivedWhole = false;
  #readFailure: Error | undefined;
  #writeFailure: Error | undefined;
  #isReaderGone = false;

  constructor(runtime: Runtime, chance: Chance, options: WireOptions, events: WireEvents) {
    this.#runtime = runtime;
    this.#chance = chance;
    this.#options = options;
    this.#events = events;
  }

  /** How many bytes were written and not yet read. */
  get held(): number {
    return this.#onTheWay + this.#unread;
  }

  /** How many bytes have arrived and were not yet read. */
  get unread(): number {
    return this.#unread;
  }

  /** Reads what has arrived, as much as `buffer` takes, and says how much, or `null` at the end. Fails once it is broken. */
  read(buffer: Uint8Array): Promise<number | null> {
    if (this.#readFailure !== undefined) return Promise.reject(this.#readFailure);
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    this.#reader = { buffer, resolve, reject };
    this.#giveOut();
    return promise;
  }

  /** Writes as much as there is room for, waiting until there is any, and says how much. Fails once it is broken. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#isFinished) this.#writeFailure ??= CLOSED;
    if (this.#writeFailure !== undefined) return Promise.reject(this.#writeFailure);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#writer = { bytes, resolve, reject };
    this.#takeIn();
    return promise;
  }

  /** Nothing more will be written: the reader gets what is held, and then the end. */
  finish(): void {
    if (this.#isFinished || this.#writeFailure !== undefined) return;
    this.#isFinished = true;
    this.#failWriter(CLOSED);
    this.#carry("end", 0);
  }

  /** The writer has broken off: the reader finds out when that has arrived, and loses what it has not read. */
  reset(): void {
    this.#failWriter(WAS_RESET);
    this.#carry("reset", 0);
  }

  /** The reader is gone for good: what is held is lost, and the writer finds out when that has arrived. */
  abandon(): void {
    if (this.#isReaderGone) return;
    this.#isReaderGone = true;
    this.#failReader(CLOSED_HERE);
    const { latency, jitter } = this.#options;
    this.#later(this.#chance.between(latency, latency + jitter), () => {
      this.#failWriter(CLOSED_THERE);
    });
  }

  /** Both ends lose it at once, with what is held. */
  break(): void {
    this.#failWriter(BROKEN);
    this.#failReader(BROKEN);
  }

  /** Lets nothing out until {@linkcode Wire.release}. */
  stall(): void {
    this.#stalls++;
  }

  /** Ends what {@linkcode Wire.stall} began. */
  release(): void {
    this.#stalls = Math.max(0, this.#stalls - 1);
    this.#giveOut();
  }

  #takeIn(): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    const { capacity } = this.#options;
    const room = capacity - this.held;
    // As with a socket, a full one has room again only when much was read: else all would arrive in crumbs.
    if (room < writer.bytes.length && room < capacity / 2) return;
    const taken = writer.bytes.slice(0, room);
    this.#writer = undefined;
    this.#events.taken(taken);
    for (const piece of this.#cut(taken)) if (piece.length > 0) this.#send(piece);
    writer.resolve(taken.length);
  }

  /** The pieces in which bytes arrive. */
  #cut(bytes: Uint8Array): Iterable<Uint8Array> {
    const { segment, cutting } = this.#options;
    if (segment !== undefined) return segment(bytes);
    if (!this.#chance.happens(cutting.share)) return [bytes];
    const pieces: Uint8Array[] = [];
    const [least, most] = cutting.sizes;
    for (let at = 0; at < bytes.length;) {
      const size = least + this.#chance.below(most - least + 1);
      pieces.push(bytes.subarray(at, at += size));
    }
    return pieces;
  }

  #send(piece: Uint8Array): void {
    const { resetting, stalling } = this.#options;
    if (this.#chance.happens(resetting)) return this.#events.reset();
    if (this.#chance.happens(stalling.share)) {
      const duration = this.#chance.between(0, stalling.longest);
      this.#events.stalled(duration);
      this.stall();
      this.#later(duration, () => this.release());
    }
    this.#onTheWay += piece.length;
    this.#carry(piece, piece.length);
  }

  /** Has something arrive when its time has come, behind all that was sent before. */
  #carry(what: Arrival, size: number): void {
    const { latency, jitter, bandwidth } = this.#options;
    const now = this.#runtime.now();
    this.#leftAt = Math.max(now, this.#leftAt) + size / bandwidth;
    const onTheWay = jitter === 0 ? latency : latency + this.#chance.number() * jitter;
    this.#arrivesAt = Math.max(this.#arrivesAt, this.#leftAt + onTheWay);
    const delay = this.#arrivesAt - now;
    if (delay <= 0 && this.#piecesOnTheWay === 0) return this.#arrive(what);
    this.#piecesOnTheWay++;
    this.#runtime.after(delay, () => {
      this.#piecesOnTheWay--;
      this.#arrive(what);
    });
  }

  #later(delay: number, act: () => void): void {
    if (delay <= 0) act();
    else this.#runtime.after(delay, act);
  }

  #arrive(what: Arrival): void {
    if (what === "reset") return this.#failReader(new Error("the connection was reset by the peer"));
    if (what === "end") this.#hasArrivedWhole = true;
    else {
      this.#onTheWay -= what.length;
      if (this.#readFailure === undefined) {
        this.#arrived.push(what);
        this.#unread += what.length;
      }
    }
    this.#giveOut();
    this.#takeIn();
  }

  /** Gives the reader what it waits for, if that is there. */
  #giveOut(): void {
    const reader = this.#reader;
    if (reader === undefined || this.#stalls > 0) return;
    if (this.#unread > 0) {
      const isWhole = this.#chance.happens(this.#options.coalescing);
      let count = 0;
      do count += this.#move(reader.buffer.subarray(count)); while (
        isWhole && this.#unread > 0 && count < reader.buffer.length
      );
      this.#reader = undefined;
      this.#events.given(count);
      reader.resolve(count);
      this.#takeIn();
    } else if (this.#hasArrivedWhole) {
      this.#reader = undefined;
      reader.resolve(null);
    }
  }

  /** Moves as much of the first piece as fits. */
  #move(buffer: Uint8Array): number {
    const piece = this.#arrived.peek()!;
    const count = Math.min(piece.length - this.#consumed, buffer.length);
    buffer.set(piece.subarray(this.#consumed, this.#consumed + count));
    this.#consumed += count;
    this.#unread -= count;
    if (this.#consumed === piece.length) {
      this.#arrived.shift();
      this.#consumed = 0;
    }
    return count;
  }

  #failReader(failure: Error): void {
    if (this.#readFailure !== undefined) return;
    this.#readFailure = failure;
    while (this.#arrived.shift() !== undefined);
    this.#unread = this.#consumed = 0;
    this.#reader?.reject(failure);
    this.#reader = undefined;
    this.#takeIn();
  }

  #failWriter(failure: Error): void {
    this.#writeFailure ??= failure;
    this.#writer?.reject(failure);
    this.#writer = undefined;
  }
}

interface Reader {
  readonly buffer: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: Error) => void;
}

interface Writer {
  readonly bytes: Uint8Array;
  readonly resolve: (count: number) => void;
  readonly reject: (error: Error) => void;
}
