/**
 * A course whose submissions were never played: as many as one likes, with names and faults that are chosen.
 *
 * @module
 */

import type { Clause } from "../../fixtures/clauses.ts";
import type { Cause, SubmissionOutcome } from "../outcome.ts";
import { submissionsIn } from "../submission.ts";
import type { Course } from "../table.ts";

/** A submission of it. */
export interface Made {
  /** Its name. */
  readonly name: string;
  /** The slugs of the clauses that it breaks, without `relay/`. */
  readonly breaks?: readonly string[];
  /** Its faults. */
  readonly causes?: readonly Cause[];
  /** What is otherwise than of one that was played; nothing is known of one that was not. */
  readonly more?: Partial<SubmissionOutcome>;
  /** Whether its turn has not come. */
  readonly isWaiting?: boolean;
}

const WORTH = 2;

/**
 * Makes a course.
 *
 * @param slugs Its clauses, without `relay/`.
 */
export function courseOf(slugs: readonly string[], made: readonly Made[]): Course {
  const clauses = slugs.map((slug) => {
    const clause: Clause = { slug: `relay/${slug}`, level: "must", text: `what ${slug} asks for` };
    return { clause, most: WORTH };
  });
  const submissions = submissionsIn("/course", made.map(({ name }) => name));
  return {
    marked: new Date("2026-11-20T12:00:00Z"),
    dialect: "relay",
    command: "python3 server.py {port}",
    hashes: ["3f2a9c81d0b4"],
    clauses,
    rows: submissions.map((submission) => {
      const one = made.find(({ name }) => name === submission.name)!;
      if (one.isWaiting) return { submission };
      const { breaks = [], causes = [], more = {} } = one;
      const outcomes = slugs.map((slug) => {
        const isBroken = breaks.includes(slug);
        return [`relay/${slug}`, {
          verdict: isBroken ? "fail" : "pass",
          points: isBroken ? 0 : WORTH,
          most: WORTH,
        }] as const;
      });
      const outcome: SubmissionOutcome = {
        name: submission.name,
        folder: submission.folder,
        ending: "played",
        conforms: breaks.length === 0,
        points: (slugs.length - breaks.length) * WORTH,
        most: slugs.length * WORTH,
        clauses: Object.fromEntries(outcomes),
        causes,
        fixtures: slugs.length,
        blocked: 0,
        sometimes: [],
        errors: [],
        duration: 1_000,
        ...causes[0] !== undefined && { first: `First: the server ${causes[0].text} (1 failure).` },
        ...more,
      };
      return { submission, outcome };
    }),
  };
}
