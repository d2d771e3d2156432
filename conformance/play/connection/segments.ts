/**
 * How what is sent is divided into segments.
 *
 * @module
 */

import type { Send } from "../../transcript/syntax.ts";

/** Says where what a step sends is cut into segments: after how many bytes, in ascending order. */
export type Cut = (step: Send, bytes: Uint8Array) => readonly number[];

/** The pieces of some bytes that are cut there. */
export function divide(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  return [0, ...cuts].map((start, i) => bytes.subarray(start, cuts[i]));
}

/** Each byte by itself. */
export function eachByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}
