/**
 * Bytes spelled with escapes, and back: the alphabet of transcripts and reports.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";

const LETTERS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, s: 32, 0: 0 };
const NAMED = new Map<number, string>([[10, "\\n"], [13, "\\r"], [9, "\\t"], [0, "\\0"]]);
/** Characters that mean something else in a transcript, and therefore stand for themselves behind a backslash. */
const SPECIAL = "\\{}()|#$@";

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** An escape that was read: its bytes, and how many characters of the text it took. */
export interface Escape {
  /** The bytes that it stands for. */
  readonly bytes: Uint8Array;
  /** How many characters it is long, the backslash included. */
  readonly length: number;
}

/** Reads the escape at `at`, where a backslash stands; `undefined` if there is no such escape. */
export function readEscape(text: string, at: number): Escape | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  const code = LETTERS[letter];
  if (code !== undefined) return { bytes: Uint8Array.of(code), length: 2 };
  if (SPECIAL.includes(letter)) return { bytes: encoder.encode(letter), length: 2 };
  const hex = text.slice(at + 2, at + 4);
  if (letter === "x" && /^[0-9A-Fa-f]{2}$/.test(hex)) return { bytes: Uint8Array.of(parseInt(hex, 16)), length: 4 };
  return undefined;
}

/** How {@linkcode spell} treats characters that are special in a transcript. */
export interface Spelling {
  /** Puts a backslash before them, so that the result can be read back; else only before backslashes. */
  readonly special?: boolean;
}

/**
 * Spells bytes with escapes. The result is fit for a terminal: every control byte, every byte that is not UTF-8 and every
 * invisible character is spelled out. With `special`, reading it back gives the same bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(spell(new TextEncoder().encode("hé\n{\x1b")), "hé\\n{\\x1b");
 * assertEquals(spell(new TextEncoder().encode("{"), { special: true }), "\\{");
 * ```
 */
export function spell(bytes: Uint8Array, spelling: Spelling = {}): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    const character = length === 0 ? undefined : decode(bytes.subarray(at, at + length));
    if (character === undefined) {
      text += hex(bytes[at]!);
      at++;
      continue;
    }
    text += spellCharacter(character, bytes.subarray(at, at + length), spelling);
    at += length;
  }
  return text;
}

function spellCharacter(character: string, bytes: Uint8Array, spelling: Spelling): string {
  const named = NAMED.get(bytes[0]!);
  if (named !== undefined) return named;
  if (character === "\\" || (spelling.special && SPECIAL.includes(character))) return `\\${character}`;
  return visibleText(character) === character ? character : Array.from(bytes, hex).join("");
}

/** How long the UTF-8 character that begins here says it is; 0 if none begins here. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    // Not UTF-8: the caller spells the bytes.
    return undefined;
  }
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
