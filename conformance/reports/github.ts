/**
 * Annotations for GitHub Actions: a workflow command for each fault, on standard output.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import type { Judgement } from "../results/judgement.ts";
import { callerOf } from "../transcript/place.ts";
import { firstSentenceOf, marksText, type ReportData, type TargetReport, targetText } from "./report_data.ts";
import { faultLines, faultsOf, type ReportedFault } from "./faults.ts";

/** GitHub shows so many annotations of a kind. */
const SHOWN = 10;

/** An annotation. */
interface Annotation {
  readonly severity: "error" | "warning" | "notice";
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/**
 * Writes a command for each fault; what it blocks has none. Of more than GitHub shows of a kind, the last that it shows says how many
 * are left out.
 */
export function githubReport(data: ReportData): string {
  const all = data.targets.flatMap((report) => annotationsOf(report, data));
  const kinds = Object.values(Object.groupBy(all, ({ severity }) => severity));
  return kinds.flatMap((own) => shorten(own!)).map(command).join("");
}

function annotationsOf(report: TargetReport, data: ReportData): Annotation[] {
  const { target, unreachable, isBrokenOff } = report.run;
  const about = { severity: "error", properties: { title: targetText(target) } } as const;
  if (unreachable !== undefined) return [{ ...about, message: unreachable }];
  const first = firstSentenceOf(report);
  const weight = report.conclusion.kind === "bad" ? "error" : "notice";
  return [
    ...first === undefined ? [] : [{ ...about, severity: weight, message: first } as const],
    ...data.isGraded ? [{ ...about, severity: "notice", message: marksText(report) } as const] : [],
    ...isBrokenOff ? [{ ...about, message: "the run was broken off" }] : [],
    ...faultsOf(report).map((fault) => annotation(fault, report, data)),
  ];
}

function shorten(all: readonly Annotation[]): readonly Annotation[] {
  if (all.length <= SHOWN) return all;
  const shown = all.slice(0, SHOWN - 1);
  const left = all.slice(SHOWN - 1);
  const properties = { title: `${left.length} more are left out` };
  const titles = left.map(({ properties: { title = "" } }) => title);
  const message = ["GitHub shows ten of a kind. The others are in the other reports:", ...titles].join(
    "\n",
  );
  return [...shown, { severity: all[0]!.severity, properties, message }];
}

function annotation(fault: ReportedFault, report: TargetReport, data: ReportData): Annotation {
  const { fixture, failure } = fault.result;
  const place = failure === undefined ? { file: fixture.file, line: 1 } : callerOf(failure.place);
  // An embedded fixture is no file of the repository that is looked at.
  const isOwn = data.folders.some((folder) => fixture.file.startsWith(`${folder}/`));
  const where = isOwn ? { file: place.file, line: String(place.line) } : {};
  const title = `${fixture.name} (${fixture.clause.level}) of ${targetText(report.run.target)}`;
  const message = [fixture.title, ...faultLines(fault, report, data)].join("\n");
  return { severity: severity(fault.judgement), properties: { ...where, title }, message };
}

function severity(judgement: Judgement): Annotation["severity"] {
  if (judgement === "expected failure") return "notice";
  return judgement === "not counted" ? "warning" : "error";
}

function command({ severity, properties, message }: Annotation): string {
  const words = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${severity} ${words.join(",")}::${escapeData(message)}\n`;
}

/** As GitHub's own toolkit escapes; what would act on a terminal is spelled. */
function escapeData(text: string): string {
  return visibleText(text, { keep: "\n" }).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
