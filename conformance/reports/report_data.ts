/**
 * The data of every report: all that a run has found out, and how it is judged.
 *
 * @module
 */

import { VERSION } from "../../lib/core/version.ts";
import { addressText } from "../../lib/core/address.ts";
import { firstSentence, type RootCause } from "../causes/root_cause.ts";
import { countText } from "./words.ts";
import type { ReportDetail } from "./detail/detail_levels.ts";
import type { Marks } from "../grading/marks.ts";
import { listedName } from "../results/baseline.ts";
import type { Conclusion } from "../results/conclusion.ts";
import type { Judgement, Judgements } from "../results/judgement.ts";
import { commandAgain, type Invocation } from "../reproduce/play_again.ts";
import type { Result, Target, TargetRun } from "../results/verdict.ts";

/** One target's part of the report data. */
export interface TargetReport {
  /** What it did. */
  readonly run: TargetRun;
  /** What each result means. */
  readonly judgements: Judgements;
  /** What all of them mean. */
  readonly conclusion: Conclusion;
  /** The faults that explain its failures, what explains most first. */
  readonly causes: readonly RootCause[];
  /** What they are worth. */
  readonly marks: Marks;
  /** The script that plays a failure again, for each that has one. */
  readonly reproducers: ReadonlyMap<Result, string>;
}

/** All that a report can show. */
export interface ReportData {
  /** The targets, in the order in which they were played. */
  readonly targets: readonly TargetReport[];
  /** There if not all may be seen: see {@linkcode ReportDetail}. */
  readonly detail?: ReportDetail;
  /** Whether a failed `should` counts. */
  readonly strict: boolean;
  /** Whether the text shows every failure in full, however many there are. */
  readonly isVerbose: boolean;
  /** Whether it was said what clauses are worth. */
  readonly isGraded: boolean;
  /** The list of expected failures that the run was compared with. */
  readonly baseline?: string;
  /** The folders that the user's own fixtures are in. */
  readonly folders: readonly string[];
  /** The options of the run, if its failures can be played again with a command. */
  readonly invocation?: Invocation;
  /** When the run began. */
  readonly began: Date;
  /** The exit status. */
  readonly status: number;
}

/** What to do first, and what that would bring, in a sentence; none where nothing is to be mended. */
export function firstSentenceOf({ run: { target }, causes }: TargetReport): string | undefined {
  return firstSentence(causes, subjectOf(target));
}

/** What a target is called in a sentence. */
export function subjectOf({ role }: Target): string {
  return role ?? "server";
}

/** What stands above the choices that a target has made. */
export function choicesTitle(target: Target): string {
  return `What the protocol leaves open, and this ${subjectOf(target)} does`;
}

/** By what it was played, where embedded fixtures were: `suite 0.2.0, fixtures 3f2a9c81d0b4`. */
export function suiteText({ library: { hash } }: TargetRun): string | undefined {
  return hash === undefined ? undefined : `suite ${VERSION}, fixtures ${hash}`;
}

/** `25 of 40 points`. */
export function marksText({ marks: { points, most } }: TargetReport): string {
  return `${points} of ${countText(most, "point")}`;
}

/** The command that plays a failure again as it was, if there is one. */
export function againOf(result: Result, { run }: TargetReport, { invocation }: ReportData): string | undefined {
  if (invocation === undefined || result.verdict !== "fail") return undefined;
  return commandAgain(result, run, invocation);
}

/** The same for what to do first. */
export function firstAgainOf(report: TargetReport, data: ReportData): string | undefined {
  const result = report.causes[0]?.explains[0];
  return result && againOf(result, report, data);
}

/** `relay at localhost:4000`. */
export function targetText({ role, dialect, hostname, port, further = [] }: Target): string {
  if (role === "client") return `a ${dialect} client`;
  if (role === "pair") return `a ${dialect} server and a ${dialect} client`;
  return `${dialect} at ${[{ hostname, port }, ...further].map(addressText).join(", ")}`;
}

/** What is to be said of a result, besides what is known of the failure itself; empty for one that passed. */
export function noteFor({ reason = "", fixture }: Result, judgement: Judgement, { baseline = "" }: ReportData): string {
  switch (judgement) {
    case "pass":
    case "fail":
    case "error":
      return reason;
    case "expected failure":
      return `an expected failure, in ${baseline}`;
    case "unexpected pass":
      return `${baseline} lists ${listedName(fixture)} as a failure, and it is none any more: take it out there`;
    case "not counted":
      return fixture.clause.level === "may"
        ? "a may clause is left open: the server does something else"
        : `a ${fixture.clause.level} clause does not count in a run without --strict`;
    case "blocked":
      return `blocked: ${reason}`;
    case "unsupported":
      return `unsupported: ${reason}`;
  }
}
