/**
 * A run that is repeated: what became of each fixture in all rounds together.
 *
 * @module
 */

import type { Result, Verdict } from "../results/verdict.ts";

/** What says most about a fixture first. */
const WORST_FIRST: readonly Verdict[] = ["fail", "error", "blocked", "pass", "unsupported"];

/**
 * One result for each fixture: its worst, with the choices of all rounds. A failure says in how many rounds it did so, if it
 * was not in all.
 */
export function mergeRounds(rounds: readonly (readonly Result[])[]): Result[] {
  const [first] = rounds;
  if (first !== undefined && rounds.length === 1) return [...first];
  const byFixture = Map.groupBy(rounds.flat(), ({ fixture }) => fixture);
  return [...byFixture.values()].map((results) => {
    const worst = results.toSorted((a, b) => rank(a.verdict) - rank(b.verdict))[0]!;
    const chosen = results.flatMap(({ chosen }) => chosen);
    const failed = results.filter(({ verdict }) => verdict === "fail" || verdict === "blocked").length;
    const rounds = { failed, played: results.length };
    const times = results.filter(({ verdict }) => verdict === worst.verdict).length;
    if (times === results.length || worst.failure === undefined) return { ...worst, chosen, rounds };
    const reason = `in ${times} of ${results.length} rounds: ${worst.failure.reason}`;
    return { ...worst, chosen, rounds, failure: { ...worst.failure, reason } };
  });
}

function rank(verdict: Verdict): number {
  return WORST_FIRST.indexOf(verdict);
}
