/**
 * Where something stands in a transcript, for messages to its author.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";

/** A line of a file. */
export interface Place {
  /** The file, as it is shown. */
  readonly file: string;
  /** The line, counted from 1. */
  readonly line: number;
  /** The line of the macro's call, if this line stands in a macro. */
  readonly calledFrom?: Place;
}

/**
 * `file:line`, with the call for a line in a macro.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const call = { file: "a.chat", line: 5 };
 * assertEquals(showPlace({ file: "prelude.chat", line: 9, calledFrom: call }), "prelude.chat:9 (from a.chat:5)");
 * ```
 */
export function showPlace(place: Place): string {
  const here = `${place.file}:${place.line}`;
  return place.calledFrom === undefined ? here : `${here} (from ${showPlace(place.calledFrom)})`;
}

/** The outermost place: the line of the fixture itself, even for a step that stands in a macro. */
export function callerOf(place: Place): Place {
  return place.calledFrom === undefined ? place : callerOf(place.calledFrom);
}

/** A mistake in a transcript: `file:line: what is wrong`, with the code `fixture`. */
export function mistake(place: Place, what: string): ChatError {
  return new ChatError("fixture", `${showPlace(place)}: ${what}`);
}
