/**
 * The bounded, incremental buffer that all codecs keep unfinished messages in.
 *
 * @module
 */

const SMALLEST = 256;

/**
 * Bytes of a message that is not complete yet. A message that arrives in one piece never comes here. Memory follows what
 * has arrived and not what was announced, and is given back when the message is complete.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const unfinished = new ReceiveBuffer();
 * unfinished.append(new Uint8Array([1, 2]));
 * unfinished.append(new Uint8Array([3]));
 * assertEquals(unfinished.take(), new Uint8Array([1, 2, 3]));
 * assertEquals(unfinished.size, 0);
 * ```
 */
export class ReceiveBuffer {
  #buffer: Uint8Array | undefined;
  #size = 0;

  /** How many bytes are kept. */
  get size(): number {
    return this.#size;
  }

  /** Copies bytes behind those that are kept. The caller minds the bound. */
  append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (this.#buffer === undefined || this.#buffer.length < size) {
      let capacity = this.#buffer?.length ?? SMALLEST;
      while (capacity < size) capacity *= 2;
      const buffer = new Uint8Array(capacity);
      if (this.#buffer !== undefined) buffer.set(this.#buffer.subarray(0, this.#size));
      this.#buffer = buffer;
    }
    this.#buffer.set(bytes, this.#size);
    this.#size = size;
  }

  /** Gives away all that is kept, and keeps nothing. */
  take(): Uint8Array {
    const bytes = this.#buffer === undefined ? new Uint8Array(0) : this.#buffer.subarray(0, this.#size);
    this.#buffer = undefined;
    this.#size = 0;
    return bytes;
  }
}
