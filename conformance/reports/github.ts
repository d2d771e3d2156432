/**
 * Annotations for GitHub Actions: a workflow command for each fault, on standard output.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import type { Judgement } from "../results/judgement.ts";
import { callerOf } from "../transcript/place.ts";
import { type ReportData, type TargetReport, targetText } from "./report_data.ts";
import { faultLines, faultsOf, type ReportedFault } from "./faults.ts";

/** Writes a command for each fault; what it blocks has none: GitHub shows ten of a kind. */
export function githubReport(data: ReportData): string {
  return data.targets.flatMap((report) => {
    const { target, unreachable, isBrokenOff } = report.run;
    const title = targetText(target);
    if (unreachable !== undefined) return [command("error", { title }, unreachable)];
    return [
      ...faultsOf(report).map((fault) => annotation(fault, report, data)),
      ...isBrokenOff ? [command("error", { title }, "the run was broken off")] : [],
    ];
  }).join("");
}

function annotation(fault: ReportedFault, report: TargetReport, data: ReportData): string {
  const { fixture, failure } = fault.result;
  const place = failure === undefined ? { file: fixture.file, line: 1 } : callerOf(failure.place);
  // An embedded fixture is no file of the repository that is looked at.
  const isOwn = data.folders.some((folder) => fixture.file.startsWith(`${folder}/`));
  const where = isOwn ? { file: place.file, line: String(place.line) } : {};
  const title = `${fixture.name} (${fixture.clause.level}) of ${targetText(report.run.target)}`;
  const message = [fixture.title, ...faultLines(fault, report, data)].join("\n");
  return command(severity(fault.judgement), { ...where, title }, message);
}

function severity(judgement: Judgement): string {
  if (judgement === "expected failure") return "notice";
  return judgement === "not counted" ? "warning" : "error";
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const words = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${words.join(",")}::${escapeData(message)}\n`;
}

/** As GitHub's own toolkit escapes; what would act on a terminal is spelled. */
function escapeData(text: string): string {
  return visibleText(text, { keep: "\n" }).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
