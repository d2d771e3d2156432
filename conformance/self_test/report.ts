/**
 * The self-test's report: which fixtures caught which mutants.
 *
 * @module
 */

import { markdownTable } from "markdown-table";
import type { Paint } from "../reports/text/paint.ts";
import { countText } from "../reports/words.ts";
import type { Trial } from "./trials.ts";
import type { Examination } from "./examine.ts";

/** The table of a dialect's wrong servers, and what is not as it should be. */
export function showExamination(
  { dialect, role, trials, right, useless, problems, excuses }: Examination,
  paint: Paint,
): string {
  const rows = trials.map((trial) => [trial.clause, trial.words, caughtBy(trial)]);
  const table = markdownTable([["clause", `a ${role} that`, "caught by"], ...rows]);
  const caught = trials.filter(isCaught).length;
  const lines = [
    `${caught} of ${countText(trials.length, `wrong ${role}`)} caught by their own clauses`,
    `${countText(useless, `useless ${role}`)} and ${countText(right, `right ${role}`)} tried as well`,
  ];
  return [
    paint.strong(role === "client" ? `${dialect} clients` : dialect),
    ...(trials.length === 0 ? [] : [table]),
    lines.join(", "),
    ...(excuses.length === 0 ? [] : [["Not tested:", ...excuses.map((line) => `  ${line}`)].join("\n")]),
    ...(problems.length === 0
      ? []
      : [[paint.bad("Not as it should be:"), ...problems.map((line) => `  ${line}`)].join("\n")]),
  ].join("\n\n");
}

/** The conclusion from all of them. */
export function showConclusion(examinations: readonly Examination[], duration: number, paint: Paint): string {
  const problems = examinations.reduce((sum, { problems }) => sum + problems.length, 0);
  const trials = examinations.flatMap(({ trials }) => trials);
  const who = [...new Set(examinations.map(({ role }) => role))].join(" and ");
  const time = paint.dim(`(${(duration / 1000).toFixed(1)} s)`);
  if (problems > 0) return `${paint.bad(`the self-test has failed: ${countText(problems, "problem")}`)} ${time}`;
  return `${
    paint.good(`every wrong ${who} is caught by its own clause: ${trials.length} of ${trials.length}`)
  } ${time}`;
}

function isCaught({ caughtBy }: Trial): boolean {
  return caughtBy > 0;
}

function caughtBy({ caughtBy, of }: Trial): string {
  return `${caughtBy} of ${countText(of, "fixture")}`;
}
