/**
 * slash on the wire, from a client: bytes to texts, without I/O. The first input decides how the client speaks (PROTOCOLS.md,
 * slash).
 *
 * @module
 */

import { LineDecoder, type LineSink, MAX_LINE } from "../text/line_decoder.ts";
import { ReadDecoder } from "../session/reads.ts";

/** How a client divides what it says: with a line break behind each message, or by writes of at most {@linkcode MAX_LINE} bytes. */
export type SlashFraming = "lines" | "writes";

const NEWLINE = 10;

/**
 * A push parser. As long as no line break has come, nobody can tell: what has come is kept until one does, or until
 * {@linkcode SlashDecoder.settle}, since an alias may arrive in pieces.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts: string[] = [];
 * const decoder = new SlashDecoder({
 *   line: (bytes) => texts.push(new TextDecoder().decode(bytes)),
 *   tooLong: () => {},
 *   isHeld: false,
 * });
 * const encoder = new TextEncoder();
 * for (const piece of ["al", "ice"]) decoder.push(encoder.encode(piece));
 * assertEquals([decoder.framing, texts], [undefined, []]);
 * decoder.push(decoder.settle());
 * for (const piece of ["/users", "/quit"]) decoder.push(encoder.encode(piece));
 * assertEquals([decoder.framing, texts], ["writes", ["alice", "/users", "/quit"]]);
 * ```
 */
export class SlashDecoder {
  readonly #lines: LineDecoder;
  readonly #writes: ReadDecoder;
  #framing: SlashFraming | undefined;

  constructor(sink: LineSink) {
    this.#lines = new LineDecoder(MAX_LINE, sink);
    this.#writes = new ReadDecoder(MAX_LINE, sink);
  }

  /** How the client divides what it says; `undefined` while that is open. */
  get framing(): SlashFraming | undefined {
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
    if (this.#framing === undefined && bytes.includes(NEWLINE)) this.#framing = "lines";
    return this.#decoder.push(bytes);
  }

  /** No line break has come: from now on each write is a message. Gives back the first, which is to be pushed again. */
  settle(): Uint8Array {
    this.#framing ??= "writes";
    return this.#framing === "writes" ? this.#lines.takeUnfinished() : new Uint8Array();
  }

  get #decoder(): LineDecoder | ReadDecoder {
    return this.#framing === "writes" ? this.#writes : this.#lines;
  }
}
