/**
 * The colour of a name, the same in a terminal and on the page.
 *
 * @module
 */

/** A way to paint text, as the parameter of the escape sequence that begins it. */
export type NamePaint = number | `${number};${number}`;

/** Red and green say how something went, and the lightest and the darkest cannot be read on every ground. */
export const NAME_PAINTS: readonly NamePaint[] = [33, 34, 35, 36, 91, 92, 94, 95, 96, "1;33", "1;34", "1;35", "1;36"];

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
export function paintOf(name: string): NamePaint {
  // FNV-1a: short names that differ in one letter are far apart.
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return NAME_PAINTS[hash % NAME_PAINTS.length]!;
}
