/**
 * The report as Gradescope reads it: `results.json` of its autograder specification.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import type { ClauseMark } from "../grading/marks.ts";
import { firstSentenceOf, type ReportData, suiteText, type TargetReport, targetText } from "./report_data.ts";
import { showDetails } from "./text/failures.ts";
import { paint } from "./text/paint.ts";

const PLAIN = paint(false);
/** What is shown of a clause, and of all together, in characters: Gradescope and others refuse what is far larger. */
const MOST_OF_CLAUSE = 2_000;
const MOST_OF_ALL = 60_000;

/** Writes a test for each clause that is worth anything. The score is the sum of theirs. */
export function gradescopeReport(data: ReportData): string {
  const marks = data.targets.flatMap((report) => report.marks.clauses.map((mark) => ({ mark, report })));
  const worth = marks.filter(({ mark }) => mark.most > 0);
  const most = Math.min(MOST_OF_CLAUSE, Math.floor(MOST_OF_ALL / Math.max(worth.length, 1)));
  const results = {
    // Without any test there must be a score.
    ...worth.length === 0 && { score: 0 },
    execution_time: Math.round(data.targets.reduce((sum, { run }) => sum + run.duration, 0) / 1000),
    output: data.targets.map((report) => overview(report)).join("\n"),
    extra_data: { suites: data.targets.flatMap(({ run }) => suiteText(run) ?? []) },
    output_format: "text",
    test_output_format: "text",
    tests: worth.map(({ mark, report }) => test(mark, report, most)),
  };
  return `${JSON.stringify(results, undefined, 2)}\n`;
}

function overview(report: TargetReport): string {
  const { run: { target }, conclusion, causes: [cause], marks } = report;
  const hidden = new Set(marks.clauses.filter(({ isHidden }) => isHidden).map(({ clause }) => clause.slug));
  // Of a hidden clause students see the name alone.
  const tells = [...cause?.explains ?? [], ...cause?.blocks ?? []].some(({ fixture }) =>
    hidden.has(fixture.clause.slug)
  );
  const first = tells ? undefined : firstSentenceOf(report);
  return [`${targetText(target)} ${conclusion.text}`, ...first === undefined ? [] : [first]].map((line) =>
    visibleText(line)
  ).join(
    "\n",
  );
}

function test(mark: ClauseMark, { run }: TargetReport, most: number): object {
  const { clause: { slug, level, text }, points, isHidden, isHiddenUntilDue, note } = mark;
  const bad = run.results.find(({ fixture, verdict }) => fixture.clause.slug === slug && verdict !== "pass");
  const lines = [
    text,
    ...note === "" ? [] : [note],
    ...bad === undefined || points === mark.most ? [] : ["", bad.fixture.title, ...showDetails(bad, PLAIN)],
  ];
  return {
    name: slug,
    score: points,
    max_score: mark.most,
    status: points === mark.most ? "passed" : "failed",
    ...!isHidden && { output: shortened(lines.map((line) => visibleText(line)).join("\n"), most) },
    tags: [level],
    visibility: isHiddenUntilDue ? "after_due_date" : "visible",
  };
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
