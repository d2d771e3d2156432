/**
 * The report in TAP 14, the Test Anything Protocol.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import { callerOf } from "../transcript/place.ts";
import type { Judgement } from "../results/judgement.ts";
import type { Result } from "../results/verdict.ts";
import { noteFor, type ReportData, type TargetReport, targetText } from "./report_data.ts";
import { showDetails } from "./text/failures.ts";
import { paint } from "./text/paint.ts";
import { showWire } from "./text/wire_lines.ts";

const PLAIN = paint(false);

/** Writes a test point for each fixture; what does not count is `TODO`, what could not be shown `SKIP`. */
export function tapReport(account: ReportData): string {
  const lines: string[] = [];
  let number = 0;
  for (const asked of account.asked) {
    const { run } = asked;
    lines.push(`# ${plain(targetText(run.target))}`);
    if (run.unreachable !== undefined) {
      lines.push(`not ok ${++number} - ${plain(targetText(run.target))}: ${plain(run.unreachable)}`);
    }
    for (const result of run.results) lines.push(...testPoint(++number, result, asked, account));
    for (const { choice, value } of run.recorded) lines.push(`# choice ${plain(choice)}: ${plain(value)}`);
    if (run.isBrokenOff) lines.push(`not ok ${++number} - ${plain(targetText(run.target))}: the run was broken off`);
  }
  return ["TAP version 14", `1..${number}`, ...lines, ""].join("\n");
}

function testPoint(number: number, result: Result, asked: TargetReport, account: ReportData): string[] {
  const { fixture, verdict } = result;
  const standing = asked.standings.get(result)!;
  const why = plain(noteFor(result, standing, account));
  const isOk = verdict === "pass" && standing !== "mended" || standing === "blocked" || standing === "declined";
  const line = `${isOk ? "ok" : "not ok"} ${number} - ${plain(`${fixture.name}: ${fixture.title}`)}${
    directive(standing, why)
  }`;
  return isOk ? [line] : [line, ...diagnosis(result, standing, why, asked)];
}

function directive(standing: Judgement, why: string): string {
  if (standing === "known" || standing === "tolerated") return ` # TODO ${why}`;
  return standing === "blocked" || standing === "declined" ? ` # SKIP ${why}` : "";
}

/** A block of YAML, in which every text is written as JSON writes it, which YAML reads. */
function diagnosis(result: Result, standing: Judgement, why: string, { reproducers }: TargetReport): string[] {
  const { fixture: { clause }, failure, wire } = result;
  const place = failure && callerOf(failure.place);
  const script = reproducers.get(result);
  return [
    "---",
    `message: ${text(failure?.reason ?? why)}`,
    `severity: ${standing === "error" ? "error" : standing === "failed" || standing === "mended" ? "fail" : "todo"}`,
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
