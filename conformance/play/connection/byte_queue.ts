/**
 * Bytes that arrive at one end and are taken from the other.
 *
 * @module
 */

/** A queue of bytes that can be looked at as a whole. */
export class ByteQueue {
  #buffer = new Uint8Array(1024);
  #start = 0;
  #end = 0;

  /** All bytes in the queue; only valid until the next call. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Copies bytes to the end. */
  append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Removes bytes from the beginning. */
  drop(count: number): void {
    this.#start += count;
  }

  /** Removes all bytes. */
  clear(): void {
    this.#start = this.#end = 0;
  }

  #makeRoom(count: number): void {
    const held = this.bytes;
    const needed = held.length + count;
    const buffer = new Uint8Array(Math.max(needed, 2 * held.length, 1024));
    buffer.set(held);
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = held.length;
  }
}
