/**
 * `for n in 1..254:` the same lines several times, with a number put in.
 *
 * @module
 */

import type { Line } from "./lines.ts";
import { mistake } from "./place.ts";

/** What a loop says in its first line. */
export interface Loop {
  /** Its variable, which the lines below use as a macro uses a parameter: `$n`. */
  readonly variable: string;
  /** The first number. */
  readonly first: number;
  /** The last number. */
  readonly last: number;
}

const OPENING = /^for\s+([A-Za-z][A-Za-z0-9]*)\s+in\s+([0-9]{1,5})\.\.([0-9]{1,5}):$/;
/** Enough for every ID that a client can have, in any dialect. */
const MAX_ROUNDS = 1000;

/** Whether a line's text is meant to open a loop. */
export function isLoop(text: string): boolean {
  return text.startsWith("for") && /^for(\s|:|$)/.test(text);
}

/** What a line opens a loop with, or `undefined` if it is none; throws a {@linkcode mistake} for one that is not well formed. */
export function readLoop({ text, place, children }: Line): Loop | undefined {
  if (!isLoop(text)) return undefined;
  const [, variable, low, high] = OPENING.exec(text) ?? [];
  if (variable === undefined) throw mistake(place, "a loop begins: for NAME in FIRST..LAST:");
  const [first, last] = [Number(low), Number(high)];
  if (last < first) throw mistake(place, `there is nothing from ${first} to ${last}`);
  if (last - first >= MAX_ROUNDS) throw mistake(place, `a loop has at most ${MAX_ROUNDS} rounds`);
  if (children.length === 0) throw mistake(place, "nothing is indented below this line");
  return { variable, first, last };
}
