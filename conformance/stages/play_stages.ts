/**
 * Plays one stage after the other, until one is not done.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import { reconcile } from "../results/recorded_choices.ts";
import type { Result, TargetRun } from "../results/verdict.ts";
import type { Stage, StageOutcome } from "./stage.ts";

/** What is not in any stage: the user's own fixtures. */
const OWN: Omit<Stage, "clauses"> = {
  title: "What you ask for besides",
  text: "Fixtures that are not part of the suite.",
};

/**
 * Plays them.
 *
 * @param stages In their order.
 * @param fixtures What was selected; a stage of which nothing is is left out.
 * @param play Plays some of them.
 * @param stops Whether a result keeps a stage from being done.
 * @returns What was found out in all that were played, as one run.
 */
export async function playStages(
  stages: readonly Stage[],
  fixtures: readonly Fixture[],
  play: (fixtures: readonly Fixture[]) => Promise<TargetRun>,
  stops: (result: Result) => boolean,
): Promise<TargetRun> {
  const parts = divide(stages, fixtures);
  const runs: TargetRun[] = [];
  const outcomes: StageOutcome[] = [];
  for (const { fixtures } of parts) {
    const run = await play(fixtures);
    runs.push(run);
    const isDone = run.isBrokenOff !== true &&
      !run.results.some((result) => result.verdict === "error" || stops(result));
    outcomes.push(isDone ? "done" : "failed");
    if (!isDone) break;
  }
  return {
    ...together(runs),
    stages: parts.map(({ stage }, i) => ({ stage, outcome: outcomes[i] ?? "later" })),
  };
}

function divide(stages: readonly Stage[], fixtures: readonly Fixture[]) {
  const staged = new Set(stages.flatMap(({ clauses }) => clauses));
  const own = [...new Set(fixtures.map(({ clause }) => clause.slug))].filter((slug) => !staged.has(slug));
  return [...stages, { ...OWN, clauses: own }].map((stage) => {
    return { stage, fixtures: fixtures.filter(({ clause }) => stage.clauses.includes(clause.slug)) };
  }).filter(({ fixtures }) => fixtures.length > 0);
}

function together(runs: readonly TargetRun[]): TargetRun {
  const [first, ...others] = runs;
  if (others.length === 0) return first!;
  const { results, recorded } = reconcile(runs.flatMap(({ results }) => results));
  const accommodated = new Map(
    runs.flatMap(({ accommodated = [] }) => accommodated).map((one) => [one.accommodation.name, one] as const),
  );
  return {
    ...runs.at(-1)!,
    results,
    recorded,
    ...accommodated.size === 0 ? {} : { accommodated: [...accommodated.values()] },
    duration: runs.reduce((sum, { duration }) => sum + duration, 0),
  };
}
