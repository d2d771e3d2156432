/**
 * `$parameter` in a line: the text that is put in before the line is read.
 *
 * @module
 */

import type { Line } from "./lines.ts";
import { isLoop, readLoop } from "./loops.ts";
import { mistake, type Place } from "./place.ts";

/** What each parameter stands for. */
export type Arguments = ReadonlyMap<string, string>;

/** A backslash with what it escapes is left alone, so that `\$` stays the character. */
const PARAMETER = /\\.|\$([A-Za-z][A-Za-z0-9]*)/gs;

/**
 * Puts the arguments into a text; throws a {@linkcode mistake} for a parameter that is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const place = { file: "a.chat", line: 1 };
 * assertEquals(substitute("$who.out > {$who} \\$1", new Map([["who", "alice"]]), place), "alice.out > {alice} \\$1");
 * ```
 */
export function substitute(text: string, args: Arguments, place: Place): string {
  if (!text.includes("$")) return text;
  return text.replace(PARAMETER, (found: string, name: string | undefined) => {
    if (name === undefined) return found;
    const value = args.get(name);
    if (value === undefined) throw mistake(place, `$${name} stands for nothing here (a dollar sign is \\$)`);
    return value;
  });
}

/**
 * Puts the arguments into a line and all below it, and notes where the macro was called from. The variable of a loop stays
 * as it is below the loop, for its rounds to be put in.
 */
export function substituteLine(line: Line, args: Arguments, calledFrom?: Place): Line {
  const place = calledFrom === undefined ? line.place : within(line.place, calledFrom);
  const text = substitute(line.text, args, place);
  if (line.children.length === 0 && !isLoop(text)) {
    return place === line.place && text === line.text ? line : { place, text, children: line.children };
  }
  const loop = readLoop({ ...line, text, place });
  const below = loop === undefined ? args : new Map([...args, [loop.variable, `$${loop.variable}`]]);
  return { place, text, children: line.children.map((child) => substituteLine(child, below, calledFrom)) };
}

function within({ file, line, calledFrom: inner }: Place, calledFrom: Place): Place {
  return { file, line, calledFrom: inner === undefined ? calledFrom : within(inner, calledFrom) };
}
