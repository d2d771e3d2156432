/**
 * What became of a submission, as it is kept in a file: read out of the report of its run.
 *
 * @module
 */

import type { Marks } from "../grading/marks.ts";
import { JSON_SCHEMA_ID } from "../reports/json.ts";
import type { ClauseVerdict, Verdict } from "../results/verdict.ts";
import type { Recurrence } from "../results/recurrence.ts";
import type { Submission } from "./submission.ts";

/** How it came to an end. */
export type SubmissionEnding =
  /** All was played that was to be. */
  | "played"
  /** Only a part of it was: for a limit, or because the tool has failed. */
  | "broken off"
  /** Its build failed. */
  | "does not build"
  /** Nothing could be played: there is no program, or it takes no connection. */
  | "does not start";

/** What became of a clause. */
export interface ClauseOutcome {
  /** What its fixtures came to. */
  readonly verdict: ClauseVerdict;
  /** What it got. */
  readonly points: number;
  /** What all of it is worth. */
  readonly most: number;
}

/** What a submission does wrong. */
export interface Cause {
  /** The name of the rule that found it; `clause` where none did. */
  readonly name: string;
  /** A sentence without its subject. */
  readonly text: string;
  /** The slug of the first clause that it explains. */
  readonly clause: string;
}

/** What became of a submission. */
export interface SubmissionOutcome {
  /** What the submission is called. */
  readonly name: string;
  /** What its folder beside the marks is called. */
  readonly folder: string;
  /** How it came to an end. */
  readonly ending: SubmissionEnding;
  /** Why it came to that end, where it is not played: one line. */
  readonly why?: string;
  /** Whether it keeps all that counts. */
  readonly conforms: boolean;
  /** What it got. */
  readonly points: number;
  /** What all of it is worth. */
  readonly most: number;
  /** What became of each clause, by its slug. */
  readonly clauses: Readonly<Record<string, ClauseOutcome>>;
  /** What it is to mend first: a sentence. */
  readonly first?: string;
  /** What it does wrong, what explains most first. */
  readonly causes: readonly Cause[];
  /** How many fixtures were played, or blocked. */
  readonly fixtures: number;
  /** How many of them are blocked. */
  readonly blocked: number;
  /** The fixtures that fail only sometimes. */
  readonly sometimes: readonly string[];
  /** The fixtures that could not be played for a reason that is not the submission's. */
  readonly errors: readonly string[];
  /** How long it took, its build included, in milliseconds. */
  readonly duration: number;
}

/** What of a report in JSON is read here. */
interface Report {
  readonly schema: string;
  readonly status: number;
  readonly targets: readonly ReportedTarget[];
}

interface ReportedTarget {
  readonly unreachable?: string;
  readonly brokenOff?: boolean;
  readonly first?: string;
  readonly points: number;
  readonly most: number;
  readonly causes: readonly { readonly name: string; readonly text: string; readonly fixtures: readonly string[] }[];
  readonly clauses: readonly (Partial<ClauseOutcome> & { readonly slug: string; readonly verdict: ClauseVerdict })[];
  readonly fixtures: readonly ReportedFixture[];
}

interface ReportedFixture {
  readonly name: string;
  readonly clause: string;
  readonly verdict: Verdict;
  readonly recurrence?: Pick<Recurrence, "when">;
}

/** How a submission ended, apart from what its report says. */
export interface SubmissionEnd {
  /** How it came to an end, where that was not by itself. */
  readonly ending?: SubmissionEnding;
  /** Why. */
  readonly why?: string;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/**
 * What became of a submission of which nothing was played.
 *
 * @param marks What it could have got.
 */
export function unplayedOutcome(
  { name, folder }: Submission,
  marks: Marks,
  { ending = "does not start", why = "", duration }: SubmissionEnd,
): SubmissionOutcome {
  const clauses = marks.clauses.map(({ clause: { slug }, most }) =>
    [slug, { verdict: "none", points: 0, most }] as const
  );
  return {
    name,
    folder,
    ending,
    why,
    conforms: false,
    points: 0,
    most: marks.most,
    clauses: Object.fromEntries(clauses),
    causes: [],
    fixtures: 0,
    blocked: 0,
    sometimes: [],
    errors: [],
    duration,
  };
}

/**
 * What became of a submission, by the report of its run.
 *
 * @param report The report in JSON, read.
 * @param marks What it could have got: a client that was not played for its server's sake has no part in the report.
 * @throws {TypeError} for what is no such report.
 */
export function outcomeOf(
  submission: Submission,
  report: unknown,
  marks: Marks,
  end: SubmissionEnd,
): SubmissionOutcome {
  const { targets, status } = asReport(report);
  const unplayed = unplayedOutcome(submission, marks, end);
  const sum = (value: (target: ReportedTarget) => number) => targets.reduce((sum, target) => sum + value(target), 0);
  const fixtures = targets.flatMap((target) => target.fixtures);
  const named = (holds: (fixture: ReportedFixture) => boolean) => fixtures.filter(holds).map(({ name }) => name);
  const unreachable = targets.find((target) => target.unreachable !== undefined)?.unreachable;
  const isBrokenOff = targets.some(({ brokenOff }) => brokenOff === true);
  const ending = end.ending ??
    (unreachable !== undefined && fixtures.length === 0 ? "does not start" : isBrokenOff ? "broken off" : "played");
  const why = end.why ?? unreachable;
  const first = targets.find((target) => target.first !== undefined)?.first;
  const clauses = targets.flatMap((target) => target.clauses).flatMap(({ slug, verdict, points, most }) =>
    points === undefined || most === undefined ? [] : [[slug, { verdict, points, most }] as const]
  );
  const { why: _why, ...rest } = unplayed;
  return {
    ...rest,
    ending,
    ...ending !== "played" && why !== undefined && { why },
    conforms: status === 0,
    points: sum(({ points }) => points),
    clauses: { ...unplayed.clauses, ...Object.fromEntries(clauses) },
    ...first !== undefined && { first },
    causes: targets.flatMap(causesOf),
    fixtures: fixtures.length,
    blocked: fixtures.filter(({ verdict }) => verdict === "blocked").length,
    sometimes: named(({ recurrence }) => recurrence?.when === "sometimes"),
    errors: named(({ verdict }) => verdict === "error"),
  };
}

function causesOf({ causes, fixtures }: ReportedTarget): Cause[] {
  const clauseOf = new Map(fixtures.map(({ name, clause }) => [name, clause]));
  return causes.map(({ name, text, fixtures: [first = ""] }) => ({ name, text, clause: clauseOf.get(first) ?? "" }));
}

/** The run of this program has written it, of this version: what it is, is enough to know. */
function asReport(report: unknown): Report {
  const isReport = typeof report === "object" && report !== null && "schema" in report &&
    report.schema === JSON_SCHEMA_ID;
  if (isReport) return report as Report;
  throw new TypeError("this is no report in JSON of this version");
}
