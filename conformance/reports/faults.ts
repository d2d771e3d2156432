/**
 * The faults that reports point at: the failures to look at, each fault once.
 *
 * @module
 */

import type { Judgement } from "../results/judgement.ts";
import type { Result } from "../results/verdict.ts";
import { againOf, noteFor, type ReportData, type TargetReport } from "./report_data.ts";
import { groupAlike, namesOf, showDetails } from "./text/failures.ts";
import { paint } from "./text/paint.ts";

/** A fault. */
export interface ReportedFault {
  /** What it means. */
  readonly judgement: Judgement;
  /** The result that shows it. */
  readonly result: Result;
  /** Other cases of the same fixture that failed in the same way. */
  readonly alike: readonly Result[];
}

const PLAIN = paint(false);
const ORDER: readonly Judgement[] = ["fail", "error", "unexpected pass", "not counted", "expected failure"];

/** The faults of a target, those that count first. What a server does where a `may` clause leaves it open is none. */
export function faultsOf(report: TargetReport): ReportedFault[] {
  const { run, judgements } = report;
  return ORDER.flatMap((judgement) => {
    const own = run.results.filter((result) => judgements.get(result) === judgement && !isFree(result, judgement));
    const alone = own.filter(({ verdict }) => verdict !== "fail" && verdict !== "error");
    return [...groupAlike(own, report), ...alone.map((result) => [result])].map(([result, ...alike]) => {
      return { judgement, result: result!, alike };
    });
  });
}

function isFree({ fixture, verdict }: Result, judgement: Judgement): boolean {
  return verdict === "blocked" && judgement === "expected failure" ||
    judgement === "not counted" && fixture.clause.level === "may";
}

/** Lines of plain text with all that is known of a fault, its title excepted. */
export function faultLines(
  { judgement, result, alike }: ReportedFault,
  report: TargetReport,
  data: ReportData,
): string[] {
  const why = noteFor(result, judgement, data);
  const script = report.reproducers.get(result);
  const again = againOf(result, report, data);
  return [
    ...showDetails(result, PLAIN),
    ...why === "" || why === result.reason ? [] : [why],
    ...alike.length === 0 ? [] : [`likewise: ${namesOf(alike)}`],
    ...again === undefined ? [] : [`to play it again: ${again}`],
    ...script === undefined ? [] : [`reproduce: ${script}`],
  ];
}
