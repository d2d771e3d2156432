/**
 * One target on the page: how it did, what it chose, and each of its clauses.
 *
 * @module
 */

import { conditionsOf } from "../conditions.ts";
import { addressText } from "../../../lib/core/address.ts";
import { PAIR_HEADS, pairTable } from "../pair_table.ts";
import {
  choicesTitle,
  firstSentenceOf,
  marksText,
  type ReportData,
  suiteText,
  type TargetReport,
  targetText,
} from "../report_data.ts";
import { clauseNote, type LevelCounts, levelCounts, type ReportedClause, reportedClauses } from "../tallies.ts";
import { countText } from "../words.ts";
import { showControls } from "./controls.ts";
import { asSentence, showFixture } from "./fixture.ts";
import { showLoad } from "./load.ts";
import { type Content, element, type Markup } from "./markup.ts";
import { GROUP_NAMES, groupOf, showMark } from "./marks.ts";

/** Shows a target. Its ID is this one, and those of its clauses and fixtures begin with it. */
export function showTarget(report: TargetReport, id: string, data: ReportData): Markup {
  const clauses = reportedClauses(report);
  return element(
    "article",
    { class: "target", id },
    showHead(report, clauses, data),
    showPairs(report),
    showFailed(clauses, id),
    showChoices(report),
    report.run.stress && showLoad(report.run.stress),
    clauses.length === 0 ? undefined : [
      element("h2", {}, "Clauses"),
      showControls(),
      element("section", { class: "clauses" }, clauses.map((clause) => showClause(clause, id, report, data))),
    ],
  );
}

function showHead(report: TargetReport, clauses: readonly ReportedClause[], data: ReportData): Markup {
  const { run: { target, duration, results }, conclusion: { kind, text } } = report;
  const first = firstSentenceOf(report);
  const suite = suiteText(report.run);
  const strict = data.strict ? ", strict: a should counts like a must" : "";
  return element(
    "header",
    {},
    target.role === undefined
      ? element("h1", {}, target.dialect, " ", element("span", {}, `at ${addressText(target)}`))
      : element("h1", {}, targetText(target)),
    element("p", { class: `conclusion ${kind}` }, asSentence(text)),
    first && element("p", { class: "first" }, first),
    element(
      "p",
      { class: "how" },
      `${countText(results.length, "fixture")} in ${(duration / 1000).toFixed(1)} s${strict}`,
    ),
    suite && element("p", { class: "how" }, asSentence(suite)),
    data.isGraded ? element("p", { class: "how" }, marksText(report)) : undefined,
    target.detected && element("p", { class: "how" }, asSentence(target.detected)),
    conditionsOf(report.run).map((condition) => element("p", { class: "how" }, asSentence(condition))),
    element("div", { class: "tallies" }, levelCounts(clauses).map(showTally)),
  );
}

/** Links to the clauses that have failed. */
function showFailed(clauses: readonly ReportedClause[], id: string): Content {
  const failed = clauses.filter(({ word }) => groupOf(word) === "failed");
  if (failed.length === 0) return undefined;
  const links = failed.map(({ clause: { slug } }) => {
    return element("li", {}, element("a", { href: `#${id}/${slug}`, class: "slug" }, slug));
  });
  return element("nav", { "aria-label": "Failed clauses" }, element("ul", {}, links));
}

function showTally({ level, clauses, words }: LevelCounts): Markup {
  let at = 0;
  const bars = GROUP_NAMES.map((group) => {
    const number = [...words].reduce((sum, [word, n]) => groupOf(word) === group ? sum + n : sum, 0);
    const [x, width] = [at, 100 * number / clauses];
    at += width;
    return element("rect", { class: group, x: x.toFixed(2), width: width.toFixed(2), height: 6 });
  });
  return element(
    "div",
    {},
    element("h3", {}, level, " ", element("small", {}, countText(clauses, "clause"))),
    element("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" }, bars),
    element("ul", {}, [...words].map(([word, number]) => element("li", {}, `${number} `, showMark(word)))),
  );
}

/** Which servers and clients work together. */
function showPairs({ run: { pairs } }: TargetReport): Content {
  if (pairs === undefined) return undefined;
  const head = element("tr", {}, element("td", {}), PAIR_HEADS.map((text) => element("th", { scope: "col" }, text)));
  const rows = pairTable(pairs).map(({ server, cells }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, server),
      cells.map(({ kind, text }) => element("td", { class: kind }, text)),
    )
  );
  return element("table", { class: "pairs" }, element("thead", {}, head), element("tbody", {}, rows));
}

function showChoices({ run: { recorded, target } }: TargetReport): Content {
  if (recorded.length === 0) return undefined;
  const rows = recorded.map(({ choice, value }) => {
    return element("div", {}, element("dt", {}, choice), element("dd", {}, value));
  });
  const title = element("h2", {}, choicesTitle(target));
  return element("section", { class: "choices" }, title, element("dl", {}, rows));
}

function showClause(
  one: ReportedClause,
  id: string,
  report: TargetReport,
  data: ReportData,
): Markup {
  const { clause: { slug, level, text }, word, verdict, results } = one;
  const group = groupOf(word);
  const number = countText(results.length, "fixture");
  const isPartly = verdict !== "blocked" && results.some(({ verdict }) => verdict === "blocked");
  const head = [
    showMark(word),
    element("span", { class: "slug" }, slug),
    element("span", { class: "text" }, showText(text)),
    results.length === 1 ? undefined : element("span", { class: "number" }, isPartly ? clauseNote(one) : number),
    element("span", { class: "level" }, level),
  ];
  return element(
    "details",
    {
      class: `clause ${group}`,
      open: group === "failed",
      id: `${id}/${slug}`,
      "data-group": group,
      "data-level": level,
    },
    element("summary", {}, head),
    results.map((result) => showFixture(result, `${id}/fixture/${result.fixture.name}`, report, data)),
  );
}

/** Clauses write what goes over the wire between backticks. */
function showText(text: string): Content {
  return text.split("`").map((part, i) => i % 2 === 1 ? element("code", {}, part) : part);
}
