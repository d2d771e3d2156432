/**
 * What a report points at: the failures that somebody should look at, each fault once.
 *
 * @module
 */

import type { Judgement } from "../results/judgement.ts";
import type { Result } from "../results/verdict.ts";
import { noteFor, type ReportData, type TargetReport } from "./report_data.ts";
import { groupAlike, showDetails } from "./text/failures.ts";
import { paint } from "./text/paint.ts";

/** A fault. */
export interface Fault {
  /** What it means. */
  readonly standing: Judgement;
  /** The result that shows it. */
  readonly result: Result;
  /** Other cases of the same fixture that failed in the same way. */
  readonly alike: readonly Result[];
}

const PLAIN = paint(false);
const ORDER: readonly Judgement[] = ["failed", "error", "mended", "tolerated", "known"];

/** The faults of a target, those that count first. What a server does where a `may` clause leaves it open is none. */
export function faultsOf({ run, standings }: TargetReport): Fault[] {
  return ORDER.flatMap((standing) => {
    const own = run.results.filter((result) => standings.get(result) === standing && !isFree(result, standing));
    const alone = own.filter(({ verdict }) => verdict !== "fail" && verdict !== "error");
    return [...groupAlike(own), ...alone.map((result) => [result])].map(([result, ...alike]) => {
      return { standing, result: result!, alike };
    });
  });
}

function isFree({ fixture, verdict }: Result, standing: Judgement): boolean {
  return verdict === "blocked" && standing === "known" || standing === "tolerated" && fixture.clause.level === "may";
}

/** Lines of plain text with all that is known of a fault, its title excepted. */
export function tellFault(
  { standing, result, alike }: Fault,
  { reproducers }: TargetReport,
  account: ReportData,
): string[] {
  const why = noteFor(result, standing, account);
  const script = reproducers.get(result);
  return [
    ...showDetails(result, PLAIN),
    ...why === "" || why === result.reason ? [] : [why],
    ...alike.length === 0 ? [] : [`likewise: ${alike.map(({ fixture }) => fixture.name).join(", ")}`],
    ...script === undefined ? [] : [`reproduce: ${script}`],
  ];
}
