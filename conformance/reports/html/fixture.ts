/**
 * One fixture on the page: what became of it, why, what went over the wire, and the steps that were played.
 *
 * @module
 */

import type { Failure } from "../../play/failure.ts";
import { showPlace } from "../../transcript/place.ts";
import { printLines } from "../../transcript/print.ts";
import { recurrenceText } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";
import { againOf, noteFor, type ReportData, type TargetReport } from "../report_data.ts";
import { showDifference } from "../text/difference.ts";
import { wordFor } from "../words.ts";
import { type Content, element, type Markup } from "./markup.ts";
import { groupOf, showMark } from "./marks.ts";
import type { ToldHistory } from "../../stress/telling/told_history.ts";
import { showSpaceTime } from "./space_time.ts";
import { showWireTable } from "./wire.ts";

/** Shows a fixture, with this ID; it is open from the beginning if it failed. */
export function showFixture(result: Result, id: string, report: TargetReport, data: ReportData): Markup {
  const { fixture: { name, title, clause }, verdict, failure, recurrence, wire, duration } = result;
  const word = wordFor(verdict, clause.level, [result]);
  const why = noteFor(result, report.judgements.get(result)!, data);
  const head = [
    showMark(word),
    element("span", { class: "name" }, name),
    element("span", { class: "title" }, title),
    wire && element("span", { class: "time" }, `${duration.toFixed(0)} ms`),
  ];
  const body = [
    why === "" ? undefined : element("p", { class: "note" }, asSentence(why)),
    failure && showFailure(failure),
    recurrence && element("p", { class: "recurrence" }, asSentence(recurrenceText(recurrence))),
    showCommand("To play it again: ", againOf(result, report, data)),
    showScript(report.reproducers.get(result)),
    result.history && showHistory(result.history),
    result.fixture.steps.length === 0 ? undefined : element(
      "div",
      { class: "sides" },
      wire && element("section", {}, element("h4", {}, "On the wire"), showWireTable(wire)),
      element("section", {}, element("h4", {}, "The fixture"), showSteps(result)),
    ),
  ];
  return element(
    "details",
    { class: "fixture", open: groupOf(word) === "failed", id },
    element("summary", {}, head),
    element("div", { class: "body" }, body),
  );
}

/** A line of a report as a sentence of its own. */
export function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function showFailure({ place, step, reason, attempts, hint, isWithheld }: Failure): Markup {
  return element(
    "div",
    { class: "failure" },
    element("p", { class: "reason" }, asSentence(reason)),
    isWithheld
      ? undefined
      : element("p", { class: "where" }, element("code", {}, step), " ", element("span", {}, showPlace(place))),
    attempts.map((attempt) => [
      attempts.length > 1 ? element("p", {}, `on ${attempt.connection}:`) : undefined,
      element("pre", { class: "difference" }, showDifference(attempt).map(showDifferenceLine)),
    ]),
    hint && element("p", { class: "hint" }, `Probably: ${hint}.`),
  );
}

function showDifferenceLine(line: string): Content {
  const word = /^\s*(expected|or|received)/.exec(line)?.[1] ?? "pointer";
  return [element("span", { class: word }, line), "\n"];
}

function showHistory(history: ToldHistory): Markup {
  const { run, smallest, fixture } = history;
  return element(
    "section",
    {},
    element("h4", {}, smallest === undefined ? "What led to it" : `The smallest: ${smallest}`),
    showSpaceTime(history),
    element("p", { class: "how" }, `Found first with ${run}.`),
    fixture && element("p", { class: "how" }, asSentence(fixture)),
  );
}

function showScript(script: string | undefined): Content {
  return showCommand("To see it without this program: ", script && `python3 ${script}`);
}

function showCommand(what: string, command: string | undefined): Content {
  return command && element("p", { class: "script" }, what, element("code", {}, command));
}

function showSteps({ fixture, failure }: Result): Markup {
  const failed = failure && showPlace(failure.place);
  // What a macro needs was seen to before.
  const played = fixture.steps.filter(({ kind }) => kind !== "needs");
  const lines = printLines(played).map(({ depth, text, place }): Content => {
    const where = showPlace(place);
    const isIt = where === failed && text === failure?.step;
    return [element(isIt ? "mark" : "span", { title: where }, "  ".repeat(depth), text), "\n"];
  });
  return element("pre", { class: "steps" }, lines);
}
