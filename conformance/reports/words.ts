/**
 * The words that readable reports use for verdicts.
 *
 * @module
 */

import type { Level } from "../fixtures/clauses.ts";
import type { ClauseVerdict, Result } from "../results/verdict.ts";
import type { Paint } from "./text/paint.ts";

/** A verdict in a report: as in {@linkcode ClauseVerdict}, with a word of its own for a `may` clause. */
export type Word = ClauseVerdict | "not counted";

const SHOWN = {
  pass: { text: "pass", color: "good" },
  fail: { text: "FAIL", color: "bad" },
  blocked: { text: "blocked", color: "odd" },
  unsupported: { text: "unsupported", color: "dim" },
  error: { text: "ERROR", color: "bad" },
  none: { text: "-", color: "dim" },
  "not counted": { text: "not counted", color: "odd" },
} as const;

/** How wide the widest word is. */
export const WORD_WIDTH: number = Math.max(...Object.values(SHOWN).map(({ text }) => text.length));

/** The word for a verdict on results of one level. A failed `may` clause does not count: the server does something else. */
export function wordFor(verdict: ClauseVerdict, level: Level, results: readonly Result[]): Word {
  const isInconsistent = results.some(({ failure }) => failure?.kind === "inconsistent");
  return level === "may" && verdict === "fail" && !isInconsistent ? "not counted" : verdict;
}

/** The word as it is written. */
export function wordText(word: Word): string {
  return SHOWN[word].text;
}

/** The word as it is shown, in its colour, and perhaps with blanks behind it. */
export function showWord(word: Word, paint: Paint, width = 0): string {
  const { text, color } = SHOWN[word];
  return paint[color](text.padEnd(width));
}

/** `1 clause`, `2 clauses`. */
export function countText(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`;
}
