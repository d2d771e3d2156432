/**
 * Bytes on the page: spelled as in a transcript, with what is spelled set apart, and a new line behind `\n`.
 *
 * @module
 */

import { spell } from "../../transcript/escape.ts";
import { type Content, element } from "./markup.ts";

/** Line ends in a row, another escape, or what stands for itself. */
const PART = /((?:\\n)+)|(\\(?:x[0-9a-f]{2}|.))|[^\\]+/gs;

/** Shows bytes, for an element that keeps white space. */
export function showBytes(bytes: Uint8Array): Content {
  const text = spell(bytes);
  return [...text.matchAll(PART)].map(({ 0: part, 1: ends, 2: escape, index }) => {
    if (ends === undefined) return escape === undefined ? part : element("i", {}, escape);
    const isLast = index + part.length === text.length;
    return [element("i", {}, ends), isLast ? "" : "\n"];
  });
}
