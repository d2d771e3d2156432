/**
 * room on the wire: bytes to texts, without I/O. Nothing divides messages there, so that the first input decides how the
 * client speaks (PROTOCOLS.md, room).
 *
 * @module
 */

import { Unfinished } from "../framing.ts";
import { LineDecoder, type LineSink, MAX_LINE } from "../lines.ts";

/** How many bytes the document's programs read at a time. */
export const MAX_READ = 1024;

/** How a client divides what it says: with a line break behind each message, or by reads of at most {@linkcode MAX_READ} bytes. */
export type Framing = "lines" | "reads";

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
  readonly #sink: LineSink;
  readonly #lines: LineDecoder;
  readonly #cut = new Unfinished();
  #framing: Framing | undefined;
  #complete = 0;

  /** Takes who is told each message; a message is never too long with reads. */
  constructor(sink: LineSink) {
    this.#sink = sink;
    this.#lines = new LineDecoder(MAX_LINE, sink);
  }

  /** How the client divides what it says; `undefined` before its first input. */
  get framing(): Framing | undefined {
    return this.#framing;
  }

  /** How many messages were complete. */
  get complete(): number {
    return this.#framing === "lines" ? this.#lines.complete : this.#complete;
  }

  /** 0 between two messages; amid a message its number, counted from 1. */
  get unfinished(): number {
    return this.#framing === "lines" ? this.#lines.unfinished : this.#cut.size === 0 ? 0 : this.#complete + 1;
  }

  /** Takes the next piece of the stream, and says how many bytes of it: fewer than all if held. */
  push(bytes: Uint8Array): number {
    // A name with a line break in it is a line, even if more has come behind it.
    this.#framing ??= bytes.includes(NEWLINE) ? "lines" : "reads";
    return this.#framing === "lines" ? this.#lines.push(bytes) : this.#read(bytes);
  }

  #read(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const end = Math.min(bytes.length, at + MAX_READ - this.#cut.size);
      this.#cut.append(bytes.subarray(at, end));
      const read = this.#cut.take();
      const whole = read.length - cutCharacter(read);
      if (whole < read.length) this.#cut.append(read.slice(whole));
      at = end;
      if (whole === 0) continue;
      this.#complete++;
      this.#sink.line(read.subarray(0, whole));
      if (this.#sink.isHeld) break;
    }
    return at;
  }
}

/** How many bytes at the end are the beginning of a UTF-8 character that goes on behind them. */
function cutCharacter(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const isLead = byte >= 0xc2 && byte <= 0xf4;
    return isLead && length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length : 0;
  }
  return 0;
}
