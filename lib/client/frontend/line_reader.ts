/**
 * Lines from a stream of bytes, asked for one by one, so that nothing is read ahead of what can be sent.
 *
 * @module
 */

import { END, type Entry } from "./frontend.ts";
import { systemErrorText } from "../system_error.ts";

/**
 * The longest line, in bytes. It is written at once, and a link closes when more than 1 MiB waits to be written; the rest is
 * for the header.
 */
export const MAX_INPUT_LINE = 1_000_000;

const LINE_FEED = 0x0a;
const EMPTY = new Uint8Array();

/**
 * Reads lines that end in `\n`, `\r\n`, or with the input. A line that is too long, or not UTF-8, is reported and not
 * altered to fit: a message is sent as it was written or not at all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines = new LineReader(ReadableStream.from([new TextEncoder().encode("@bob hi\n@bob how are you")]));
 * assertEquals(await lines.read(), { kind: "line", text: "@bob hi" });
 * assertEquals(await lines.read(), { kind: "line", text: "@bob how are you" });
 * assertEquals(await lines.read(), { kind: "end" });
 * ```
 */
export class LineReader {
  readonly #source: ReadableStreamDefaultReader<Uint8Array>;
  readonly #maxLine: number;
  #chunk: Uint8Array = EMPTY;
  /** What was read of a line that has not ended yet. */
  #pieces: Uint8Array[] = [];
  /** How long that is in all, in bytes; of a line that is too long, only this is kept. */
  #size = 0;
  #lineNumber = 0;
  #isOver = false;

  /** @param maxLine in bytes. */
  constructor(source: ReadableStream<Uint8Array>, maxLine: number = MAX_INPUT_LINE) {
    this.#source = source.getReader();
    this.#maxLine = maxLine;
  }

  /** The next line. */
  async read(): Promise<Entry> {
    for (;;) {
      const end = this.#chunk.indexOf(LINE_FEED);
      if (end >= 0) {
        this.#add(this.#chunk.subarray(0, end));
        this.#chunk = this.#chunk.subarray(end + 1);
        return this.#line();
      }
      this.#add(this.#chunk);
      this.#chunk = EMPTY;
      if (this.#isOver) return END;
      try {
        const { done, value } = await this.#source.read();
        // Only a last line without a line break is worth something; it is none where we stopped reading ourselves.
        if (done && (this.#size === 0 || this.#isOver)) return END;
        if (done) return this.#line();
        this.#chunk = value;
      } catch (error) {
        this.#isOver = true;
        return { kind: "unreadable", why: `the input cannot be read: ${systemErrorText(error)}` };
      }
    }
  }

  /** Reads no more; a read that waits gives the end. */
  async cancel(): Promise<void> {
    this.#isOver = true;
    await this.#source.cancel();
  }

  #add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > this.#maxLine) this.#pieces = [];
    else if (bytes.length > 0) this.#pieces.push(bytes);
  }

  #line(): Entry {
    const pieces = this.#pieces;
    const size = this.#size;
    this.#pieces = [];
    this.#size = 0;
    this.#lineNumber++;
    if (size > this.#maxLine) return this.#unreadable(`is longer than ${this.#maxLine} bytes`);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    try {
      // A byte order mark is one at the start of the input only.
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: this.#lineNumber > 1 }).decode(bytes);
      return { kind: "line", text: text.endsWith("\r") ? text.slice(0, -1) : text };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.#unreadable("is not UTF-8");
    }
  }

  #unreadable(what: string): Entry {
    return { kind: "unreadable", why: `line ${this.#lineNumber} of the input ${what}: not sent` };
  }
}
