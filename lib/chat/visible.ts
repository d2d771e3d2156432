/**
 * Text and bytes from a peer, made fit for a terminal, a log or a report: nothing in them acts, everything is seen.
 *
 * @module
 */

/**
 * Control characters (C0, DEL, C1), format characters (bidirectional overrides, zero-width ones), line and paragraph
 * separators, private use, unassigned, and halves of surrogate pairs. The tag and variation characters of emoji belong
 * to what they follow and are let through.
 */
const INVISIBLE = /(?![\u200d\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/** What {@linkcode visibleText} lets through. */
export interface VisibleOptions {
  /** Characters that stay as they are: `"\n\t"`, for example. */
  readonly keep?: string;
}

/**
 * A text in which every character that would not be seen, or would do something to a terminal, is spelled: `\x1b`,
 * `\u202e`, `\u{e0001}`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(visibleText("a\x1b[31mb\n"), "a\\x1b[31mb\\n");
 * assertEquals(visibleText("a\tb\n", { keep: "\n\t" }), "a\tb\n");
 * ```
 */
export function visibleText(text: string, { keep = "" }: VisibleOptions = {}): string {
  return text.replace(
    INVISIBLE,
    (character) => keep.includes(character) ? character : spell(character.codePointAt(0)!),
  );
}

function spell(code: number): string {
  if (code === 10) return "\\n";
  if (code === 13) return "\\r";
  if (code === 9) return "\\t";
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Bytes as text, where every byte can be read back: what is valid UTF-8 and visible as it is, `\\` for a backslash, and
 * `\n`, `\r`, `\t` or `\xHH` for the other bytes. After `limit` bytes, how many more there are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(visibleBytes(new Uint8Array([104, 195, 169, 10, 255, 92])), "hé\\n\\xff\\\\");
 * assertEquals(visibleBytes(new Uint8Array(100), 2), "\\x00\\x00… (98 more bytes)");
 * ```
 */
export function visibleBytes(bytes: Uint8Array, limit = Infinity): string {
  if (bytes.length > limit) {
    return `${visibleBytes(bytes.subarray(0, limit))}… (${bytes.length - limit} more bytes)`;
  }
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    const character = decodeOne(bytes.subarray(at, at + length));
    text += character ?? spell(bytes[at]!);
    at += character === undefined ? 1 : length;
  }
  return text;
}

function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** One visible character, or `undefined` where it is not UTF-8 or would not be seen. */
function decodeOne(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x5c) return "\\\\";
  try {
    const character = strict.decode(bytes);
    return visibleText(character) === character ? character : undefined;
  } catch {
    return undefined; // the decoder's way to say that it is not UTF-8
  }
}
