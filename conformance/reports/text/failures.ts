/**
 * Failures as text: which clause, which line, what was expected and what came, and what probably went wrong.
 *
 * @module
 */

import { callerOf, showPlace } from "../../transcript/place.ts";
import type { Judgement } from "../../results/judgement.ts";
import { recurrenceText } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";
import type { TargetReport } from "../report_data.ts";
import { showDifference } from "./difference.ts";
import type { Paint } from "./paint.ts";
import { showWord, wordFor } from "../words.ts";

/** Shows all results that failed or could not be played. Cases of one fixture that fail alike are shown once. */
export function showFailures({ run, judgements }: TargetReport, paint: Paint): string[] {
  return groupAlike(run.results).map(([first, ...alike]) => showFailure(first!, alike, judgements.get(first!), paint));
}

/** The results that failed or could not be played, those together that did so in the same way: cases of one fixture. */
export function groupAlike(results: readonly Result[]): Result[][] {
  const failed = results.filter(({ verdict }) => verdict === "fail" || verdict === "error");
  const groups = Map.groupBy(failed, ({ fixture, failure, reason }) => {
    const at = failure === undefined ? reason : callerOf(failure.place).line;
    return JSON.stringify([fixture.file, failure?.kind, at, failure?.hint]);
  });
  return [...groups.values()];
}

/** What is known of a result that is none of the good ones: why, where, what was expected and what came. */
export function showDetails({ fixture, failure, reason, recurrence, evidence = [] }: Result, paint: Paint): string[] {
  const lines: string[] = reason === undefined ? [] : [reason, ...evidence];
  if (failure === undefined) return lines;
  lines.push(showPlace(failure.place), `    ${failure.step}`, failure.reason);
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

function showFailure(result: Result, alike: readonly Result[], judgement: Judgement | undefined, paint: Paint): string {
  const { fixture: { name, clause, title }, verdict } = result;
  const word = showWord(wordFor(verdict, clause.level, [result]), paint);
  const weight = judgement === "expected failure"
    ? ", expected failure"
    : judgement === "not counted"
    ? ", not counted"
    : "";
  const lines = [
    `${word}  ${paint.strong(name)} (${clause.slug}, ${clause.level}${weight})`,
    `  ${title}`,
    ...showDetails(result, paint).map((line) => `  ${line}`),
  ];
  if (alike.length > 0) lines.push(`  likewise: ${alike.map(({ fixture }) => fixture.name).join(", ")}`);
  return lines.join("\n");
}
