/**
 * What clients of slash and room say on the wire: bytes to messages, without I/O. Nothing divides messages there that all agree on,
 * so that the first input decides how a client speaks (PROTOCOLS.md, slash and room).
 *
 * @module
 */

import { ReadDecoder } from "../session/reads.ts";
import { LineDecoder, type LineSink, MAX_LINE } from "./line_decoder.ts";

/** How a client divides what it says: with a line break behind each message, or by what it writes at once. */
export type TextFraming = "lines" | "reads";

/** What differs between the dialects. */
export interface InputDecoderOptions {
  /** How many bytes the document's programs read at a time. */
  readonly maxRead: number;
  /**
   * Whether a first input without a line break is a message at once. Otherwise nobody can tell yet: it is kept until a line break
   * comes, or until {@linkcode InputDecoder.settle}, since a name may arrive in pieces.
   */
  readonly decidesAtOnce: boolean;
}

const NEWLINE = 10;

/**
 * A push parser. With reads, a message is what arrives in one piece, as for the documents' own servers; a character that was cut
 * by that is kept for the next one, and no message is too long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts: string[] = [];
 * const sink = { line: (bytes: Uint8Array) => texts.push(new TextDecoder().decode(bytes)), tooLong: () => {}, isHeld: false };
 * const decoder = new InputDecoder(sink, { maxRead: 1024, decidesAtOnce: false });
 * const encoder = new TextEncoder();
 * for (const piece of ["al", "ice"]) decoder.push(encoder.encode(piece));
 * assertEquals([decoder.framing, texts], [undefined, []]);
 * decoder.push(decoder.settle());
 * for (const piece of ["/users", "/quit"]) decoder.push(encoder.encode(piece));
 * assertEquals([decoder.framing, texts], ["reads", ["alice", "/users", "/quit"]]);
 * ```
 */
export class InputDecoder {
  readonly #lines: LineDecoder;
  readonly #reads: ReadDecoder;
  readonly #decidesAtOnce: boolean;
  #framing: TextFraming | undefined;

  constructor(sink: LineSink, { maxRead, decidesAtOnce }: InputDecoderOptions) {
    this.#lines = new LineDecoder(MAX_LINE, sink);
    this.#reads = new ReadDecoder(maxRead, sink);
    this.#decidesAtOnce = decidesAtOnce;
  }

  /** How the client divides what it says; `undefined` while that is open. */
  get framing(): TextFraming | undefined {
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
    this.#framing ??= bytes.includes(NEWLINE) ? "lines" : this.#decidesAtOnce ? "reads" : undefined;
    return this.#decoder.push(bytes);
  }

  /** No line break has come: from now on each read is a message. Gives back the first, which is to be pushed again. */
  settle(): Uint8Array {
    this.#framing ??= "reads";
    return this.#framing === "reads" ? this.#lines.takeUnfinished() : new Uint8Array();
  }

  get #decoder(): LineDecoder | ReadDecoder {
    return this.#framing === "reads" ? this.#reads : this.#lines;
  }
}
