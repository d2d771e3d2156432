/**
 * Bytes as text, for the dialects whose users sit at a terminal that does what it is sent.
 *
 * @module
 */

import type { Refusal } from "../chat/outcome.ts";
import { visibleText } from "../chat/visible.ts";
import { MAX_LINE } from "./lines.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes as text, or `undefined` where they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined; // the decoder's way to say that it is not UTF-8
  }
}

/** A text in which nothing acts on a terminal: all that is not seen is spelled, but tabs. */
export function harmless(text: string): string {
  return visibleText(text, { keep: "\t" });
}

/**
 * The lines of a message's body, fit for a terminal, or why there are none: it is not UTF-8, or one of them is longer
 * than {@linkcode MAX_LINE} bytes. The line break that many clients put at the end begins no line of its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(linesOf(new TextEncoder().encode("one\ntwo\x07\r\n")), ["one", "two\\x07"]);
 * assertEquals(linesOf(new Uint8Array([0xff])), "not-text");
 * ```
 */
export function linesOf(body: Uint8Array): readonly string[] | Refusal {
  const text = textOf(body);
  if (text === undefined) return "not-text";
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (body.length > MAX_LINE && lines.some((line) => isTooLong(line))) return "too-long";
  return lines.map(harmless);
}

function isTooLong(line: string): boolean {
  return line.length > MAX_LINE || line.length * 3 > MAX_LINE && encoder.encode(line).length > MAX_LINE;
}
