/**
 * Lines on the wire: bytes to lines, without I/O. For the dialects that divide what they say by line breaks.
 *
 * @module
 */

import { ReceiveBuffer } from "../session/receive_buffer.ts";

/** The longest line, in bytes without its line break, from a client or to one. */
export const MAX_LINE = 4096;

/** Who is told what a {@linkcode LineDecoder} finds. */
export interface LineSink {
  /** A line without its `\n` or `\r\n`, only valid during this call. */
  line(bytes: Uint8Array): void;
  /** A line is too long; nothing more is told after this. */
  tooLong(): void;
  /** Whether to stop behind the line that was told last. */
  readonly isHeld: boolean;
}

const NEWLINE = 10;
const RETURN = 13;

/**
 * A push parser. What is unfinished is kept, within the longest line, and never looked at twice; a line that arrives in
 * one piece is not copied.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const decoder = new LineDecoder(MAX_LINE, {
 *   line: (bytes) => lines.push(new TextDecoder().decode(bytes)),
 *   tooLong: () => {},
 *   isHeld: false,
 * });
 * for (const piece of ["/he", "lp\r\n/qu", "it\n"]) decoder.push(new TextEncoder().encode(piece));
 * assertEquals(lines, ["/help", "/quit"]);
 * ```
 */
export class LineDecoder {
  readonly #maxLine: number;
  readonly #sink: LineSink;
  readonly #unfinished = new ReceiveBuffer();
  #complete = 0;
  #isStopped = false;

  /** @param maxLine the longest line, in bytes. */
  constructor(maxLine: number, sink: LineSink) {
    this.#maxLine = maxLine;
    this.#sink = sink;
  }

  /** How many lines were complete. */
  get complete(): number {
    return this.#complete;
  }

  /** 0 between two lines; amid a line its number, counted from 1. */
  get unfinished(): number {
    return this.#unfinished.size === 0 ? 0 : this.#complete + 1;
  }

  /**
   * Reads the next piece of the stream.
   *
   * @returns how many bytes of it: fewer than all if held.
   */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.#isStopped) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0) {
        this.#keep(bytes.subarray(at));
        break;
      }
      this.#take(bytes.subarray(at, end));
      at = end + 1;
      if (this.#sink.isHeld) return at;
    }
    return bytes.length;
  }

  /** Gives away what there is of a line that has not ended. */
  takeUnfinished(): Uint8Array {
    return this.#unfinished.take();
  }

  #keep(piece: Uint8Array): void {
    // One byte more may be the `\r` of a line break.
    if (this.#unfinished.size + piece.length > this.#maxLine + 1) this.#giveUp();
    else this.#unfinished.append(piece);
  }

  #take(piece: Uint8Array): void {
    let line = piece;
    if (this.#unfinished.size > 0) {
      this.#keep(piece);
      if (this.#isStopped) return;
      line = this.#unfinished.take();
    }
    if (line[line.length - 1] === RETURN) line = line.subarray(0, -1);
    if (line.length > this.#maxLine) return this.#giveUp();
    this.#complete++;
    this.#sink.line(line);
  }

  #giveUp(): void {
    this.#isStopped = true;
    this.#unfinished.take();
    this.#sink.tooLong();
  }
}
