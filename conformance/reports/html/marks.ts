/**
 * How verdicts look on the page.
 *
 * @module
 */

import { type Word, wordText } from "../words.ts";
import { element, type Markup } from "./markup.ts";

/** The groups by which the page is filtered, with the words in each. */
export const GROUPS = {
  failed: ["fail", "error"],
  blocked: ["blocked"],
  passed: ["pass"],
  other: ["not counted", "unsupported", "none"],
} as const satisfies Readonly<Record<string, readonly Word[]>>;

/** A group of verdicts that look alike, and by which the page is filtered. */
export type Group = keyof typeof GROUPS;

/** All groups. */
export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[];

/** A sign for each group, so that the page does not depend on colours. */
const SIGNS: Readonly<Record<Group, string>> = { failed: "✗", blocked: "⊘", passed: "✓", other: "○" };

/** The group that a word is in. */
export function groupOf(word: Word): Group {
  return GROUP_NAMES.find((group) => (GROUPS[group] as readonly Word[]).includes(word))!;
}

/** A verdict with its sign. */
export function showMark(word: Word): Markup {
  const group = groupOf(word);
  const text = word === "none" ? "not asked" : wordText(word).toLowerCase();
  const sign = element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[group]);
  return element("span", { class: `mark ${group}` }, sign, ` ${text}`);
}
