/**
 * The table of a course's page: submissions and clauses.
 *
 * @module
 */

import { type Content, element, type Markup } from "../../reports/html/markup.ts";
import { countText } from "../../reports/words.ts";
import type { ByHand, Cluster } from "../clusters.ts";
import type { ClauseOutcome, SubmissionOutcome } from "../outcome.ts";
import { type Course, type CourseRow, mostOf, outcomesOf, reportOf, WAITING } from "../table.ts";

/** How a clause did: what class its cell has, its sign, and its rank where rows are sorted by it. */
interface Kind {
  readonly name: string;
  readonly sign: string;
  readonly rank: number;
}

const KINDS = {
  passed: { name: "passed", sign: "✓", rank: 5 },
  partly: { name: "partly", sign: "◐", rank: 4 },
  left: { name: "other", sign: "○", rank: 3 },
  blocked: { name: "blocked", sign: "⊘", rank: 2 },
  failed: { name: "failed", sign: "✗", rank: 1 },
  unknown: { name: "other", sign: "·", rank: 0 },
} as const satisfies Readonly<Record<string, Kind>>;

/** The heads of the columns before those of the clauses. */
const HEADS = ["submission", "points", "result"];

/** Shows the table with what it is filtered by. */
export function showTable(course: Course, clusters: readonly Cluster[], toLookAt: readonly ByHand[]): Markup {
  const { clauses, rows, dialect } = course;
  const short = (slug: string) => slug.startsWith(`${dialect}/`) ? slug.slice(dialect.length + 1) : slug;
  const heads = [
    ...HEADS.map((text, i) => showHead(text, i, { class: i === 0 ? "name" : i === 1 ? "number" : "ending" })),
    ...clauses.map(({ clause: { slug, level, text }, most }, i) =>
      showHead(short(slug), HEADS.length + i, {
        class: "clause-head",
        title: `${slug} (${level}, ${countText(most, "point")}): ${text}`,
      })
    ),
    showHead("first to mend", HEADS.length + clauses.length, { class: "first" }),
  ];
  const handed = new Set(toLookAt.map(({ name }) => name));
  const table = element(
    "table",
    { class: "marks" },
    element("caption", { class: "unseen" }, "Submissions and clauses"),
    element("thead", {}, element("tr", {}, heads)),
    element("tbody", {}, rows.map((row) => showRow(row, course, clusters, handed.has(row.submission.name)))),
    showFoot(course),
  );
  return element(
    "section",
    {},
    element("h2", {}, "Submissions"),
    showControls(),
    element("div", { class: "scrolled", role: "region", "aria-label": "Submissions and clauses", tabindex: 0 }, table),
    showLegend(),
  );
}

function showControls(): Markup {
  const toggle = (text: string, filter: string) =>
    element("button", { type: "button", "aria-pressed": "false", "data-filter": filter }, text);
  return element(
    "form",
    { class: "controls", role: "search", hidden: true },
    element(
      "label",
      {},
      element("span", { class: "unseen" }, "Search in the table"),
      element("input", {
        type: "search",
        placeholder: "Search names, results, faults  ( / )",
        autocomplete: "off",
        spellcheck: "false",
      }),
    ),
    element(
      "div",
      { role: "group", "aria-label": "Show only" },
      toggle("conforms", "conforms"),
      toggle("does not", "not"),
      toggle("to look at by hand", "hand"),
    ),
    element("button", { type: "reset" }, "show all"),
    element("output", { "aria-live": "polite" }),
  );
}

function showHead(text: string, column: number, { class: name, title }: { class: string; title?: string }): Markup {
  const button = element("button", { type: "button", "data-column": column, title }, element("span", {}, text));
  return element("th", { scope: "col", class: name }, button);
}

function showRow(
  { submission: { name, folder }, outcome }: CourseRow,
  course: Course,
  clusters: readonly Cluster[],
  isToLookAt: boolean,
): Markup {
  const own = clusters.flatMap(({ names }, i) => names.includes(name) ? [i] : []);
  const { clauses } = course;
  const first = outcome?.first ?? outcome?.why ?? "";
  return element(
    "tr",
    {
      "data-clusters": own.join(" "),
      "data-hand": isToLookAt,
      "data-state": outcome === undefined ? undefined : outcome.conforms ? "conforms" : "not",
    },
    element("th", { scope: "row", class: "name" }, showName(name, folder, outcome)),
    element("td", { class: "number", "data-v": outcome?.points ?? -1 }, showPoints(outcome, mostOf(course))),
    element("td", { class: "ending" }, showEnding(outcome)),
    clauses.map(({ clause: { slug } }) => showClause(slug, outcome?.clauses[slug])),
    element("td", { class: "first" }, element("div", { title: first }, first)),
  );
}

function showName(name: string, folder: string, outcome: SubmissionOutcome | undefined): Content {
  return outcome === undefined ? name : element("a", { href: reportOf(folder) }, name);
}

function showPoints(outcome: SubmissionOutcome | undefined, most: number): Content {
  return outcome === undefined ? "" : [`${outcome.points}`, element("small", {}, ` of ${most}`)];
}

function showEnding(outcome: SubmissionOutcome | undefined): Content {
  if (outcome === undefined) return WAITING;
  if (outcome.ending !== "played") return outcome.ending;
  return outcome.conforms ? "conforms" : "does not conform";
}

function showClause(slug: string, outcome: ClauseOutcome | undefined): Markup {
  const { name, sign, rank } = kindOf(outcome);
  const title = outcome === undefined
    ? undefined
    : `${slug}: ${outcome.verdict === "none" ? "not played" : outcome.verdict}, ${outcome.points} of ${
      countText(outcome.most, "point")
    }`;
  return element("td", { class: name, "data-v": rank, title }, sign);
}

function kindOf(outcome: ClauseOutcome | undefined): Kind {
  if (outcome === undefined) return KINDS.unknown;
  const { verdict, points } = outcome;
  if (verdict === "fail" || verdict === "error") return points > 0 ? KINDS.partly : KINDS.failed;
  if (verdict === "pass") return points < outcome.most ? KINDS.partly : KINDS.passed;
  if (verdict === "blocked") return KINDS.blocked;
  return verdict === "unsupported" ? KINDS.left : KINDS.unknown;
}

/** How many keep each clause. */
function showFoot(course: Course): Markup {
  const outcomes = outcomesOf(course);
  const kept = course.clauses.map(({ clause: { slug } }) =>
    outcomes.filter(({ clauses }) => kindOf(clauses[slug]) === KINDS.passed).length
  );
  return element(
    "tfoot",
    {},
    element(
      "tr",
      {},
      element("th", { scope: "row", class: "name" }, "kept by"),
      element("td", { class: "number" }, element("small", {}, `of ${outcomes.length}`)),
      element("td", {}),
      kept.map((count) => element("td", {}, count)),
      element("td", {}),
    ),
  );
}

function showLegend(): Markup {
  const words: readonly (readonly [Kind, string])[] = [
    [KINDS.passed, "kept"],
    [KINDS.partly, "in part"],
    [KINDS.failed, "broken"],
    [KINDS.blocked, "blocked by another"],
    [KINDS.left, "not supported, which is allowed"],
    [KINDS.unknown, "not played"],
  ];
  return element(
    "p",
    { class: "how legend" },
    words.map(([{ name, sign }, text]) => element("span", {}, element("b", { class: name }, sign), ` ${text}`)),
  );
}
