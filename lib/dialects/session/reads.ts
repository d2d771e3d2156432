/**
 * Messages that nothing divides on the wire: what is read at once is one, as for servers that take what `recv` gives them.
 *
 * @module
 */

import { ReceiveBuffer } from "./receive_buffer.ts";
import type { LineSink } from "../text/line_decoder.ts";

/**
 * A push parser. A message is what arrives in one piece, or as much of it as may be read at once; a character that was cut by
 * that is kept for the next one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts: string[] = [];
 * const line = (bytes: Uint8Array) => texts.push(new TextDecoder().decode(bytes));
 * const decoder = new ReadDecoder(4, { line, isHeld: false });
 * for (const piece of ["hi", "longer"]) decoder.push(new TextEncoder().encode(piece));
 * assertEquals(texts, ["hi", "long", "er"]);
 * ```
 */
export class ReadDecoder {
  readonly #maxRead: number;
  readonly #sink: Pick<LineSink, "line" | "isHeld">;
  readonly #cut = new ReceiveBuffer();
  #complete = 0;

  /** @param maxRead how many bytes are read at once. */
  constructor(maxRead: number, sink: Pick<LineSink, "line" | "isHeld">) {
    this.#maxRead = maxRead;
    this.#sink = sink;
  }

  /** How many messages were complete. */
  get complete(): number {
    return this.#complete;
  }

  /** 0 between two messages; amid a character that was cut the number of its message, counted from 1. */
  get unfinished(): number {
    return this.#cut.size === 0 ? 0 : this.#complete + 1;
  }

  /**
   * Reads the next piece of the stream.
   *
   * @returns how many bytes of it: fewer than all if held.
   */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const end = Math.min(bytes.length, at + this.#maxRead - this.#cut.size);
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
