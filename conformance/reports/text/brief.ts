/**
 * The text report where much fails: what is to be mended first in full, of the rest a line a clause.
 *
 * @module
 */

import type { Result } from "../../results/verdict.ts";
import type { TargetReport } from "../report_data.ts";
import { clauseNote, type ReportedClause } from "../tallies.ts";
import { countText, type Word } from "../words.ts";
import { firstFailures, hasFailed, showFailure } from "./failures.ts";
import type { Paint } from "./paint.ts";

/** With more lines than this about failures, a report takes more than two screens, and only the first of them is shown in full. */
const MOST_LINES = 40;
/** A line for a clause has so many characters of what went wrong at most. */
const MOST_CHARACTERS = 100;

const SHOWN: ReadonlySet<Word> = new Set(["fail", "error", "blocked"]);

/** Whether the failures, as they are shown in full, are too many to be read. */
export function isTooLong(failures: readonly string[]): boolean {
  return failures.join("\n\n").split("\n").length > MOST_LINES;
}

/** The clauses that are listed: all that are not as they should be. */
export function notKept(clauses: readonly ReportedClause[]): ReportedClause[] {
  return clauses.filter(({ word }) => SHOWN.has(word));
}

/** What is said of a clause in a line: of how many of its fixtures it is true, and what went wrong in the first. */
export function briefNote(clause: ReportedClause): string {
  const note = clauseNote(clause);
  const failed = clause.results.find(hasFailed);
  const why = failed?.failure?.reason ?? failed?.reason;
  if (why === undefined) return note;
  const [line = ""] = why.split("\n");
  const text = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line;
  return note === "" ? text : `${note}: ${text}`;
}

/** The failure that is to be mended first, and how to see the others. */
export function showFirst(report: TargetReport, paint: Paint): string[] {
  const shown: readonly Result[] = firstFailures(report);
  const others = report.run.results.filter((result) => hasFailed(result) && !shown.includes(result)).length;
  const more = `${
    countText(others, "more failure")
  }: --verbose shows each, and --report html=FILE with all that was said`;
  return [showFailure(shown, undefined, report, paint), ...others === 0 ? [] : [more]];
}
