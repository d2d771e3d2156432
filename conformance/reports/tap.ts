/**
 * The report in TAP 14, the Test Anything Protocol.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import { callerOf } from "../transcript/place.ts";
import type { Judgement } from "../results/judgement.ts";
import type { Result } from "../results/verdict.ts";
import {
  firstSentenceOf,
  marksText,
  noteFor,
  type ReportData,
  suiteText,
  type TargetReport,
  targetText,
} from "./report_data.ts";
import { showDetails } from "./text/failures.ts";
import { paint } from "./text/paint.ts";
import { showWire } from "./text/wire_lines.ts";

const PLAIN = paint(false);

/** Writes a test point for each fixture; what does not count is `TODO`, what could not be shown `SKIP`. */
export function tapReport(data: ReportData): string {
  const lines: string[] = [];
  let number = 0;
  for (const report of data.targets) {
    const { run } = report;
    lines.push(`# ${plain(targetText(run.target))}`);
    const first = firstSentenceOf(report);
    if (first !== undefined) lines.push(`# ${plain(first)}`);
    const suite = suiteText(run);
    if (suite !== undefined) lines.push(`# ${suite}`);
    if (data.isGraded) lines.push(`# ${marksText(report)}`);
    if (run.unreachable !== undefined) {
      lines.push(`not ok ${++number} - ${plain(targetText(run.target))}: ${plain(run.unreachable)}`);
    }
    for (const result of run.results) lines.push(...testPoint(++number, result, report, data));
    for (const { choice, value } of run.recorded) lines.push(`# choice ${plain(choice)}: ${plain(value)}`);
    if (run.isBrokenOff) lines.push(`not ok ${++number} - ${plain(targetText(run.target))}: the run was broken off`);
  }
  return ["TAP version 14", `1..${number}`, ...lines, ""].join("\n");
}

function testPoint(number: number, result: Result, report: TargetReport, data: ReportData): string[] {
  const { fixture, verdict } = result;
  const judgement = report.judgements.get(result)!;
  const why = plain(noteFor(result, judgement, data));
  const isOk = verdict === "pass" && judgement !== "unexpected pass" || judgement === "blocked" ||
    judgement === "unsupported";
  const line = `${isOk ? "ok" : "not ok"} ${number} - ${plain(`${fixture.name}: ${fixture.title}`)}${
    directive(judgement, why)
  }`;
  return isOk ? [line] : [line, ...diagnosis(result, judgement, why, report)];
}

function directive(judgement: Judgement, why: string): string {
  if (judgement === "expected failure" || judgement === "not counted") return ` # TODO ${why}`;
  return judgement === "blocked" || judgement === "unsupported" ? ` # SKIP ${why}` : "";
}

/** A block of YAML, in which every text is written as JSON writes it, which YAML reads. */
function diagnosis(result: Result, judgement: Judgement, why: string, { reproducers }: TargetReport): string[] {
  const { fixture: { clause }, failure, wire } = result;
  const place = failure === undefined || failure.isWithheld ? undefined : callerOf(failure.place);
  const script = reproducers.get(result);
  return [
    "---",
    `message: ${text(failure?.reason ?? why)}`,
    `severity: ${
      judgement === "error" ? "error" : judgement === "fail" || judgement === "unexpected pass" ? "fail" : "todo"
    }`,
    `clause: ${text(clause.slug)}`,
    `level: ${clause.level}`,
    ...place === undefined ? [] : ["at:", `  file: ${text(place.file)}`, `  line: ${place.line}`],
    ...script === undefined ? [] : [`reproduce: ${text(script)}`],
    ...list("details", showDetails(result, PLAIN)),
    ...list("wire", wire === undefined ? [] : showWire(wire)),
    "...",
  ].map((line) => `  ${line}`);
}

function list(key: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${key}:`, ...lines.map((line) => `  - ${text(line)}`)];
}

function text(words: string): string {
  return JSON.stringify(visibleText(words));
}

/** In a description `#` begins a directive, and `\` escapes it. */
function plain(words: string): string {
  return visibleText(words).replace(/[\\#]/g, "\\$&");
}
