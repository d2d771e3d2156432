/**
 * Long lines, broken by us and not by the terminal: where the terminal breaks one, the rest starts at the left edge, and
 * a message could be spaced out so that its rest looks like another one.
 *
 * @module
 */

import { eastAsianWidth } from "get-east-asian-width";

/** What the rows of a line but the first start with. */
export const WRAP_INDENT = "      ";

/** What is not seen itself: paint, and the bell. Only we print these; of others' text, all characters are seen. */
const UNSEEN = /^\x1b\[[0-9;]*m$|^\x07$/;
const ATOM = /\x1b\[[0-9;]*m|./gsu;

/** Narrower than this, nothing is broken sensibly. */
const MIN_COLUMNS = 20;
const TAB = 8;

const NO_WIDTH = /^[\p{Mn}\p{Me}\u{200B}-\u{200D}]$/u;
const TWO_CELLS = /^[\p{Regional_Indicator}\u{FE0F}]$/u;

/**
 * How many cells a character takes at most. Terminals differ on sequences (an emoji of several is two cells in one and
 * eight in another), so each character counts for itself: a row may come out shorter than it could be, never longer.
 */
function cells(character: string): number {
  if (UNSEEN.test(character)) return 0;
  if (character < "\x7f") return 1;
  if (TWO_CELLS.test(character)) return 2;
  if (NO_WIDTH.test(character)) return 0;
  return eastAsianWidth(character.codePointAt(0)!);
}

/**
 * Breaks a line into rows of at most so many cells, at a space if one is in reach. Tabs become spaces, paint takes no room; otherwise nothing is
 * added but {@linkcode WRAP_INDENT}, and nothing is lost but the space at a break.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrapLine("bob: how do you do, alice?", 20), ["bob: how do you do,", "      alice?"]);
 * assertEquals(wrapLine("日本語日本語日本語日本語", 20), ["日本語日本語日本語日", "      本語"]);
 * ```
 */
export function wrapLine(line: string, columns: number): string[] {
  const width = Math.max(columns, MIN_COLUMNS);
  const rows: string[] = [];
  let row = "";
  let used = 0;
  /** Where the row could be broken, as an index into it and the cells up to there. */
  let space: { readonly index: number; readonly used: number } | undefined;

  const put = (character: string, size: number) => {
    if (used + size > width) {
      // A break that would leave most of the row empty is worse than one within a word.
      const fits = space !== undefined && space.used > width / 2;
      const rest = fits ? row.slice(space!.index + 1) : "";
      const restUsed = fits ? used - space!.used - 1 : 0;
      rows.push(fits ? row.slice(0, space!.index) : row);
      row = WRAP_INDENT + rest;
      used = WRAP_INDENT.length + restUsed;
      space = undefined;
      if (!fits && character === " ") return;
    }
    if (character === " ") space = { index: row.length, used };
    row += character;
    used += size;
  };

  for (const [character] of line.matchAll(ATOM)) {
    if (character === "\t") { for (let n = TAB - used % TAB; n > 0; n--) put(" ", 1); }
    else put(character, cells(character));
  }
  rows.push(row);
  return rows;
}
