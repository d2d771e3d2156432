/**
 * The report as a table of comma-separated values (RFC 4180), for spreadsheets and scripts.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import { byClause } from "../results/verdict.ts";
import { type ReportData, type TargetReport, targetText } from "./report_data.ts";

const HEAD = ["target", "clause", "level", "verdict", "fixtures", "passed", "points", "most", "note"];

/** Writes a row for each clause of each target. */
export function csvReport({ targets }: ReportData): string {
  return csvText([HEAD, ...targets.flatMap(rows)]);
}

/** Writes rows as RFC 4180 has them; nothing in them is a formula to a spreadsheet. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function rows({ run, marks }: TargetReport): string[][] {
  const verdicts = new Map(byClause(run).map((one) => [one.clause.slug, one]));
  return marks.clauses.map(({ clause: { slug, level }, points, most, note }) => {
    const { verdict = "none", results = [] } = verdicts.get(slug) ?? {};
    const passed = results.filter(({ verdict }) => verdict === "pass").length;
    return [targetText(run.target), slug, level, verdict, ...[results.length, passed, points, most].map(String), note];
  });
}

/** What begins like a formula would be one to a spreadsheet. */
function field(text: string): string {
  const plain = visibleText(text).replace(/^(?=[=+\-@])/, "'");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
