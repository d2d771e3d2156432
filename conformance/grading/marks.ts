/**
 * What a run is worth: computed once, for every report.
 *
 * @module
 */

import type { Clause } from "../fixtures/clauses.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { TargetRun } from "../results/verdict.ts";
import type { Grading } from "./grading.ts";

/** What a clause is worth. */
export interface ClauseMark {
  /** The clause. */
  readonly clause: Clause;
  /** What it got. */
  readonly points: number;
  /** What all of it is worth now. */
  readonly most: number;
  /** Whether students see only its name. */
  readonly isHidden: boolean;
  /** Whether they see only its name until it is due. */
  readonly isHiddenUntilDue: boolean;
  /** Why it is not all that it could be: one line that is fit for a terminal; empty if it is. */
  readonly note: string;
}

/** What a run is worth. */
export interface Marks {
  /** What it got. */
  readonly points: number;
  /** What all of it is worth. */
  readonly most: number;
  /** The clauses, in the order of the table. */
  readonly clauses: readonly ClauseMark[];
}

/** What of a run is marked. */
export type Marked = Pick<TargetRun, "results" | "accommodated" | "unreachable" | "isBrokenOff">;

/**
 * Marks a run. Full points are for all of a clause, and what is blocked is worth nothing, nor what was not played.
 *
 * @param run What was found out.
 * @param fixtures What was to be played.
 * @param grading What they are worth.
 * @param now When it is marked: what is due later does not count.
 */
export function marksOf(run: Marked, fixtures: readonly Fixture[], grading: Grading, now: Date): Marks {
  // Variants in other segments may be the only ones that show a clause.
  const all = [...fixtures, ...run.results.map(({ fixture }) => fixture)];
  const groups = Map.groupBy(all, ({ clause }) => clause.slug);
  const marks = [...groups.values()].map((own) =>
    markOf(own[0]!.clause, new Set(own.map(({ name }) => name)), run, grading, now)
  );
  const sum = (value: (mark: ClauseMark) => number) => marks.reduce((sum, mark) => sum + value(mark), 0);
  return { points: sum(({ points }) => points), most: sum(({ most }) => most), clauses: marks };
}

function markOf(clause: Clause, names: ReadonlySet<string>, run: Marked, grading: Grading, now: Date): ClauseMark {
  const { points: worth, hidden, due } = grading.of(clause);
  const isEarly = due !== undefined && now < due;
  const most = isEarly ? 0 : worth;
  const { share, note } = shareOf(clause, names.size, run, grading);
  return {
    clause,
    points: Math.floor(share * most),
    most,
    isHidden: hidden === "yes" || (hidden === "until-due" && isEarly),
    isHiddenUntilDue: hidden === "until-due",
    note: isEarly ? `counts from ${due.toISOString().slice(0, 10)} on` : note,
  };
}

/** How much of a clause is kept, from 0 to 1, and why that is not all. */
function shareOf(
  clause: Clause,
  selected: number,
  run: Marked,
  { partial, accommodated }: Grading,
): { share: number; note: string } {
  const results = run.results.filter(({ fixture }) => fixture.clause.slug === clause.slug);
  if (results.length === 0) {
    if (run.unreachable !== undefined) return { share: 0, note: `not played: ${run.unreachable}` };
    return { share: 0, note: run.isBrokenOff ? "not played: the run was broken off" : "not played" };
  }
  // What a server may leave out, and left out, is neither here nor there.
  const counted = results.filter(({ verdict }) => verdict !== "unsupported");
  if (counted.length === 0) return { share: 0, note: results[0]!.reason ?? "left out" };
  const passed = counted.filter(({ verdict }) => verdict === "pass").length;
  const unplayed = Math.max(selected - results.length, 0);
  const most = counted.length + unplayed;
  const made = (run.accommodated ?? []).filter(({ result }) => result.fixture.clause.slug === clause.slug);
  const cap = made.length === 0 ? 1 : accommodated / 100;
  const share = partial === "none" && passed < most ? 0 : passed / most;
  const notes = [
    ...passed < most ? [`${passed} of ${most}`] : [],
    ...counted.some(({ verdict }) => verdict === "blocked") ? ["some of it is blocked"] : [],
    ...counted.some(({ verdict }) => verdict === "error") ? ["some of it could not be played: look at it by hand"] : [],
    ...made.map(({ accommodation }) => `it ${accommodation.text}, which was accommodated`),
    ...unplayed > 0 ? [`${unplayed} not played`] : [],
  ];
  return { share: Math.min(share, cap), note: notes.join("; ") };
}
