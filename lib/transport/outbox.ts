/**
 * The bytes that wait to be written to one peer: bounded, in order, and in one piece.
 *
 * @module
 */

import { type Queued, QUEUED_OVERHEAD } from "../core/queued.ts";
import type { BufferPool } from "./buffers.ts";

/** The bound of a queue where none is given, in bytes. */
export const DEFAULT_MAX_QUEUE = 1024 * 1024;

/** What is borrowed at first, in bytes: a few messages, so that not each of them moves those before it to a larger buffer. */
const USUAL_QUEUE = 1024;

/**
 * The outgoing queue of a link. Bytes are copied in; while one buffer is being written, the next one fills, so that one
 * write carries all that waits. An empty queue holds no buffer. Does no I/O.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BufferPool } from "./buffers.ts";
 *
 * const outbox = new Outbox(new BufferPool());
 * outbox.push(new TextEncoder().encode("HEL"));
 * outbox.push(new TextEncoder().encode("LO"));
 * assertEquals(new TextDecoder().decode(outbox.next()), "HELLO");
 * outbox.advance(4);
 * assertEquals(new TextDecoder().decode(outbox.next()), "O");
 * outbox.advance(1);
 * assertEquals(outbox.next(), undefined);
 * ```
 */
export class Outbox {
  readonly #pool: BufferPool;
  readonly #maxQueue: number;
  readonly #memory: Queued | undefined;
  /** What is being written, from `#start` to `#end`. */
  #writing: Uint8Array<ArrayBuffer> | undefined;
  #start = 0;
  #end = 0;
  /** What waits behind it, from 0 to `#fill`. */
  #filling: Uint8Array<ArrayBuffer> | undefined;
  #fill = 0;
  /** Offsets in the stream of all bytes ever queued. */
  #pushed = 0;
  #handedOver = 0;
  #firstWaiting: Waiting | undefined;
  #lastWaiting: Waiting | undefined;
  /** How many wait. */
  #waiters = 0;

  /** Borrows its buffers from a pool, and holds at most `maxQueue` bytes. What memory that takes is counted where there is `memory`. */
  constructor(pool: BufferPool, maxQueue: number = DEFAULT_MAX_QUEUE, memory?: Queued) {
    this.#memory = memory;
    this.#pool = pool;
    this.#maxQueue = maxQueue;
  }

  /** How many bytes are queued and not yet handed over. */
  get queued(): number {
    return this.#pushed - this.#handedOver;
  }

  /** How many bytes were handed over since the beginning. */
  get handedOver(): number {
    return this.#handedOver;
  }

  /** Copies bytes to the end of the queue; `false`, and nothing is queued, if that would exceed the bound. */
  push(bytes: Uint8Array): boolean {
    if (this.queued + bytes.length > this.#maxQueue) return false;
    if (bytes.length === 0) return true;
    const end = this.#fill + bytes.length;
    const isFull = end > (this.#filling?.length ?? 0);
    if (this.#filling === undefined) this.#filling = this.#pool.borrow(Math.max(end, USUAL_QUEUE));
    else if (isFull) this.#grow(end);
    this.#filling.set(bytes, this.#fill);
    this.#fill = end;
    this.#pushed += bytes.length;
    if (isFull) this.#count();
    return true;
  }

  /**
   * Counts bytes that will never be handed over, and that nothing can follow: whoever waits for them or for later ones is
   * called back by {@linkcode Outbox.clear}.
   */
  drop(count: number): void {
    this.#pushed += count;
  }

  /** What is to be written next, all in one piece; valid until {@linkcode Outbox.advance}. `undefined` if nothing is. */
  next(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#writing === undefined) {
      if (this.#filling === undefined) return undefined;
      this.#writing = this.#filling;
      this.#start = 0;
      this.#end = this.#fill;
      this.#filling = undefined;
      this.#fill = 0;
    }
    return this.#writing.subarray(this.#start, this.#end);
  }

  /**
   * The first `count` bytes of {@linkcode Outbox.next} were handed over: calls back those who waited for no more than
   * that. If one of them throws, so does this; calling `advance(0)` calls back the others.
   */
  advance(count: number): void {
    this.#handedOver += count;
    this.#start += count;
    if (this.#writing !== undefined && this.#start === this.#end) {
      this.#pool.giveBack(this.#writing);
      this.#writing = undefined;
    }
    this.#callBack(this.#handedOver, true);
    this.#count();
  }

  /** Has `callback` called by {@linkcode Outbox.advance} (`true`) once all queued so far is handed over, or by {@linkcode Outbox.clear}. */
  whenHandedOver(callback: (handedOver: boolean) => void): void {
    const waiting: Waiting = { offset: this.#pushed, callback, next: undefined };
    if (this.#lastWaiting === undefined) this.#firstWaiting = waiting;
    else this.#lastWaiting.next = waiting;
    this.#lastWaiting = waiting;
    this.#waiters++;
    this.#count();
  }

  /**
   * Throws away what is queued, for good, and calls back (`false`) all who wait for it. If a callback throws, so does
   * this; calling it again calls back the others.
   */
  clear(): void {
    if (this.#filling !== undefined) this.#pool.giveBack(this.#filling);
    // A write that is under way may still be reading the other one.
    this.#writing = this.#filling = undefined;
    this.#callBack(this.#handedOver, true);
    this.#callBack(Infinity, false);
    this.#count();
  }

  /** Buffers count whole, however little is in them. */
  #count(): void {
    const buffers = (this.#writing?.length ?? 0) + (this.#filling?.length ?? 0);
    this.#memory?.set(buffers + this.#waiters * QUEUED_OVERHEAD);
  }

  #grow(size: number): void {
    const small = this.#filling!;
    this.#filling = this.#pool.borrow(size);
    this.#filling.set(small.subarray(0, this.#fill));
    this.#pool.giveBack(small);
  }

  #callBack(offset: number, handedOver: boolean): void {
    while (this.#firstWaiting !== undefined && this.#firstWaiting.offset <= offset) {
      const { callback, next } = this.#firstWaiting;
      this.#firstWaiting = next;
      this.#waiters--;
      if (next === undefined) this.#lastWaiting = undefined;
      callback(handedOver);
    }
  }
}

/** Somebody who waits for an offset; those of one queue are a list in order. */
interface Waiting {
  readonly offset: number;
  readonly callback: (handedOver: boolean) => void;
  next: Waiting | undefined;
}
