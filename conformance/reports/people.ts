/**
 * The report for people.
 *
 * @module
 */

import { addressText } from "../../lib/chat/address.ts";
import { visibleText } from "../../lib/chat/visible.ts";
import { LEVELS } from "../clauses.ts";
import type { Fixture } from "../fixture.ts";
import { byClause, type ClauseResult, countsAgainst, type Result, type Target, type TargetRun } from "../verdict.ts";
import { showFailures } from "./failures.ts";
import type { Paint } from "./paint.ts";
import { count, showWord, WORD_WIDTH, wordFor } from "./words.ts";

/** The widest level. */
const LEVEL_WIDTH = Math.max(...LEVELS.map(({ length }) => length));

/** The title of a report. */
export function showTitle(target: Target, fixtures: number, paint: Paint): string {
  const { dialect, hostname, port, detected, command } = target;
  const lines = [paint.strong(`${dialect} at ${addressText({ hostname, port })}, ${count(fixtures, "fixture")}`)];
  if (command !== undefined) lines.push(paint.dim(`started: ${visibleText(command.join(" "))}`));
  if (detected !== undefined) lines.push(paint.dim(`${dialect}, because ${detected}`));
  return lines.join("\n");
}

/** How far a run has come, in one line that replaces itself. */
export function showProgress(done: number, fixtures: number, { fixture }: Result): string {
  return `${NO_PROGRESS}${done}/${fixtures} ${fixture.name}`;
}

/** Takes the line of {@linkcode showProgress} away. */
export const NO_PROGRESS = "\r\x1b[2K";

/** The fixtures that would be played, a line each. */
export function showList(fixtures: readonly Fixture[], paint: Paint): string {
  const width = Math.max(...fixtures.map(({ name }) => name.length));
  return fixtures.map(({ name, clause, title }) => {
    return `${clause.level.padEnd(LEVEL_WIDTH)}  ${name.padEnd(width)}  ${paint.dim(title)}\n`;
  }).join("");
}

/** All that a run has found out: a line a clause, the failures, the choices, and the counts. */
export function showRun(run: TargetRun, strict: boolean, paint: Paint): string {
  const played = new Set(run.results.map(({ fixture }) => fixture));
  const isWhole = run.library.fixtures.every((fixture) => played.has(fixture));
  const clauses = byClause(run).filter(({ results }) => isWhole || results.length > 0);
  const parts = [
    showClauses(clauses, paint),
    ...showFailures(run.results, strict, paint),
    showChoices(run, paint),
    showCounts(clauses, paint),
    showConclusion(run, clauses, strict, paint),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function showClauses(clauses: readonly ClauseResult[], paint: Paint): string {
  const width = Math.max(...clauses.map(({ clause }) => clause.slug.length));
  return clauses.map(({ clause, verdict, results }) => {
    const word = showWord(wordFor(verdict, clause.level, results), paint, WORD_WIDTH);
    const note = paint.dim(showNote({ clause, verdict, results }));
    return `${word}  ${clause.level.padEnd(LEVEL_WIDTH)}  ${clause.slug.padEnd(width)}  ${note}`.trimEnd();
  }).join("\n");
}

function showNote({ verdict, results }: ClauseResult): string {
  const those = results.filter((result) => result.verdict === verdict);
  if (verdict === "none") return "no fixture";
  if (verdict === "blocked" || verdict === "unsupported") return those[0]!.reason ?? "";
  return results.length === 1 ? "" : `${those.length} of ${results.length}`;
}

function showChoices({ recorded }: TargetRun, paint: Paint): string {
  if (recorded.length === 0) return "";
  const width = Math.max(...recorded.map(({ choice }) => choice.length));
  const lines = recorded.map(({ choice, value }) => `  ${choice.padEnd(width)}  ${value}`);
  return [paint.strong("What the protocol leaves open, and this server does:"), ...lines].join("\n");
}

function showCounts(clauses: readonly ClauseResult[], paint: Paint): string {
  return LEVELS.flatMap((level) => {
    const own = clauses.filter(({ clause }) => clause.level === level);
    if (own.length === 0) return [];
    const words = Map.groupBy(own, ({ verdict, results }) => wordFor(verdict, level, results));
    const counts = [...words].map(([word, { length }]) => {
      return word === "none" ? `${length} without a fixture` : `${length} ${showWord(word, paint)}`;
    });
    return [`${level.padEnd(LEVEL_WIDTH)}  ${count(own.length, "clause")}: ${counts.join(", ")}`];
  }).join("\n");
}

function showConclusion(run: TargetRun, clauses: readonly ClauseResult[], strict: boolean, paint: Paint): string {
  const { dialect } = run.target;
  const time = paint.dim(`(${(run.duration / 1000).toFixed(1)} s)`);
  const against = clauses.filter(({ results }) => results.some((result) => countsAgainst(result, strict)));
  if (against.length > 0) {
    const blocked = against.filter(({ verdict }) => verdict === "blocked").length;
    const failed = against.length - blocked;
    const words = [...(failed > 0 ? [`${failed} failed`] : []), ...(blocked > 0 ? [`${blocked} blocked`] : [])];
    if (run.isBrokenOff) words.push(showBreak(run));
    return `${paint.bad(`does not conform to ${dialect}: ${words.join(", ")}`)} ${time}`;
  }
  if (run.isBrokenOff) return `${paint.bad(`cannot tell: ${showBreak(run)}`)} ${time}`;
  const errors = run.results.filter(({ verdict }) => verdict === "error").length;
  if (errors > 0) return `${paint.bad(`cannot tell: ${count(errors, "fixture")} could not be played`)} ${time}`;
  return `${paint.good(`conforms to ${dialect}`)} ${time}`;
}

function showBreak({ results }: TargetRun): string {
  return `broken off after ${count(results.length, "fixture")}`;
}
