/**
 * Colours, from the sixteen that every terminal has and its user has chosen.
 *
 * @module
 */

import type { NamePaint } from "../../core/name_paint.ts";

/** Paints for what is not a name. */
export const COLORS = { bold: 1, dim: 2, bad: 31, good: 32 } as const;

/** Painted text; a text of several lines is painted line by line. */
export function painted(text: string, paint: NamePaint): string {
  return text.split("\n").map((line) => line === "" ? line : `\x1b[${paint}m${line}\x1b[0m`).join("\n");
}
