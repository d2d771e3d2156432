/**
 * A piece of a recorded message: the bytes that went over the wire, and how a transcript writes them.
 *
 * @module
 */

import { spell } from "../transcript/escape.ts";

/** Bytes as they were, and as they are written. */
export interface Snippet {
  /** What went over the wire. */
  readonly bytes: Uint8Array;
  /** How it is written where that is another thing than the bytes: `{alice}`, `{length text}`, `{_=digits}`. */
  readonly value?: string;
  /** Whether the value is these bytes each time: a text, a length. */
  readonly isFixed?: boolean;
}

/** So many equal bytes in a line are written as one and a number. */
const REPEATED = 32;

const encoder = new TextEncoder();

/** Bytes that are written as they are. */
export function literal(bytes: Uint8Array | string): Snippet {
  return { bytes: typeof bytes === "string" ? encoder.encode(bytes) : bytes };
}

/** Text of single bytes, as regular expressions can be asked of it: each character is a byte, whatever the encoding. */
export function byteCharacters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** The bytes of such a text, written as they are. */
export function byteText(text: string): Snippet {
  return { bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}

/** The whole of what was sent or received. */
export function bytesOfSnippets(snippets: readonly Snippet[]): Uint8Array {
  const bytes = new Uint8Array(snippets.reduce((sum, one) => sum + one.bytes.length, 0));
  let at = 0;
  for (const one of snippets) {
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return bytes;
}

/**
 * Writes snippets as what stands behind `>` or `<`: reading that gives the same bytes where values are what they were.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writeSnippets([literal("SEND "), { ...literal("bob"), value: "{bob}" }, literal("\n")]), "SEND {bob}\\n");
 * ```
 */
export function writeSnippets(snippets: readonly Snippet[]): string {
  const text = snippets.map(({ bytes, value }) => value ?? spellRuns(bytes)).join("");
  // Blanks at either end of a line are not part of it.
  return text.replace(/^ /, "\\s").replace(/ $/, "\\s");
}

function spellRuns(bytes: Uint8Array): string {
  let [text, from] = ["", 0];
  for (let at = 0; at < bytes.length;) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end++;
    if (end - at >= REPEATED) {
      const one = bytes[at] === 0x20 ? "\\s" : spell(bytes.subarray(at, at + 1), { special: true });
      text += `${spell(bytes.subarray(from, at), { special: true })}{${one} * ${end - at}}`;
      from = end;
    }
    at = end;
  }
  return text + spell(bytes.subarray(from), { special: true });
}

/**
 * A part of them, in bytes. Where it would begin or end within a value that is other bytes each time, it ends behind it, or `before` it;
 * one that is not is written out.
 */
export function sliceSnippets(
  snippets: readonly Snippet[],
  [begin, end]: readonly [number, number],
  snap: "before" | "behind",
): Snippet[] {
  const part: Snippet[] = [];
  let at = 0;
  for (const one of snippets) {
    const [low, high] = [at, at + one.bytes.length];
    at = high;
    const isWhole = low >= begin && high <= end;
    if (one.value !== undefined && (isWhole || one.isFixed !== true)) {
      const place = snap === "behind" ? low : high - 1;
      if (place >= begin && place < end) part.push(one);
      continue;
    }
    const bytes = one.bytes.subarray(Math.max(begin - low, 0), Math.max(Math.min(end, high) - low, 0));
    if (bytes.length > 0) part.push({ bytes });
  }
  return part;
}
