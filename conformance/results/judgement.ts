/**
 * What each result means for the run: whether it counts, given how strict the run is and which failures were expected.
 *
 * @module
 */

import { type Baseline, listedName, listedResults } from "./baseline.ts";
import { countsAgainst, type Result, type TargetRun, worst } from "./verdict.ts";

/** What a result means for the run. */
export type Judgement =
  /** It passes, as it should. */
  | "pass"
  /** It speaks against the server. */
  | "fail"
  /** It fails, and the baseline lists it. */
  | "expected failure"
  /** It does not fail, although the baseline lists it: the list is to be corrected. */
  | "unexpected pass"
  /** It fails, but does not count: a `should` in a run that is not strict, or a `may`. */
  | "not counted"
  /** It could not be shown, for a failure that is reported by itself. */
  | "blocked"
  /** The server declines what a `may` clause leaves open. */
  | "unsupported"
  /** The fixture could not be played: a fault of the fixture or of this program. */
  | "error";

/** Those that make a run fail. */
export const FATAL: ReadonlySet<Judgement> = new Set(["fail", "unexpected pass"]);

/** What the results of one target mean. */
export type Judgements = ReadonlyMap<Result, Judgement>;

/** Says of each result of a run what it means. */
export function judgementsOf({ results }: TargetRun, strict: boolean, baseline?: Baseline): Judgements {
  const judgements = new Map(results.map((result) => [result, judgementOf(result, strict)] as const));
  if (baseline !== undefined) compare(judgements, baseline);
  const blocked = results.filter((result) => judgements.get(result) === "fail" && result.verdict === "blocked");
  // One fault is one failure; but where its cause does not count by itself, what it blocks does.
  const hasCause = results.some((result) => judgements.get(result) === "fail" && result.verdict === "fail");
  if (hasCause) { for (const result of blocked) judgements.set(result, "blocked"); }
  return judgements;
}

/** Finds those that are listed. What a list has under one name is compared with it together, and is one unexpected pass at most. */
function compare(judgements: Map<Result, Judgement>, baseline: Baseline): void {
  for (const [name, results] of listedResults([...judgements.keys()])) {
    const verdict = worst(results);
    if (verdict === "none") continue;
    const compared = baseline.compare(name, verdict);
    if (compared === "unexpected pass") judgements.set(results[0]!, "unexpected pass");
    if (compared !== "as-listed") continue;
    for (const result of results) {
      if (result.verdict === verdict) judgements.set(result, "expected failure");
      else if (result.verdict === "blocked") judgements.set(result, "blocked");
    }
  }
  excuseFlaky(judgements, baseline);
}

/** What is blocked by what fails now and then could be played in another run: it is no failure of its own either. */
function excuseFlaky(judgements: Map<Result, Judgement>, baseline: Baseline): void {
  const flaky = new Set(
    [...judgements.keys()].filter(({ fixture, verdict }) => verdict === "fail" && baseline.isFlaky(listedName(fixture)))
      .map(({ fixture }) => fixture.clause.slug),
  );
  for (const [result, judgement] of judgements) {
    const isBlocked = judgement === "fail" && result.verdict === "blocked";
    if (isBlocked && flaky.has(result.blockedBy ?? "")) judgements.set(result, "blocked");
  }
}

function judgementOf(result: Result, strict: boolean): Judgement {
  const { verdict } = result;
  if (verdict === "error") return "error";
  if (verdict === "pass") return "pass";
  if (verdict === "unsupported") return "unsupported";
  if (countsAgainst(result, strict)) return "fail";
  return verdict === "blocked" ? "blocked" : "not counted";
}
