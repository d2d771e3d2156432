/**
 * Accounts for tests of reports.
 *
 * @module
 */

import { Baseline } from "../../results/baseline.ts";
import { rootCausesOf } from "../../causes/root_cause.ts";
import { DEFAULT_GRADING, type Grading } from "../../grading/grading.ts";
import { marksOf } from "../../grading/marks.ts";
import { conclude } from "../../results/conclusion.ts";
import { judgementsOf } from "../../results/judgement.ts";
import type { Result, TargetRun } from "../../results/verdict.ts";
import type { ReportData } from "../report_data.ts";

const BEGAN = new Date("2026-11-20T12:00:00.123Z");

/** What is particular to an data. */
export interface SomeReportData {
  /** Whether a failed `should` counts. */
  readonly strict?: boolean;
  /** The text of a list of expected failures, called `known.txt`. */
  readonly known?: string;
  /** See {@linkcode ReportData.folders}. */
  readonly folders?: readonly string[];
  /** See {@linkcode ReportData.isVerbose}. */
  readonly isVerbose?: boolean;
  /** What clauses are worth. */
  readonly grading?: Grading;
  /** The scripts of results. */
  readonly reproducers?: ReadonlyMap<Result, string>;
}

/** Makes an data of runs; it began at noon. */
export function reportDataOf(runs: readonly TargetRun[], some: SomeReportData = {}): ReportData {
  const { strict = false, known, folders = [], reproducers = new Map(), grading = DEFAULT_GRADING } = some;
  const baseline = known === undefined ? undefined : new Baseline(known, "known.txt");
  return {
    targets: runs.map((run) => {
      const judgements = judgementsOf(run, strict, baseline);
      return {
        run,
        judgements,
        conclusion: conclude(run, judgements, strict, baseline?.file),
        causes: rootCausesOf(run, judgements),
        marks: marksOf(run, run.library.fixtures, grading, BEGAN),
        reproducers,
      };
    }),
    strict,
    ...baseline !== undefined && { baseline: baseline.file },
    folders,
    isVerbose: some.isVerbose ?? false,
    isGraded: some.grading !== undefined,
    began: BEGAN,
    status: 1,
  };
}
