/**
 * How much a link reads at once.
 *
 * @module
 */

import { type BufferPool, LARGE_BUFFER, SMALLEST_BUFFER } from "./buffers.ts";

/**
 * After how many short reads in a row a large buffer is let go. Not after the first: a read that is cut short by a small
 * buffer cuts what is passed on as well, which nearly doubles the cost of messages that come a dozen at once.
 */
export const SHORT_READS = 16;

/**
 * The buffer that a link reads into. A read holds its buffer for as long as it waits, which for an idle link is for ever;
 * so links wait with a small buffer, and one that was filled is followed by a large one. A link that goes on receiving
 * much at once holds on to the large one, which saves it every other read, as long as only so many others do
 * ({@linkcode BufferPool.holdLarge}).
 */
export class ReadBuffer {
  readonly #pool: BufferPool;
  readonly #small: number;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #isHeld = false;
  #patience = 0;

  /** Borrows from a pool; waits with a buffer of this many bytes, a power of two, at least {@linkcode SMALLEST_BUFFER}. */
  constructor(pool: BufferPool, small: number = SMALLEST_BUFFER) {
    this.#pool = pool;
    this.#small = small;
  }

  /** The buffer for the next read. */
  get(): Uint8Array<ArrayBuffer> {
    return this.#buffer ??= this.#pool.borrow(this.#small);
  }

  /** The read gave this many bytes, and they are dealt with: chooses the buffer for the next one. */
  wasRead(count: number): void {
    const isLarge = this.get().length > this.#small;
    // Whatever fills a buffer has left more behind, so that the next read need not wait.
    const moreIsWaiting = count === this.get().length;
    this.#patience = count >= this.#small ? SHORT_READS : Math.max(0, this.#patience - 1);
    const mayHold = this.#patience > 0;
    if (mayHold !== this.#isHeld) {
      if (this.#isHeld) this.#pool.releaseLarge();
      this.#isHeld = mayHold && this.#pool.holdLarge();
    }
    const wantsLarge = moreIsWaiting || this.#isHeld;
    if (wantsLarge !== isLarge) this.#swap(wantsLarge ? LARGE_BUFFER : this.#small);
  }

  /** No read is under way, and none is to follow soon. */
  giveBack(): void {
    if (this.#isHeld) this.#pool.releaseLarge();
    this.#isHeld = false;
    if (this.#buffer !== undefined) this.#pool.giveBack(this.#buffer);
    this.#buffer = undefined;
  }

  #swap(size: number): void {
    if (this.#buffer !== undefined) this.#pool.giveBack(this.#buffer);
    this.#buffer = this.#pool.borrow(size);
  }
}
