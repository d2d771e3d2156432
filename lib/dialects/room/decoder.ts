/**
 * room on the wire: bytes to texts, without I/O. Nothing divides messages there, so that the first input decides how the
 * client speaks (PROTOCOLS.md, room).
 *
 * @module
 */

import { LineDecoder, type LineSink, MAX_LINE } from "../text/line_decoder.ts";
import { ReadDecoder } from "../session/reads.ts";

/** How many bytes the document's programs read at a time. */
export const MAX_READ = 1024;

/** How a client divides what it says: with a line break behind each message, or by reads of at most {@linkcode MAX_READ} bytes. */
export type RoomFraming = "lines" | "reads";

const NEWLINE = 10;

/**
 * A push parser. With reads, a message is what arrives in one piece, as for the document's own server; a character that
 * was cut by that is kept for the next one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts: string[] = [];
 * const decoder = new RoomDecoder({
 *   line: (bytes) => texts.push(new TextDecoder().decode(bytes)),
 *   tooLong: () => {},
 *   isHeld: false,
 * });
 * for (const piece of ["alice", "hi", "#quit"]) decoder.push(new TextEncoder().encode(piece));
 * assertEquals([decoder.framing, texts], ["reads", ["alice", "hi", "#quit"]]);
 * ```
 */
export class RoomDecoder {
  readonly #lines: LineDecoder;
  readonly #reads: ReadDecoder;
  #framing: RoomFraming | undefined;

  /** A message is never too long with reads. */
  constructor(sink: LineSink) {
    this.#lines = new LineDecoder(MAX_LINE, sink);
    this.#reads = new ReadDecoder(MAX_READ, sink);
  }

  /** How the client divides what it says; `undefined` before its first input. */
  get framing(): RoomFraming | undefined {
    return this.#framing;
  }

  /** How many messages were complete. */
  get complete(): number {
    return this.#decoder.complete;
  }

  /** 0 between two messages; amid a message its number, counted from 1. */
  get unfinished(): number {
    return this.#decoder.unfinished;
  }

  /**
   * Reads the next piece of the stream.
   *
   * @returns how many bytes of it: fewer than all if held.
   */
  push(bytes: Uint8Array): number {
    // A name with a line break in it is a line, even if more has come behind it.
    this.#framing ??= bytes.includes(NEWLINE) ? "lines" : "reads";
    return this.#decoder.push(bytes);
  }

  get #decoder(): LineDecoder | ReadDecoder {
    return this.#framing === "lines" ? this.#lines : this.#reads;
  }
}
