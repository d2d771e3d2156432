/**
 * Under which conditions a target was played against, in sentences: what a reader of verdicts has to know.
 *
 * @module
 */

import type { TargetRun } from "../results/verdict.ts";
import { countText } from "./words.ts";

/** The conditions of a run that are not as usual, a line each, fit for a terminal. */
export function conditionsOf(
  { accommodated = [], resetsAreCloses, results, library: { leftOut } }: TargetRun,
): string[] {
  const spared = results.flatMap(({ failure: { waited = 0, insteadOf } = {} }) =>
    insteadOf === undefined ? [] : [insteadOf - waited]
  );
  const seconds = Math.round(spared.reduce((sum, time) => sum + time, 0) / 1000);
  return [
    ...accommodated.map(({ accommodation: { text }, result: { fixture } }) =>
      `all else was played as if this were right: it ${text}. ${fixture.clause.slug} fails for it`
    ),
    ...spared.length > 0
      ? [
        `${
          countText(spared.length, "failure")
        } had less than the whole deadline, after others had waited so long in vain: ` +
        `that would have been ${countText(seconds, "second")} more, one after the other`,
      ]
      : [],
    ...leftOut === undefined
      ? []
      : [`${countText(leftOut.files, "newer fixture")} left out: --suite ${leftOut.since} counts all of them`],
    ...resetsAreCloses
      ? ["connections that a fixture resets were closed: this version of Deno, or TLS, cannot reset one"]
      : [],
  ];
}
