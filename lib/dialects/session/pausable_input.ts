/**
 * A stream of pieces that can be stopped between two messages.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";

/**
 * Hands pieces on to a decoder, and keeps what arrives while it is held. Pausing a link is not enough for that: one piece
 * may hold thousands of messages. What is kept is bounded by what a paused link still delivers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const seen: number[] = [];
 * const intake: PausableInput = new PausableInput((bytes) => {
 *   seen.push(bytes[0]!);
 *   intake.hold();
 *   return 1;
 * });
 * intake.push(new Uint8Array([1, 2, 3]));
 * assertEquals(seen, [1]);
 * intake.release();
 * assertEquals(seen, [1, 2]);
 * ```
 */
export class PausableInput {
  readonly #take: (bytes: Uint8Array) => number;
  readonly #kept = new Fifo<Uint8Array>();
  /** How many bytes of the first piece that is kept are taken already. */
  #taken = 0;
  #isHeld = false;
  #isRunning = false;
  #isStopped = false;

  /**
   * @param take the decoder: it gives how many bytes it took, at least one, and fewer than there were if it was held.
   */
  constructor(take: (bytes: Uint8Array) => number) {
    this.#take = take;
  }

  /** Whether the decoder has to stop behind the message that it is at. */
  get isHeld(): boolean {
    return this.#isHeld || this.#isStopped;
  }

  /** Whether the decoder is at a piece: what happens now is due to what the peer has just sent. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether everything that arrived has been taken. */
  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** The next piece arrived; it is only read during this call. */
  push(bytes: Uint8Array): void {
    if (this.#isStopped) return;
    let taken = 0;
    if (this.#kept.size === 0 && !this.#isRunning) {
      this.#isRunning = true;
      while (taken < bytes.length && !this.isHeld) taken += this.#take(taken === 0 ? bytes : bytes.subarray(taken));
      this.#isRunning = false;
    }
    if (taken < bytes.length && !this.#isStopped) this.#kept.push(bytes.slice(taken));
    this.#goOn();
  }

  /** Hands nothing on until {@linkcode PausableInput.release}. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Hands on what was kept. */
  release(): void {
    this.#isHeld = false;
    this.#goOn();
  }

  /** Throws away what is kept, and all that comes. */
  stop(): void {
    this.#isStopped = true;
    while (this.#kept.shift() !== undefined);
  }

  #goOn(): void {
    // A message that is being handled may release: the loop below, or in `push`, goes on behind it.
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let piece = this.#kept.peek(); piece !== undefined && !this.isHeld; piece = this.#kept.peek()) {
      this.#taken += this.#take(piece.subarray(this.#taken));
      if (this.#isStopped || this.#taken < piece.length) continue;
      this.#kept.shift();
      this.#taken = 0;
    }
    this.#isRunning = false;
  }
}
