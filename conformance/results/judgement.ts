/**
 * What each result means for the run: whether it counts, given how strict the run is and which failures were expected.
 *
 * @module
 */

import { type Baseline, listedResults } from "./baseline.ts";
import { countsAgainst, type Result, type TargetRun, worst } from "./verdict.ts";

/** What a result means for the run. */
export type Judgement =
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
export const FATAL: ReadonlySet<Judgement> = new Set(["failed", "mended"]);

/** What the results of one target mean. */
export type Judgements = ReadonlyMap<Result, Judgement>;

/** Says of each result of a run what it means. */
export function judgementsOf({ results }: TargetRun, strict: boolean, baseline?: Baseline): Judgements {
  const standings = new Map(results.map((result) => [result, standingOf(result, strict)] as const));
  if (baseline !== undefined) compare(standings, baseline);
  const blocked = results.filter((result) => standings.get(result) === "failed" && result.verdict === "blocked");
  // One fault is one failure; but where its cause does not count by itself, what it blocks does.
  const hasCause = results.some((result) => standings.get(result) === "failed" && result.verdict === "fail");
  if (hasCause) { for (const result of blocked) standings.set(result, "blocked"); }
  return standings;
}

/** Finds those that are listed. What a list has under one name is compared with it together, and mended once. */
function compare(standings: Map<Result, Judgement>, baseline: Baseline): void {
  for (const [name, results] of listedResults([...standings.keys()])) {
    const verdict = worst(results);
    if (verdict === "none") continue;
    const compared = baseline.compare(name, verdict);
    if (compared === "mended") standings.set(results[0]!, "mended");
    if (compared !== "as-listed") continue;
    for (const result of results) {
      if (result.verdict === verdict) standings.set(result, "known");
      else if (result.verdict === "blocked") standings.set(result, "blocked");
    }
  }
}

function standingOf(result: Result, strict: boolean): Judgement {
  const { verdict } = result;
  if (verdict === "error") return "error";
  if (verdict === "pass") return "passed";
  if (verdict === "unsupported") return "declined";
  if (countsAgainst(result, strict)) return "failed";
  return verdict === "blocked" ? "blocked" : "tolerated";
}
