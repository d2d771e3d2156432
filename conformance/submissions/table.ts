/**
 * A course's marks as a table: for spreadsheets, for programs, and for the page.
 *
 * @module
 */

import { VERSION } from "../../lib/core/version.ts";
import type { Clause } from "../fixtures/clauses.ts";
import { csvText } from "../reports/csv.ts";
import { byHand, clustersOf } from "./clusters.ts";
import type { SubmissionOutcome } from "./outcome.ts";
import { REPORT_FILES } from "./play_arguments.ts";
import type { Submission } from "./submission.ts";

/** All that is known of a course. */
export interface Course {
  /** When it was marked. */
  readonly marked: Date;
  /** What the submissions speak. */
  readonly dialect: string;
  /** What starts each of them. */
  readonly command: string;
  /** The hashes of the fixtures that they were marked by. */
  readonly hashes: readonly string[];
  /** The clauses that were asked for, and what each is worth. */
  readonly clauses: readonly { readonly clause: Clause; readonly most: number }[];
  /** The submissions. */
  readonly rows: readonly CourseRow[];
}

/** A submission, and what became of it, if it was its turn already. */
export interface CourseRow {
  /** The submission. */
  readonly submission: Submission;
  /** What became of it. */
  readonly outcome?: SubmissionOutcome | undefined;
}

/** What a table calls a submission whose turn has not come. */
export const WAITING = "not played yet";
/** What the schema of the marks in JSON is called. */
export const MARKS_SCHEMA_ID = "urn:chat:conform-marks:1";

/** What all of it is worth. */
export function mostOf({ clauses }: Course): number {
  return clauses.reduce((sum, { most }) => sum + most, 0);
}

/** What became of those whose turn has come. */
export function outcomesOf({ rows }: Course): SubmissionOutcome[] {
  return rows.flatMap(({ outcome }) => outcome === undefined ? [] : [outcome]);
}

/** The address of a submission's report, from the folder of all marks. */
export function reportOf(folder: string): string {
  return `${encodeURIComponent(folder)}/${REPORT_FILES.html}`;
}

/** Writes a head, and a row for each submission: what it got in all and by clause. */
export function marksCsv(course: Course): string {
  const { clauses, rows } = course;
  const toLookAt = new Map(byHand(outcomesOf(course)).map(({ name, reasons }) => [name, reasons.join("; ")]));
  const head = ["submission", "result", "points", "most", "look at by hand", "first", ...clauses.map(slugOf)];
  return csvText([
    head,
    ...rows.map(({ submission: { name }, outcome }) => [
      name,
      outcome?.ending ?? WAITING,
      outcome === undefined ? "" : `${outcome.points}`,
      `${mostOf(course)}`,
      toLookAt.get(name) ?? "",
      outcome?.first ?? outcome?.why ?? "",
      ...clauses.map((one) => `${outcome?.clauses[slugOf(one)]?.points ?? ""}`),
    ]),
  ]);
}

function slugOf({ clause: { slug } }: Course["clauses"][number]): string {
  return slug;
}

/** Writes all of it for programs. */
export function marksJson(course: Course): string {
  const { marked, dialect, command, hashes, clauses, rows } = course;
  const outcomes = outcomesOf(course);
  const marks = {
    schema: MARKS_SCHEMA_ID,
    marked: marked.toISOString(),
    dialect,
    command,
    suite: { version: VERSION, fixtures: hashes },
    most: mostOf(course),
    clauses: clauses.map(({ clause: { slug, level, text }, most }) => ({ slug, level, text, most })),
    submissions: rows.map(({ submission: { name, folder }, outcome }) => outcome ?? { name, folder, ending: WAITING }),
    clusters: clustersOf(outcomes),
    byHand: byHand(outcomes),
  };
  return `${JSON.stringify(marks, undefined, 2)}\n`;
}
