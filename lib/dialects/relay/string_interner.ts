/**
 * Texts that come again and again: verbs and names.
 *
 * @module
 */

import { textOf } from "./header_text.ts";

/** Longer texts are made anew each time, in bytes. */
const MAX_KNOWN = 32;
/**
 * How many texts are kept: a power of two. A text that meets another one at its place takes it over, so that there are more places than
 * names that are busy at once: with as many, two thirds of them would be made anew for each message.
 */
const PLACES = 16_384;

/** A text, and what it looks like on the wire. */
interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Makes texts of bytes, as {@linkcode decodeText} does; one that was made before is found by its bytes, which takes a quarter
 * of the time, and is then the same string, which is compared and looked up faster.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts = new StringInterner();
 * assertEquals(texts.text(new TextEncoder().encode("SEND alice"), 5, 10), "alice");
 * ```
 */
export class StringInterner {
  readonly #places: (Known | undefined)[] = new Array(PLACES).fill(undefined);

  /** The text from `start` up to, and without, `end`. */
  text(bytes: Uint8Array, start: number, end: number): string {
    if (end - start > MAX_KNOWN) return textOf(bytes, start, end);
    let place = end - start;
    for (let i = start; i < end; i++) place = (place * 31 + bytes[i]!) | 0;
    place &= PLACES - 1;
    const known = this.#places[place];
    if (known !== undefined && isAt(known.bytes, bytes, start, end)) return known.text;
    const text = textOf(bytes, start, end);
    this.#places[place] = { bytes: bytes.slice(start, end), text };
    return text;
  }
}

function isAt(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
