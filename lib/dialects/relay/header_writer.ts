/**
 * Headers on their way out.
 *
 * @module
 */

import { bytesOfText } from "./header_text.ts";

/** Longer than any header that we write: a name has at most 255 characters, of at most three bytes each. */
const SIZE = 1024;
const ZERO = 48;

/**
 * Puts a header together, in UTF-8, and writes it to a link, which copies it at once: the same memory serves all headers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const written: string[] = [];
 * const link = { write: (bytes: Uint8Array) => written.push(new TextDecoder().decode(bytes)) };
 * const writer = new HeaderWriter();
 * writer.add("Content-length: ");
 * writer.addNumber(205);
 * writer.writeTo(link);
 * assertEquals(written, ["Content-length: 205"]);
 * ```
 */
export class HeaderWriter {
  readonly #bytes = new Uint8Array(SIZE);
  #size = 0;

  /** Adds a text. What came as bytes that are no UTF-8 is written as those bytes. */
  add(text: string): void {
    const bytes = this.#bytes;
    const start = this.#size;
    // All codes in one: nearly all texts are ASCII.
    let codes = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      codes |= code;
      bytes[start + i] = code;
    }
    if (codes < 0x80) this.#size = start + text.length;
    else this.#addBytes(start, bytesOfText(text));
  }

  #addBytes(start: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, start);
    this.#size = start + bytes.length;
  }

  /** Adds a whole number, in decimal digits. */
  addNumber(number: number): void {
    let digit = 1;
    while (digit * 10 <= number) digit *= 10;
    for (; digit >= 1; digit /= 10) this.#bytes[this.#size++] = ZERO + Math.floor(number / digit) % 10;
  }

  /** Writes what was added, and begins anew. */
  writeTo(link: { write(bytes: Uint8Array): void }): void {
    link.write(this.#bytes.subarray(0, this.#size));
    this.#size = 0;
  }
}
