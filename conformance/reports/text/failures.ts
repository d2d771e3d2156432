/**
 * Failures as text: which clause, which line, what was expected and what came, and what probably went wrong.
 *
 * @module
 */

import { visibleText } from "../../../lib/core/visible.ts";
import { callerOf, showPlace } from "../../transcript/place.ts";
import type { RootCause } from "../../causes/root_cause.ts";
import { recurrenceText } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";
import type { TargetReport } from "../report_data.ts";
import { showDifference } from "./difference.ts";
import type { Paint } from "./paint.ts";
import { showWord, wordFor } from "../words.ts";

/** At most so many names are shown of those that fail alike. */
const MAX_NAMES = 10;

/**
 * Shows all results that failed or could not be played. Those of a clause that fail alike are shown once; and what one fault explains
 * in several clauses is shown in full in the first of them.
 */
export function showFailures(report: TargetReport, paint: Paint): string[] {
  const shown = new Set<RootCause>();
  return groupAlike(report.run.results, report).map((group) => {
    const cause = causeOf(group[0]!, report);
    const isKnown = cause !== undefined && shown.has(cause);
    if (cause !== undefined) shown.add(cause);
    return showFailure(group, isKnown ? cause : undefined, report, paint);
  });
}

/** The failure that is to be mended first, and behind it those like it; none if there is no failure. */
export function firstFailures(report: Pick<TargetReport, "run" | "causes" | "judgements">): Result[] {
  const groups = groupAlike(report.run.results, report);
  const first = report.causes[0]?.explains.find(hasFailed) ?? groups[0]?.[0];
  if (first === undefined) return [];
  const group = groups.find((one) => one.includes(first))!;
  return [first, ...group.filter((other) => other !== first)];
}

/**
 * The results that failed or could not be played, those together that did so in the same way: what one fault explains of a clause, or
 * cases of one fixture.
 */
export function groupAlike(results: readonly Result[], known: Pick<TargetReport, "causes" | "judgements">): Result[][] {
  const failed = results.filter(hasFailed);
  const groups = Map.groupBy(failed, (result) => {
    const { fixture, failure, reason } = result;
    const judgement = known.judgements.get(result);
    const cause = causeOf(result, known);
    if (cause !== undefined) return JSON.stringify([judgement, fixture.clause.slug, cause.name]);
    const at = failure === undefined ? reason : callerOf(failure.place).line;
    return JSON.stringify([judgement, fixture.file, failure?.kind, at, failure?.hint]);
  });
  return [...groups.values()];
}

/** Whether a result failed, or could not be played. */
export function hasFailed({ verdict }: Result): boolean {
  return verdict === "fail" || verdict === "error";
}

/** The fault that explains a failure, besides that it is one of its clause. */
function causeOf(result: Result, { causes }: Pick<TargetReport, "causes">): RootCause | undefined {
  return causes.find(({ name, explains }) => name !== "clause" && explains.includes(result));
}

/** The names of fixtures, or of the first ones if there are many. */
export function namesOf(results: readonly Result[]): string {
  const names = results.map(({ fixture }) => fixture.name);
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
  return `${names.slice(0, MAX_NAMES).join(", ")}${more}`;
}

/** What is known of a result that is none of the good ones: why, where, what was expected and what came. */
export function showDetails({ fixture, failure, reason, recurrence, evidence = [] }: Result, paint: Paint): string[] {
  const lines: string[] = reason === undefined ? [] : [reason, ...evidence];
  if (failure === undefined) return lines;
  if (!failure.isWithheld) lines.push(showPlace(failure.place), `    ${failure.step}`);
  lines.push(failure.reason);
  for (const attempt of failure.attempts) {
    if (failure.attempts.length > 1) lines.push(`  on ${attempt.connection}:`);
    lines.push(...showDifference(attempt).map((line) => `    ${line}`));
  }
  if (failure.meanwhile !== undefined) lines.push(`meanwhile ${failure.meanwhile.join(", and ")}`);
  if (failure.lastOutput !== undefined) {
    lines.push(`the ${fixture.role ?? "server"}'s last output:`, ...failure.lastOutput.map((line) => `    ${line}`));
  }
  if (recurrence !== undefined) lines.push(recurrenceText(recurrence));
  if (failure.hint !== undefined) lines.push(paint.odd(`probably: ${failure.hint}`));
  return lines;
}

/** The first of a group is shown in full, unless it is known what it comes from, and how that looks. */
export function showFailure(
  [result, ...alike]: readonly Result[],
  known: RootCause | undefined,
  { judgements }: Pick<TargetReport, "judgements">,
  paint: Paint,
): string {
  if (result === undefined) return "";
  const { fixture: { name, clause, title }, verdict } = result;
  const word = showWord(wordFor(verdict, clause.level, [result]), paint);
  const judgement = judgements.get(result);
  const weight = judgement === "expected failure"
    ? ", expected failure"
    : judgement === "not counted"
    ? ", not counted"
    : "";
  const lines = [
    `${word}  ${paint.strong(name)} (${clause.slug}, ${clause.level}${weight})`,
    `  ${title}`,
    ...known === undefined ? showDetails(result, paint).map((line) => `  ${line}`) : showBriefly(result, known),
  ];
  if (alike.length > 0) lines.push(`  likewise: ${namesOf(alike)}`);
  return lines.join("\n");
}

/** Where it failed, and that it does so as others above it. */
function showBriefly({ failure, reason = "" }: Result, { text }: RootCause): string[] {
  const where = failure === undefined ? reason : `${showPlace(failure.place)}: ${failure.reason}`;
  const [what] = /^[^:.]*/.exec(text)!;
  return [`  ${where}`, `  as above: it ${visibleText(what)}`];
}
