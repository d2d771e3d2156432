/**
 * What somebody, or something, may be called where any characters may be in it: a room's names, a group's name.
 *
 * @module
 */

import { visibleText } from "../core/visible.ts";
import { looks } from "./look_alikes.ts";

/** Why a title could be taken for more than a title, or for another one. */
export type TitleFault =
  /** Something in it is not seen, or looks like nothing, or like an ordinary blank. */
  | "unseen"
  /** It could be taken for a sender with the words behind, or for the server's own line. */
  | "forging"
  /** It mixes letters of scripts that look alike. */
  | "mixed-scripts";

/** What stands between a sender and the words, or round whom they are for; and what only the server's own lines begin with. */
const FORGING = [
  /[:\u02f8\u02d0\ua4fd\ua789\u2236\u2982\u205a\u0589\u05c3\u0703\u0704\u16ec\u1803\u1804\u1809\ufe30](?:\s|$)/u,
  /[()\u2768-\u276b\u2772\u2773\u3014\u3015\u27ee\u27ef\u2985\u2986\u2e28\u2e29\u2e59-\u2e5c\ufd3e\ufd3f]/u,
  /^\s*[*\u204e\u2217\u066d]/u,
];

/** What a room says of those who come and go. */
const ANNOUNCEMENT = /has (?:joined|left) the chat/;

/**
 * Scripts that are written together, or alone; a letter of any other counts as of one more. Latin may stand beside each, but
 * not beside {@linkcode LOOK_LATIN}.
 */
const SCRIPTS: readonly RegExp[] = [
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Hangul}]/u,
  ...[
    "Arabic",
    "Bengali",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Mongolian",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thaana",
    "Thai",
    "Tibetan",
  ].map((script) => new RegExp(`\\p{sc=${script}}`, "u")),
];
/** Scripts with letters that look like Latin ones, or like each other's. */
const LOOK_LATIN: readonly RegExp[] = ["Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu"].map((script) =>
  new RegExp(`\\p{sc=${script}}`, "u")
);

/**
 * Why nobody may be called that; `undefined` if they may. Whether it looks like somebody who is there is for the hub to say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["Bob Smith", "Жанна", "山田太郎", "José"].map(titleFault), [undefined, undefined, undefined, undefined]);
 * assertEquals(titleFault("alice (to you alone)"), "forging");
 * assertEquals(titleFault("\u0430lice"), "mixed-scripts"); // the first letter is Cyrillic
 * assertEquals(titleFault("al\u200dice"), "unseen");
 * ```
 */
export function titleFault(title: string): TitleFault | undefined {
  if (visibleText(title) !== title || looks(title).includes("") || /^\p{M}/u.test(title)) return "unseen";
  const plain = title.normalize("NFKD");
  if (FORGING.some((forging) => forging.test(plain)) || looks(title).some((look) => ANNOUNCEMENT.test(look))) {
    return "forging";
  }
  return mixesScripts(plain) ? "mixed-scripts" : undefined;
}

function mixesScripts(text: string): boolean {
  const scripts = new Set<RegExp | "other">();
  let hasLatin = false;
  for (const letter of text.match(/\p{L}/gu) ?? []) {
    if (/\p{sc=Latin}/u.test(letter)) hasLatin = true;
    else if (!/[\p{sc=Common}\p{sc=Inherited}]/u.test(letter)) {
      scripts.add([...SCRIPTS, ...LOOK_LATIN].find((script) => script.test(letter)) ?? "other");
    }
  }
  if (scripts.size !== 1) return scripts.size > 1;
  const [script] = scripts;
  return hasLatin && (script === "other" || LOOK_LATIN.includes(script!));
}
