/**
 * What a relay header says.
 *
 * @module
 */

import { textOf } from "./header_text.ts";
import { StringInterner } from "./string_interner.ts";

/** A header that could be read. */
export interface Header {
  /** The first word: `REGISTER`, `SEND`, `RECEIVED`, `ERROR`, or anything else. */
  readonly verb: string;
  /**
   * Everything behind the verb and one space, further lines included unless the message has a body; may be empty. Where
   * nothing is behind the verb on its line, it begins with the newline.
   */
  readonly argument: string;
  /** The length of the body that follows, in bytes; `undefined` for a message that has none. */
  readonly length: number | undefined;
}

/** Why a header cannot be read: all of them are relay's error 103. */
export type HeaderFault =
  /** It does not end. */
  | "too-long"
  /** A message with a body names nobody (`relay/header-no-recipient`). */
  | "no-party"
  /** A message with a body has no `Content-length` (`relay/header-no-length`). */
  | "no-length"
  /** The length is not a number, or two of them differ (`relay/header-bad-length`). */
  | "bad-length"
  /** The body is longer than what we take. */
  | "too-large";

const DIGITS = /^[0-9]+$/;
const BLANKS = " \t";

/**
 * Reads a header, without its empty line; its lines end in `\n` or `\r\n` (`relay/line-ends`). `bodyVerb` names the one
 * verb whose messages have a body, if any; its length may be at most `maxBody` bytes. Field names are taken in any case, and other fields are ignored (`relay/header-case`,
 * `relay/header-extra`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseHeader("RECEIVED bob", "SEND", 100), { verb: "RECEIVED", argument: "bob", length: undefined });
 * assertEquals(parseHeader("SEND bob\nContent-length: 2", "SEND", 100), { verb: "SEND", argument: "bob", length: 2 });
 * assertEquals(parseHeader("SEND bob", "SEND", 100), "no-length");
 * ```
 */
export function parseHeader(written: string, bodyVerb: string | undefined, maxBody: number): Header | HeaderFault {
  const text = written.replace(/\r(?=\n|$)/g, "");
  const end = text.search(/[ \n]/);
  const verb = end < 0 ? text : text.slice(0, end);
  if (verb !== bodyVerb) {
    const argument = end < 0 ? "" : text.slice(text[end] === " " ? end + 1 : end);
    return { verb, argument, length: undefined };
  }
  const lines = text.split("\n");
  const party = lines[0]!.slice(verb.length + 1);
  if (party === "") return "no-party";
  const length = contentLength(lines.slice(1));
  if (typeof length === "string") return length;
  return length > maxBody ? "too-large" : { verb, argument: party, length };
}

function contentLength(fields: readonly string[]): number | "no-length" | "bad-length" {
  let length: number | undefined;
  for (const field of fields) {
    const colon = field.indexOf(":");
    if (colon < 0 || trimmed(field.slice(0, colon)).toLowerCase() !== "content-length") continue;
    const value = trimmed(field.slice(colon + 1));
    if (!DIGITS.test(value) || length !== undefined && length !== Number(value)) return "bad-length";
    length = Number(value);
  }
  return length ?? "no-length";
}

/** A text without the spaces and tabs round it; anything else belongs to it. Linear, as no regular expression is. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text[start]!)) start++;
  while (end > start && BLANKS.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}

const [NEWLINE, RETURN, SPACE, ZERO] = [10, 13, 32, 48];
/** What a length usually looks like; {@linkcode readHeader} takes it from the bytes if it has no more digits than this. */
const USUAL_FIELD = new TextEncoder().encode("Content-length: ");
const USUAL_DIGITS = 9;
/** All connections have verbs and names in common. */
const texts = new StringInterner();

/**
 * Reads a header's bytes, from `start` up to and without `end`, as {@linkcode parseHeader} does its text; what nearly
 * everybody writes is read without making a text of it.
 */
export function readHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
  bodyVerb: string | undefined,
  maxBody: number,
): Header | HeaderFault {
  const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
  let space = -1;
  let line = start;
  for (; line < last && bytes[line] !== NEWLINE; line++) if (space < 0 && bytes[line] === SPACE) space = line;
  const lineEnd = line < last && bytes[line - 1] === RETURN ? line - 1 : line;
  if (space > start && space + 1 < lineEnd) {
    const verb = texts.text(bytes, start, space);
    if (verb !== bodyVerb && line === last) {
      return { verb, argument: texts.text(bytes, space + 1, last), length: undefined };
    }
    const length = verb === bodyVerb ? usualLength(bytes, line + 1, last) : undefined;
    if (length !== undefined && length <= maxBody) {
      return { verb, argument: texts.text(bytes, space + 1, lineEnd), length };
    }
  }
  return parseHeader(textOf(bytes, start, end), bodyVerb, maxBody);
}

/** The length, if that is all that stands there, in its usual form. */
function usualLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  const digits = start + USUAL_FIELD.length;
  if (end <= digits || end > digits + USUAL_DIGITS) return undefined;
  for (let i = 0; i < USUAL_FIELD.length; i++) if (bytes[start + i] !== USUAL_FIELD[i]) return undefined;
  let length = 0;
  for (let i = digits; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  return length;
}
