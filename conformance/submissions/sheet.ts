/**
 * The sheet of a course: what is played of each submission, and what all of it is worth.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { ConformOptions } from "../conform_options.ts";
import { allClauses, selectionsOf } from "../selection.ts";
import { readGrading, writeGrading } from "../grading/grading.ts";
import { type Marks, marksOf } from "../grading/marks.ts";
import type { Clause } from "../fixtures/clauses.ts";
import type { Fixture } from "../fixtures/fixture.ts";

/** What each submission is marked by. */
export interface Sheet {
  /** What they speak. */
  readonly dialect: string;
  /** How it is marked: the text of a file in YAML. */
  readonly grading: string;
  /** What is played. */
  readonly fixtures: readonly Fixture[];
  /** The hashes of the embedded fixtures. */
  readonly hashes: readonly string[];
  /** A submission's marks of which nothing was played: 0 of all that there is. */
  readonly marks: Marks;
}

/**
 * Reads it.
 *
 * @param grading The text of a grading file and its name; by default each clause is worth what its level is.
 * @throws {ChatError} `bad-grading`, and `fixture` errors.
 */
export async function readSheet(
  options: ConformOptions,
  grading: { readonly text: string; readonly file: string } | undefined,
  now: Date,
): Promise<Sheet> {
  const selections = await selectionsOf(options);
  const fixtures = selections.flatMap(({ fixtures, concurrent }) => [...fixtures, ...concurrent]);
  const dialect = selections[0]?.library.dialect;
  if (dialect === undefined) throw new ChatError("usage", "say what the submissions speak with --dialect NAME");
  const clauses = await allClauses(dialect, options.fixtures);
  const text = grading?.text ?? writeGrading(clauses);
  const read = readGrading(text, grading?.file ?? "grading.yaml");
  read.check(dialect, clauses);
  const marks = marksOf({ results: [] }, fixtures, read, now);
  const hashes = selections.flatMap(({ library: { hash } }) => hash === undefined ? [] : [hash]);
  return { dialect, grading: text, fixtures, hashes: [...new Set(hashes)], marks };
}

/** The clauses of a sheet, in the order of its columns. */
export function columnsOf({ marks }: Sheet): readonly Clause[] {
  return marks.clauses.map(({ clause }) => clause);
}
