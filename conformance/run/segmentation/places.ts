/**
 * Where bytes can be cut: inside the words, numbers, line ends and characters of a message, and between them.
 *
 * @module
 */

import { visibleBytes } from "../../../lib/core/visible.ts";

/** So much of what is on either side of a cut is shown, in bytes. */
const SHOWN = 24;

/** Some bytes that belong together. */
interface Token {
  readonly start: number;
  readonly end: number;
}

/** Words, numbers, line ends, blanks, runs of other signs, and characters of several bytes; each character is a byte here. */
const TOKEN = /[A-Za-z0-9_-]+|[\r\n]+|[ \t]+|[!-,./:-@[-^`{-~]+|[\xc2-\xf4][\x80-\xbf]{1,3}|[^]/g;

/** The tokens of some bytes, one after the other. */
function tokensOf(bytes: Uint8Array): Token[] {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return Array.from(text.matchAll(TOKEN), ({ index, 0: token }) => ({ start: index, end: index + token.length }));
}

/**
 * One place inside each token that can be cut, and each place between two: after how many bytes. `below` gives whole numbers
 * from 0 to below its argument, and so chooses the places inside.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("SEND bob\n\n");
 * assertEquals(placesIn(bytes, () => 0), [1, 4, 5, 6, 8, 9]);
 * ```
 */
export function placesIn(bytes: Uint8Array, below: (limit: number) => number): number[] {
  return tokensOf(bytes).flatMap(({ start, end }) => {
    const inside = end - start > 1 ? [start + 1 + below(end - start - 1)] : [];
    return end < bytes.length ? [...inside, end] : inside;
  });
}

/**
 * Says where a cut is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("SEND bob\nContent-length: 2\n\nhé");
 * assertEquals(whereIs(bytes, 17), "inside `Content-length`");
 * assertEquals(whereIs(bytes, 27), "inside `\\n\\n`");
 * assertEquals(whereIs(bytes, 28), "between `\\n\\n` and `h`");
 * assertEquals(whereIs(bytes, 30), "inside `é`");
 * ```
 */
export function whereIs(bytes: Uint8Array, at: number): string {
  const tokens = tokensOf(bytes);
  const before = tokens.find(({ end }) => end >= at);
  if (before === undefined) return "behind its end";
  if (before.end > at) return `inside ${show(bytes, before)}`;
  const after = tokens.find(({ start }) => start === at);
  return after === undefined ? "at its end" : `between ${show(bytes, before)} and ${show(bytes, after)}`;
}

function show(bytes: Uint8Array, { start, end }: Token): string {
  return `\`${visibleBytes(bytes.subarray(start, end), SHOWN)}\``;
}
