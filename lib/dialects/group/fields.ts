/**
 * A datagram as pairs of lines: a field's name, and its value. Values are found by position (PROTOCOLS.md, group).
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";

/** A field: its name as we write it, and its value. */
export type Field = readonly [name: string, value: string];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A value as it may stand on its line: nothing in it ends the line for anybody, nothing reaches a terminal raw, and it is
 * not empty, since the document's own client stumbles over an empty last line.
 */
export function fieldText(value: string): string {
  return value === "" ? " " : visibleText(value, { keep: "\t" });
}

/**
 * Writes fields as a datagram.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeFields([["Header:", "ack"], ["Message:", "[Message received by bob.]"]]);
 * assertEquals(new TextDecoder().decode(bytes), "Header:\nack\nMessage:\n[Message received by bob.]");
 * ```
 */
export function encodeFields(fields: readonly Field[]): Uint8Array {
  return encoder.encode(fields.map(([name, value]) => `${name}\n${fieldText(value)}`).join("\n"));
}

/** The values of a datagram. */
export interface Values {
  /** The value in this place, counted from 0; `undefined` if the datagram is too short. */
  at(place: number): string | undefined;
  /** The value in this place with all lines that follow it, without a line break at the end. */
  from(place: number): string | undefined;
}

/**
 * Reads the values of a datagram; `undefined` if it is not UTF-8. Lines may end in `\r\n`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const values = readValues(new TextEncoder().encode("HEADER\nsend\nmessage:\none\ntwo\n"));
 * assertEquals([values?.at(0), values?.at(1), values?.from(1), values?.at(3)], ["send", "one", "one\ntwo", undefined]);
 * ```
 */
export function readValues(bytes: Uint8Array): Values | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined; // the decoder's way to say that it is not UTF-8
  }
  const from = (place: number) => {
    const start = startOfLine(text, 2 * place + 1);
    return start === undefined ? undefined : text.slice(start).replace(/\r?\n$/, "");
  };
  const at = (place: number) => {
    const rest = from(place);
    const end = rest?.indexOf("\n") ?? -1;
    return end < 0 ? rest?.replace(/\r$/, "") : rest!.slice(0, end).replace(/\r$/, "");
  };
  return { at, from };
}

/** Where a line starts, counted from 0. */
function startOfLine(text: string, line: number): number | undefined {
  let start = 0;
  for (let i = 0; i < line; i++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  return start;
}
