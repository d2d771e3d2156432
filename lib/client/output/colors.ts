/**
 * Colours, from the sixteen that every terminal has and its user has chosen.
 *
 * @module
 */

/** A way to paint text, as the parameter of the escape sequence that begins it. */
export type Color = number | `${number};${number}`;

/** Paints for what is not a name. */
export const COLORS = { bold: 1, dim: 2, bad: 31, good: 32 } as const;

/** Red and green say how something went, and the lightest and the darkest cannot be read on every ground. */
const NAME_PAINTS: readonly Color[] = [33, 34, 35, 36, 91, 92, 94, 95, 96, "1;33", "1;34", "1;35", "1;36"];

/** Painted text; a text of several lines is painted line by line. */
export function painted(text: string, paint: Color): string {
  return text.split("\n").map((line) => line === "" ? line : `\x1b[${paint}m${line}\x1b[0m`).join("\n");
}

/**
 * The paint of a name: the same one wherever and whenever it is met.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(paintOf("alice"), paintOf("alice"));
 * ```
 */
export function paintOf(name: string): Color {
  // FNV-1a: short names that differ in one letter are far apart.
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return NAME_PAINTS[hash % NAME_PAINTS.length]!;
}
