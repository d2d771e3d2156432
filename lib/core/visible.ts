/**
 * Text and bytes from a peer, made fit for a terminal, a log or a report: nothing in them acts, everything is seen.
 *
 * @module
 */

/**
 * Control characters (C0, DEL, C1), format characters (bidirectional overrides, joiners, tags), whatever else is drawn as nothing
 * (fillers, variation selectors, the empty Braille pattern), all blanks but the ordinary one, line and paragraph separators,
 * private use, unassigned, and halves of surrogate pairs.
 *
 * Two are let through where they do what they are there for, and nothing else: the sign behind a pictogram that has it drawn as
 * one (U+FE0F), and the blank between two characters of Chinese or Japanese (U+3000).
 */
const UNSEEN = new RegExp(
  String.raw`(?!(?<=[\p{Emoji}--\p{ASCII}])\ufe0f|(?<=[0-9#*])\ufe0f\u20e3)` +
    String.raw`(?!(?<=WIDE)\u3000(?=WIDE))`.replaceAll(
      "WIDE",
      String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3001-\u301f\uff01-\uff5e]`,
    ) +
    String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800[\p{Zs}--[ ]]]`,
  "gv",
);

/** Nothing but visible ASCII and blanks, as most text is: it is looked through in a tenth of the time. */
const PLAIN = /^[ -~]*$/;

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
  return replaceUnseen(
    text,
    (character) =>
      keep.includes(character) ? character : SPELLED[character.charCodeAt(0)] ?? spell(character.codePointAt(0)!),
  );
}

/** A text with something else in place of every character that would not be seen, or would do something to a terminal. */
export function replaceUnseen(text: string, replace: (character: string) => string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, replace);
}

function spell(code: number): string {
  if (code === 10) return "\\n";
  if (code === 13) return "\\r";
  if (code === 9) return "\\t";
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/** Those below 0x100, put together once: a message may be made of nothing else. */
const SPELLED: readonly string[] = Array.from({ length: 0x100 }, (_, code) => spell(code));

const latin1 = new TextDecoder("latin1");
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
    const run = plainRun(bytes, at);
    if (run > at) {
      text += latin1.decode(bytes.subarray(at, run));
      at = run;
      continue;
    }
    const length = characterLength(bytes, at);
    const character = decodeOne(bytes.subarray(at, at + length));
    text += character ?? spell(bytes[at]!);
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** Where the visible ASCII that begins here ends, and what else stands for itself. */
function plainRun(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]!; byte >= 0x20 && byte < 0x7f && byte !== 0x5c; byte = bytes[at]!) at++;
  return at;
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
