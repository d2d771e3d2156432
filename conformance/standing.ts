/**
 * What each result means for the run: whether it counts, given how strict the run is and which failures were expected.
 *
 * @module
 */

import type { Baseline } from "./baseline.ts";
import { countsAgainst, type Result, type TargetRun } from "./verdict.ts";

/** What a result means for the run. */
export type Standing =
  /** It passes, as it should. */
  | "passed"
  /** It speaks against the server. */
  | "failed"
  /** It fails, and the baseline lists it. */
  | "known"
  /** It does not fail, although the baseline lists it: the list is to be mended. */
  | "mended"
  /** It fails, but does not count: a `should` in a run that is not strict, or a `may`. */
  | "tolerated"
  /** It could not be shown, for a failure that is reported by itself. */
  | "blocked"
  /** The server declines what a `may` clause leaves open. */
  | "declined"
  /** The fixture could not be played: a fault of the fixture or of this program. */
  | "error";

/** Those that make a run fail. */
export const FATAL: ReadonlySet<Standing> = new Set(["failed", "mended"]);

/** What the results of one target mean. */
export type Standings = ReadonlyMap<Result, Standing>;

/** Says of each result of a run what it means. */
export function standingsOf({ results }: TargetRun, strict: boolean, baseline?: Baseline): Standings {
  const standings = new Map(results.map((result) => [result, standingOf(result, strict, baseline)] as const));
  const blocked = results.filter((result) => standings.get(result) === "failed" && result.verdict === "blocked");
  // One fault is one failure; but where its cause does not count by itself, what it blocks does.
  const hasCause = results.some((result) => standings.get(result) === "failed" && result.verdict === "fail");
  if (hasCause) { for (const result of blocked) standings.set(result, "blocked"); }
  return standings;
}

function standingOf(result: Result, strict: boolean, baseline: Baseline | undefined): Standing {
  const { verdict, fixture } = result;
  if (verdict === "error") return "error";
  const compared = baseline?.compare(fixture.name, verdict);
  if (compared === "as-listed") return "known";
  if (compared === "mended") return "mended";
  if (verdict === "pass") return "passed";
  if (verdict === "unsupported") return "declined";
  if (countsAgainst(result, strict)) return "failed";
  return verdict === "blocked" ? "blocked" : "tolerated";
}
