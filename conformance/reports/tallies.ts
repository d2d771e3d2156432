/**
 * The counts of a report.
 *
 * @module
 */

import { type Level, LEVELS } from "../fixtures/clauses.ts";
import { byClause, type ClauseResult } from "../results/verdict.ts";
import type { TargetReport } from "./report_data.ts";
import { type Word, wordFor } from "./words.ts";

/** How many clauses of a level there are, and how many of each verdict. */
export interface LevelCounts {
  /** The level. */
  readonly level: Level;
  /** All of them. */
  readonly clauses: number;
  /** How many of each. */
  readonly words: ReadonlyMap<Word, number>;
}

/** A clause, with the word for its verdict. */
export interface ReportedClause extends ClauseResult {
  /** The word. */
  readonly word: Word;
}

/** The clauses that a report shows: all, or, where fixtures were left out, those that were selected. */
export function reportedClauses({ run }: TargetReport): ReportedClause[] {
  const isWhole = run.results.length === run.library.fixtures.length;
  return byClause(run).filter(({ results }) => isWhole || results.length > 0).map((one) => {
    return { ...one, word: wordFor(one.verdict, one.clause.level, one.results) };
  });
}

/**
 * What is to be said of a clause besides its verdict: of how many of its fixtures it is true, why it is blocked; empty where
 * there is nothing.
 */
export function clauseNote({ verdict, results }: ClauseResult): string {
  const those = (wanted: ClauseResult["verdict"]) => results.filter((result) => result.verdict === wanted);
  if (verdict === "none") return "no fixture";
  if (verdict === "blocked" || verdict === "unsupported") return those(verdict)[0]!.reason ?? "";
  if (results.length === 1) return "";
  const blocked = those("blocked").length;
  if (blocked === 0) return `${those(verdict).length} of ${results.length}`;
  const failed = verdict === "fail" ? [`${those("fail").length} fail`] : [];
  return [`${those("pass").length} of ${results.length} pass`, ...failed, `${blocked} blocked`].join(", ");
}

/** The counts for each level that has clauses. */
export function levelCounts(clauses: readonly ReportedClause[]): LevelCounts[] {
  return LEVELS.flatMap((level) => {
    const own = clauses.filter(({ clause }) => clause.level === level);
    const words = new Map([...Map.groupBy(own, ({ word }) => word)].map(([word, { length }]) => [word, length]));
    return own.length === 0 ? [] : [{ level, clauses: own.length, words }];
  });
}
