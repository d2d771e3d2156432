/**
 * Buffers that links borrow while bytes move, so that an idle link holds next to nothing.
 *
 * @module
 */

/** The smallest buffer handed out, in bytes: enough for a line of chat and its header. Every idle link waits with one. */
export const SMALLEST_BUFFER = 256;
/** The largest buffer that is kept for the next borrower, in bytes; larger ones are made and dropped. */
export const LARGE_BUFFER = 32768;
/** How much of each size is kept while nobody needs it, in bytes. */
const KEPT_BYTES_PER_SIZE = 2 * 1024 * 1024;
/** How many of the smallest buffers share one piece of memory: each of its own would take more than twice its size. */
const SMALLEST_AT_ONCE = 128;
/** How many links may hold a large buffer while they wait: 8 MiB in all. */
const MAX_HOLDERS = 256;

/**
 * Buffers of the sizes 256 B, 512 B, 1 KiB, … shared by the links of one listener. What comes back is kept for the next
 * borrower, up to 2 MiB a size and 32 KiB a buffer. Buffers come with whatever their last borrower wrote.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pool = new BufferPool();
 * const buffer = pool.borrow(700);
 * assertEquals(buffer.length, 1024);
 * pool.giveBack(buffer);
 * assertEquals(pool.borrow(1024) === buffer, true);
 * ```
 */
export class BufferPool {
  /** Indexed by how many times the smallest size was doubled. */
  readonly #kept: Uint8Array<ArrayBuffer>[][] = [];
  #holders = 0;
  /** What the smallest buffers are cut from, and how much of it is cut off. */
  #piece: ArrayBuffer | undefined;
  #cut = 0;

  /** Lends a buffer of at least this many bytes, the next power of two. */
  borrow(size: number): Uint8Array<ArrayBuffer> {
    const doublings = size <= SMALLEST_BUFFER ? 0 : 32 - Math.clz32((size - 1) >>> Math.log2(SMALLEST_BUFFER));
    const buffer = this.#kept[doublings]?.pop();
    if (buffer !== undefined) return buffer;
    return doublings === 0 ? this.#smallest() : new Uint8Array(SMALLEST_BUFFER * 2 ** doublings);
  }

  #smallest(): Uint8Array<ArrayBuffer> {
    if (this.#piece === undefined || this.#cut === this.#piece.byteLength) {
      this.#piece = new ArrayBuffer(SMALLEST_BUFFER * SMALLEST_AT_ONCE);
      this.#cut = 0;
    }
    const buffer = new Uint8Array(this.#piece, this.#cut, SMALLEST_BUFFER);
    this.#cut += SMALLEST_BUFFER;
    return buffer;
  }

  /** Returns a buffer that came from {@linkcode BufferPool.borrow} and that nobody uses any more. */
  giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    const size = buffer.length;
    if (size > LARGE_BUFFER) return;
    const kept = this.#kept[31 - Math.clz32(size / SMALLEST_BUFFER)] ??= [];
    if (kept.length < KEPT_BYTES_PER_SIZE / size) kept.push(buffer);
  }

  /** Whether one more link may hold a large buffer while it waits for bytes; {@linkcode BufferPool.releaseLarge} ends it. */
  holdLarge(): boolean {
    if (this.#holders === MAX_HOLDERS) return false;
    this.#holders++;
    return true;
  }

  /** A link that was allowed to hold a large buffer does not hold it any more. */
  releaseLarge(): void {
    this.#holders--;
  }
}
