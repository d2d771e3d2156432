/**
 * The report as text, for a terminal or a file.
 *
 * @module
 */

import { conditionsOf } from "../conditions.ts";
import { visibleText } from "../../../lib/core/visible.ts";
import { LEVELS } from "../../fixtures/clauses.ts";
import type { TargetRun } from "../../results/verdict.ts";
import { PAIR_HEADS, pairTable } from "../pair_table.ts";
import {
  choicesTitle,
  firstSentenceOf,
  marksText,
  type ReportData,
  suiteText,
  type TargetReport,
  targetText,
} from "../report_data.ts";
import { showStages } from "./stages.ts";
import { showSummary } from "./summary.ts";
import { briefNote, isTooLong, notKept, showFirst } from "./brief.ts";
import { showFailures } from "./failures.ts";
import type { Paint } from "./paint.ts";
import { clauseNote, levelCounts, type ReportedClause, reportedClauses } from "../tallies.ts";
import { countText, showWord, WORD_WIDTH } from "../words.ts";

/** The widest level. */
const LEVEL_WIDTH = Math.max(...LEVELS.map(({ length }) => length));

/**
 * Writes for each target a line a clause, the failures, the choices, the counts, and whether it conforms. Where the failures would
 * fill screens, it is what matters for mending the first of them, unless all was asked for.
 */
export function textReport(data: ReportData, paint: Paint): string {
  return data.targets.map((report) => showTarget(report, data, paint)).join("\n");
}

function showTarget(report: TargetReport, data: ReportData, paint: Paint): string {
  const { run, conclusion: { kind, text } } = report;
  const clauses = reportedClauses(report);
  const time = paint.dim(`(${(run.duration / 1000).toFixed(1)} s)`);
  const failures = showFailures(report, paint);
  const isBrief = !data.isVerbose && isTooLong(failures);
  const parts = [
    showTitle(run, paint),
    run.stages === undefined ? "" : showStages(run.stages, failedClauses(run), paint),
    showPairs(run, paint),
    showCauses(report, paint),
    ...isBrief
      ? [showClauses(notKept(clauses), briefNote, paint), ...showFirst(report, paint)]
      : [showClauses(clauses, clauseNote, paint), ...failures, showChoices(run, paint)],
    showCounts(clauses, paint),
    data.isGraded ? marksText(report) : "",
    `${kind === "good" ? paint.good(text) : paint.bad(text)} ${time}\n${showSummary(report, data, paint)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function failedClauses({ results }: TargetRun): string[] {
  return results.filter(({ verdict }) => verdict === "fail").map(({ fixture }) => fixture.clause.slug);
}

function showTitle(run: TargetRun, paint: Paint): string {
  const { target, results, seed } = run;
  const { dialect, detected, command } = target;
  const lines = [paint.strong(`${targetText(target)}, ${countText(results.length, "fixture")}`)];
  if (command !== undefined) lines.push(paint.dim(`started: ${visibleText(command.join(" "))}`));
  if (detected !== undefined) lines.push(paint.dim(`${dialect}, because ${detected}`));
  for (const condition of conditionsOf(run)) lines.push(paint.dim(condition));
  const suite = suiteText(run);
  if (suite !== undefined) lines.push(paint.dim(suite));
  if (seed !== undefined) lines.push(paint.dim(`chance begins with --seed ${seed}`));
  return lines.join("\n");
}

/** What to do first, and what then. */
function showCauses(report: TargetReport, paint: Paint): string {
  const first = firstSentenceOf(report);
  if (first === undefined) return "";
  const then = report.causes.slice(1).map(({ text, explains }) =>
    `Then: it ${visibleText(text)} (${countText(explains.length, "failure")}).`
  );
  return [paint.strong(visibleText(first)), ...then].join("\n");
}

function showClauses(
  clauses: readonly ReportedClause[],
  noteOf: (clause: ReportedClause) => string,
  paint: Paint,
): string {
  const width = Math.max(...clauses.map(({ clause }) => clause.slug.length));
  return clauses.map((one) => {
    const { clause, word: plain } = one;
    const word = showWord(plain, paint, WORD_WIDTH);
    const note = paint.dim(noteOf(one));
    return `${word}  ${clause.level.padEnd(LEVEL_WIDTH)}  ${clause.slug.padEnd(width)}  ${note}`.trimEnd();
  }).join("\n");
}

/** Which servers and clients work together. */
function showPairs({ pairs }: TargetRun, paint: Paint): string {
  if (pairs === undefined) return "";
  const rows = pairTable(pairs);
  const width = Math.max(...rows.map(({ server }) => server.length));
  const first = Math.max(PAIR_HEADS[0].length, ...rows.map(({ cells }) => cells[0]!.text.length));
  const head = paint.strong(`${" ".repeat(width)}  ${PAIR_HEADS[0].padEnd(first)}  ${PAIR_HEADS[1]}`);
  const lines = rows.map(({ server, cells: [yours, ours] }) => {
    const padded = paint[yours!.kind](yours!.text.padEnd(first));
    return `${paint.strong(server.padEnd(width))}  ${padded}  ${paint[ours!.kind](ours!.text)}`;
  });
  return [head, ...lines].join("\n");
}

function showChoices({ recorded, target }: TargetRun, paint: Paint): string {
  if (recorded.length === 0) return "";
  const width = Math.max(...recorded.map(({ choice }) => choice.length));
  const lines = recorded.map(({ choice, value }) => `  ${choice.padEnd(width)}  ${value}`);
  return [paint.strong(`${choicesTitle(target)}:`), ...lines].join("\n");
}

function showCounts(clauses: readonly ReportedClause[], paint: Paint): string {
  return levelCounts(clauses).map(({ level, clauses, words }) => {
    const counts = [...words].map(([word, number]) => {
      return word === "none" ? `${number} without a fixture` : `${number} ${showWord(word, paint)}`;
    });
    return `${level.padEnd(LEVEL_WIDTH)}  ${countText(clauses, "clause")}: ${counts.join(", ")}`;
  }).join("\n");
}
