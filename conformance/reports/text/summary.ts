/**
 * The summary behind a text report: how the run compares with the expected failures, where the reproducers are, and the command
 * that plays the first failure again.
 *
 * @module
 */

import { addressText } from "../../../lib/core/address.ts";
import { visibleText } from "../../../lib/core/visible.ts";
import { listedResults } from "../../results/baseline.ts";
import type { Judgement } from "../../results/judgement.ts";
import { firstAgainOf, type ReportData, type TargetReport } from "../report_data.ts";
import type { Paint } from "./paint.ts";
import { countText } from "../words.ts";

/** At most so many names are shown. */
const MAX_NAMES = 10;

/** Lines of text, each with its line break; none where there is nothing to say. */
export function showSummary(report: TargetReport, data: ReportData, paint: Paint): string {
  const { baseline } = data;
  const again = firstAgainOf(report, data);
  const lines = [
    ...baseline === undefined ? [] : showComparison(report, baseline, paint),
    ...showReproducers(report),
    ...again === undefined ? [] : [`to play the first failure again: ${visibleText(again)}`],
  ];
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
    `${verdict}: ${countText(expected.length, "expected failure")} in ${baseline}`,
    ...failed.length === 0 ? [] : [`  new: ${some(failed)}`],
    ...unexpected.length === 0 ? [] : [`  unexpected pass, to be taken out there: ${some(unexpected)}`],
  ];
}

function showReproducers({ reproducers, run: { target } }: TargetReport): string[] {
  const [first] = reproducers.values();
  if (first === undefined) return [];
  const scripts = countText(reproducers.size, "script");
  const whom = target.role === "client" ? "" : ` ${addressText(target)}`;
  return [`${scripts} to see the failures without this program: python3 ${first}${whom}`];
}

function some(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
  return `${names.slice(0, MAX_NAMES).join(", ")}${more}`;
}
