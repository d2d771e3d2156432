/**
 * What people are told behind their report: how it compares with the expected failures, and where the reproducers are.
 *
 * @module
 */

import { addressText } from "../../../lib/core/address.ts";
import { listedResults } from "../../results/baseline.ts";
import type { Judgement } from "../../results/judgement.ts";
import type { TargetReport } from "../report_data.ts";
import type { Paint } from "./paint.ts";
import { count } from "../words.ts";

/** So many names are told at a time. */
const TOLD = 10;

/** Lines for people, each with its line break; none where there is nothing to tell. */
export function showSummary(report: TargetReport, baseline: string | undefined, paint: Paint): string {
  const lines = [...baseline === undefined ? [] : showComparison(report, baseline, paint), ...showReproducers(report)];
  return lines.map((line) => `${line}\n`).join("");
}

function showComparison({ judgements }: TargetReport, baseline: string, paint: Paint): string[] {
  const named = (wanted: Judgement) => {
    const those = [...judgements].filter(([, judgement]) => judgement === wanted).map(([result]) => result);
    return [...listedResults(those).keys()];
  };
  const [expected, failed, unexpected] = [named("expected failure"), named("fail"), named("unexpected pass")];
  const isAsExpected = failed.length === 0 && unexpected.length === 0;
  const verdict = isAsExpected ? paint.good("as expected") : paint.bad("not as expected");
  return [
    `${verdict}: ${count(expected.length, "expected failure")} in ${baseline}`,
    ...failed.length === 0 ? [] : [`  new: ${some(failed)}`],
    ...unexpected.length === 0 ? [] : [`  unexpected pass, to be taken out there: ${some(unexpected)}`],
  ];
}

function showReproducers({ reproducers, run: { target } }: TargetReport): string[] {
  const [first] = reproducers.values();
  if (first === undefined) return [];
  const scripts = count(reproducers.size, "script");
  return [`${scripts} to see the failures without this program: python3 ${first} ${addressText(target)}`];
}

function some(names: readonly string[]): string {
  const more = names.length > TOLD ? `, and ${names.length - TOLD} more` : "";
  return `${names.slice(0, TOLD).join(", ")}${more}`;
}
