/**
 * The report as Markdown, as GitHub's job summaries and merge requests show it.
 *
 * @module
 */

import { markdownTable } from "markdown-table";
import { visibleText } from "../../lib/core/visible.ts";
import type { Pair } from "../results/verdict.ts";
import { PAIR_HEADS, pairTable } from "./pair_table.ts";
import {
  choicesTitle,
  firstSentenceOf,
  marksText,
  type ReportData,
  subjectOf,
  suiteText,
  type TargetReport,
  targetText,
} from "./report_data.ts";
import { faultLines, faultsOf, type ReportedFault } from "./faults.ts";
import { clauseNote, levelCounts, reportedClauses } from "./tallies.ts";
import { wordText } from "./words.ts";

const MARKS = { good: "✅", bad: "❌", odd: "⚠️" } as const;

/** Writes a section for each target: the counts, the faults, the choices, and all clauses. */
export function markdownReport(data: ReportData): string {
  return data.targets.map((report) => section(report, data)).join("\n");
}

function section(report: TargetReport, data: ReportData): string {
  const { run, conclusion: { kind, text } } = report;
  const clauses = reportedClauses(report);
  const faults = faultsOf(report);
  const first = firstSentenceOf(report);
  const suite = suiteText(run);
  const blocks = [
    `## ${MARKS[kind]} ${inline(targetText(run.target))}`,
    `${inline(text)} (${(run.duration / 1000).toFixed(1)} s${data.strict ? ", strict" : ""}${
      suite === undefined ? "" : `, ${suite}`
    })`,
    ...run.pairs === undefined ? [] : [pairs(run.pairs)],
    ...first === undefined ? [] : [`**${inline(first)}**`],
    ...data.isGraded ? [`**${marksText(report)}**`] : [],
    ...clauses.length === 0 ? [] : [counts(clauses)],
    ...faults.length === 0 ? [] : ["### What to look at", ...faults.map((fault) => details(fault, report, data))],
    ...run.recorded.length === 0 ? [] : [`### ${choicesTitle(run.target)}`, choices(report)],
    ...clauses.length === 0 ? [] : [`<details><summary>All clauses</summary>`, table(clauses), "</details>"],
  ];
  return `${blocks.join("\n\n")}\n`;
}

function counts(clauses: ReturnType<typeof reportedClauses>): string {
  const tallies = levelCounts(clauses);
  const words = [...new Set(tallies.flatMap(({ words }) => [...words.keys()]))];
  const head = ["level", "clauses", ...words.map((word) => wordText(word))];
  const rows = tallies.map((tally) => [
    tally.level,
    String(tally.clauses),
    ...words.map((word) => String(tally.words.get(word) ?? "")),
  ]);
  return markdownTable([head, ...rows], { align: ["l", ...head.slice(1).map(() => "r")] });
}

function details(fault: ReportedFault, report: TargetReport, data: ReportData): string {
  const { name, clause, title } = fault.result.fixture;
  const head = `<b>${inline(name)}</b> (${clause.level}): ${inline(title)}`;
  return [`<details><summary>${head}</summary>`, fenced(faultLines(fault, report, data)), "</details>"].join("\n\n");
}

function pairs(tried: readonly Pair[]): string {
  const rows = pairTable(tried).map(({ server, cells }) => [
    server,
    ...cells.map(({ kind, text }) => `${MARKS[kind]} ${inline(text)}`),
  ]);
  return markdownTable([["", ...PAIR_HEADS], ...rows]);
}

function choices({ run }: TargetReport): string {
  return markdownTable([
    ["choice", `this ${subjectOf(run.target)}`],
    ...run.recorded.map(({ choice, value }) => [inline(choice), inline(value)]),
  ]);
}

function table(clauses: ReturnType<typeof reportedClauses>): string {
  return markdownTable([
    ["verdict", "level", "clause", "what it says", "fixtures"],
    ...clauses.map((one) => {
      const { word, clause } = one;
      return [wordText(word), clause.level, inline(clause.slug), inline(clause.text), inline(clauseNote(one))];
    }),
  ]);
}

/** Text in which nothing is markup: what could be is written as a character reference. */
function inline(text: string): string {
  return visibleText(text).replace(/[\\`*_[\]<>|~&@#$]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** A block of code, whatever is in it: its fence is longer than any in the text. */
function fenced(lines: readonly string[]): string {
  const text = lines.map((line) => visibleText(line)).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
