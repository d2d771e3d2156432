/**
 * Under which conditions a target was played against, in sentences: what a reader of verdicts has to know.
 *
 * @module
 */

import type { TargetRun } from "../results/verdict.ts";

/** The conditions of a run that are not as usual, a line each, fit for a terminal. */
export function conditionsOf({ accommodated = [], resetsAreCloses }: TargetRun): string[] {
  return [
    ...accommodated.map(({ accommodation: { text }, result: { fixture } }) =>
      `all else was played as if this were right: it ${text}. ${fixture.clause.slug} fails for it`
    ),
    ...resetsAreCloses
      ? ["connections that a fixture resets were closed: this version of Deno, or TLS, cannot reset one"]
      : [],
  ];
}
