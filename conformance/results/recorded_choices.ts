/**
 * The choices that the protocol leaves open: whichever a server makes, it makes it the same way throughout.
 *
 * @module
 */

import { showPlace } from "../transcript/place.ts";
import type { Chosen } from "../play/choice.ts";
import type { Recorded, Result } from "./verdict.ts";

/**
 * Compares the choices of all results, in their order: the first to make a choice sets it. Gives the choices, and the
 * results, of which those that chose otherwise now fail.
 */
export function reconcile(results: readonly Result[]): { results: Result[]; recorded: Recorded[] } {
  const first = new Map<string, Chosen>();
  const reconciled = results.map((result) => {
    for (const chosen of result.chosen) {
      const before = first.get(chosen.choice);
      if (before === undefined) first.set(chosen.choice, chosen);
      else if (before.value !== chosen.value && result.verdict !== "fail") return otherwise(result, chosen, before);
    }
    return result;
  });
  const recorded = [...first.values()].map(({ choice, value }) => ({ choice, value }));
  return { results: reconciled, recorded };
}

function otherwise(result: Result, chosen: Chosen, before: Chosen): Result {
  const { choice, value, place } = chosen;
  return {
    ...result,
    verdict: "fail",
    failure: {
      kind: "inconsistent",
      place,
      step: `@${choice}`,
      reason: `${choice} is ${value} here, but was ${before.value} at ${showPlace(before.place)}`,
      attempts: [],
      hint: `the protocol leaves this open, but a ${result.fixture.role ?? "server"} decides it in one way`,
    },
  };
}
