/**
 * The counts of a report, and the sentence that sums it up.
 *
 * @module
 */

import { type Level, LEVELS } from "../clauses.ts";
import { FATAL } from "../standing.ts";
import { byClause, type ClauseResult } from "../verdict.ts";
import type { Account, Asked } from "./account.ts";
import { count, type Word, wordFor } from "./words.ts";

/** How many clauses of a level there are, and how many of each verdict. */
export interface Tally {
  /** The level. */
  readonly level: Level;
  /** All of them. */
  readonly clauses: number;
  /** How many of each. */
  readonly words: ReadonlyMap<Word, number>;
}

/** A clause, with the word for its verdict. */
export interface Told extends ClauseResult {
  /** The word. */
  readonly word: Word;
}

/** The clauses that a report tells of: all, or, where fixtures were left out, those that were asked for. */
export function toldClauses({ run }: Asked): Told[] {
  const isWhole = run.results.length === run.library.fixtures.length;
  return byClause(run).filter(({ results }) => isWhole || results.length > 0).map((one) => {
    return { ...one, word: wordFor(one.verdict, one.clause.level, one.results) };
  });
}

/** The counts for each level that has clauses. */
export function talliesOf(clauses: readonly Told[]): Tally[] {
  return LEVELS.flatMap((level) => {
    const own = clauses.filter(({ clause }) => clause.level === level);
    const words = new Map([...Map.groupBy(own, ({ word }) => word)].map(([word, { length }]) => [word, length]));
    return own.length === 0 ? [] : [{ level, clauses: own.length, words }];
  });
}

/** How a target did. */
export interface Conclusion {
  /** `good`: it conforms; `bad`: it does not; `odd`: that could not be found out. */
  readonly kind: "good" | "bad" | "odd";
  /** One sentence without its subject: `conforms`. */
  readonly text: string;
}

/** Sums up how a target did. */
export function conclude({ run, standings }: Asked, { baseline }: Account): Conclusion {
  if (run.unreachable !== undefined) return { kind: "odd", text: run.unreachable };
  const number = (...words: readonly string[]) => [...standings.values()].filter((one) => words.includes(one)).length;
  const known = number("known");
  const brokenOff = run.isBrokenOff ? `broken off after ${count(run.results.length, "fixture")}` : "";
  const besides = known === 0 ? "" : `, besides ${count(known, "known failure")} in ${baseline}`;
  if (number(...FATAL) > 0) {
    const [failed, mended] = [number("failed"), number("mended")];
    const parts = [
      ...failed > 0 ? [`${failed} of ${count(run.results.length, "fixture")} failed`] : [],
      ...mended > 0 ? [`${count(mended, "failure")} that ${baseline} lists is none any more`] : [],
    ];
    return { kind: "bad", text: `does not conform: ${[...parts, brokenOff].filter(Boolean).join(", and ")}${besides}` };
  }
  if (run.isBrokenOff) return { kind: "odd", text: `cannot tell: ${brokenOff}` };
  const errors = number("error");
  if (errors > 0) return { kind: "odd", text: `cannot tell: ${count(errors, "fixture")} could not be played` };
  if (known > 0) {
    return {
      kind: "odd",
      text: `does not conform, as was known: nothing but ${count(known, "failure")} in ${baseline}`,
    };
  }
  return { kind: "good", text: "conforms" };
}
