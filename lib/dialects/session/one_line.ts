/**
 * Bodies for the dialects whose messages are a line of text.
 *
 * @module
 */

import type { InputResult } from "../dialect.ts";
import { decodeText } from "../text/text.ts";

/**
 * A body as the line that it is, or why a dialect of lines cannot carry it as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(oneLine(new TextEncoder().encode("hi")), "hi");
 * assertEquals(oneLine(new TextEncoder().encode("a\nb")), {
 *   kind: "rejected",
 *   why: "the message has more than one line",
 *   hint: "each line as a message of its own",
 * });
 * ```
 */
export function oneLine(body: Uint8Array): string | Extract<InputResult, { kind: "rejected" }> {
  const text = decodeText(body);
  if (text === undefined) return notCarried("the message is not UTF-8", "text");
  if (text.trim() === "") return notCarried("the message is empty", "something in it");
  return /[\r\n]/.test(text)
    ? notCarried("the message has more than one line", "each line as a message of its own")
    : text;
}

/** A message that is not sent: why, and what could be written instead. */
export function notCarried(why: string, hint: string): Extract<InputResult, { kind: "rejected" }> {
  return { kind: "rejected", why, hint };
}
