/**
 * The bytes of a header as text, and back.
 *
 * @module
 */

/** A byte that belongs to no character of UTF-8 is kept as a lone surrogate: this and the byte (Python's `surrogateescape`). */
const STRAY = 0xdc00;
const STRAYS = /[\udc80-\udcff]/;

/**
 * The text of bytes, read as UTF-8, from `start` up to and without `end`. Bytes that are no UTF-8 are kept in it, so that
 * {@linkcode bytesOfText} gives back exactly what came.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array([106, 111, 115, 195, 169, 255]);
 * assertEquals(textOf(bytes, 0, 5), "josé");
 * assertEquals(bytesOfText(textOf(bytes, 0, 6)), bytes);
 * ```
 */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end;) {
    const first = bytes[at]!;
    const length = first < 0x80 ? 1 : characterLength(bytes, at, end);
    if (length === 0) {
      text += String.fromCharCode(STRAY + first);
      at++;
    } else {
      text += length === 1 ? String.fromCharCode(first) : String.fromCodePoint(codePoint(bytes, at, length));
      at += length;
    }
  }
  return text;
}

/** The bytes of a text: what {@linkcode textOf} made of bytes, or any other text, in UTF-8. */
export function bytesOfText(text: string): Uint8Array {
  if (!STRAYS.test(text)) return new TextEncoder().encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= STRAY + 0x80 && code <= STRAY + 0xff) bytes.push(code - STRAY);
    else bytes.push(...new TextEncoder().encode(character));
  }
  return new Uint8Array(bytes);
}

/** A text for people: a byte that is no UTF-8 is spelled, `\xff`. */
export function spelled(text: string): string {
  if (!STRAYS.test(text)) return text;
  return Array.from(text, (character) => {
    return STRAYS.test(character) ? `\\x${(character.charCodeAt(0) - STRAY).toString(16)}` : character;
  }).join("");
}

/** How many bytes the character at `at` has, or 0 if there is no valid one (RFC 3629: shortest form, no surrogates). */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const code = codePoint(bytes, at, length);
  const isValid = length === 2 || (length === 3 ? code >= 0x800 && (code < 0xd800 || code > 0xdfff) : code >= 0x10000);
  return isValid && code <= 0x10ffff ? length : 0;
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let code = bytes[at]! & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) code = code << 6 | bytes[at + i]! & 0x3f;
  return code;
}
