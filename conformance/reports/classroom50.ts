/**
 * The report as Classroom 50 collects it: `result.json` of the schema `classroom50/result/v1`.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import type { ReportData } from "./report_data.ts";

/** What of the environment its runner sets, by the report's names. */
const FROM_ENVIRONMENT = {
  classroom: "CLASSROOM",
  assignment: "ASSIGNMENT",
  submission: "SUBMISSION_TAG",
  commit: "COMMIT_URL",
  release: "RELEASE_URL",
  review: "REVIEW_URL",
} as const;

/** The variables of the environment that this report reads. */
export const CLASSROOM50_VARIABLES: readonly string[] = Object.values(FROM_ENVIRONMENT);

/** Writes a test for each clause that is worth anything; it is passed if all of it is true. */
export function classroom50Report({ targets, began }: ReportData): string {
  const marks = targets.flatMap(({ marks }) => marks.clauses).filter(({ most }) => most > 0);
  const sum = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const result = {
    schema: "classroom50/result/v1",
    ...Object.fromEntries(Object.entries(FROM_ENVIRONMENT).map(([name, variable]) => [name, variableOf(variable)])),
    datetime: began.toISOString(),
    score: sum(marks.map(({ points }) => points)),
    "max-score": sum(marks.map(({ most }) => most)),
    tests: marks.map(({ clause, points, most }) => ({
      "test-name": visibleText(clause.slug),
      passed: points === most,
      score: points,
      "max-score": most,
    })),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** Its value; empty where it is not set, or may not be read. */
function variableOf(name: string): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) ?? "" : "";
}
