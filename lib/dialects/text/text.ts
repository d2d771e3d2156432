/**
 * Bytes as text, for the dialects whose users sit at a terminal that does what it is sent.
 *
 * @module
 */

import type { Refusal } from "../../core/outcome.ts";
import { visibleText } from "../../core/visible.ts";
import type { Form, Said } from "../../hub/forms.ts";
import { MAX_LINE } from "./line_decoder.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const NEWLINE = 10;
const RETURN = 13;

/** Bytes as text, or `undefined` where they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
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

/** The longest message with the marks of its lines, in bytes: a body of line breaks alone would be all marks. */
const MAX_MARKED = 256 * 1024;

/**
 * Makes the form of a message for a dialect of text: fit for a terminal, each line with a mark before it, and a line break at
 * its end; or why there is none: the body is not UTF-8, or one of its lines is longer than {@linkcode MAX_LINE} bytes, or all
 * of it, marked, than 256 KiB. The line break that many clients put at the end of a body begins no line of its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const remote = { hostname: "127.0.0.1", port: 2 };
 * const who = { name: "alice", title: "alice", dialect: "relay", remote, since: 0 };
 * const from = { ...who, id: 2, isProvisional: false };
 * const form = marking(({ from }) => `${from.name}: `);
 * const made = form({ from, audience: "direct", body: new TextEncoder().encode("one\ntwo\x07\r\n") });
 * assertEquals(made, new TextEncoder().encode("alice: one\nalice: two\\x07\n"));
 * ```
 */
export function marking(mark: (said: Pick<Said, "from" | "audience">) => string): Form<Uint8Array | Refusal> {
  return (said) => {
    const text = decodeText(said.body);
    if (text === undefined) return "not-text";
    if (said.body.length > MAX_LINE && hasLongLine(said.body)) return "too-long";
    const lines = text.replace(/\r?\n$/, "").replaceAll("\r\n", "\n");
    const before = mark(said);
    if (before.length * countLines(lines) > MAX_MARKED) return "too-long";
    const visible = visibleText(lines, { keep: "\n\t" });
    if (visible.length > MAX_MARKED) return "too-long";
    const marked = encoder.encode(`${before}${visible.replaceAll("\n", `\n${before}`)}\n`);
    return marked.length - 1 > MAX_MARKED ? "too-long" : marked;
  };
}

function hasLongLine(body: Uint8Array): boolean {
  for (let start = 0; start <= body.length;) {
    const found = body.indexOf(NEWLINE, start);
    const end = found < 0 ? body.length : found;
    const isReturned = found > 0 && body[found - 1] === RETURN;
    if (end - start - (isReturned ? 1 : 0) > MAX_LINE) return true;
    start = end + 1;
  }
  return false;
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
