/**
 * What people are told behind their report: how it compares with the known failures, and where the reproducers are.
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
export function showSummary(asked: TargetReport, baseline: string | undefined, paint: Paint): string {
  const lines = [...baseline === undefined ? [] : showComparison(asked, baseline, paint), ...showReproducers(asked)];
  return lines.map((line) => `${line}\n`).join("");
}

function showComparison({ standings }: TargetReport, baseline: string, paint: Paint): string[] {
  const named = (wanted: Judgement) => {
    const those = [...standings].filter(([, standing]) => standing === wanted).map(([result]) => result);
    return [...listedResults(those).keys()];
  };
  const [known, failed, mended] = [named("known"), named("failed"), named("mended")];
  const isAsKnown = failed.length === 0 && mended.length === 0;
  const verdict = isAsKnown ? paint.good("as was known") : paint.bad("not as was known");
  return [
    `${verdict}: ${count(known.length, "known failure")} in ${baseline}`,
    ...failed.length === 0 ? [] : [`  new: ${some(failed)}`],
    ...mended.length === 0 ? [] : [`  none any more, to be taken out there: ${some(mended)}`],
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
