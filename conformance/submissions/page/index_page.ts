/**
 * A course's marks as one page that needs nothing else.
 *
 * @module
 */

import { VERSION } from "../../../lib/core/version.ts";
import { type Content, element, type Markup } from "../../reports/html/markup.ts";
import { pageText } from "../../reports/html/html.ts";
import { countText } from "../../reports/words.ts";
import { type ByHand, byHand, type Cluster, clustersOf } from "../clusters.ts";
import { showDistribution } from "./distribution.ts";
import { showTable } from "./index_table.ts";
import { type Course, mostOf, outcomesOf, reportOf } from "../table.ts";

/** So many clusters are shown at first. */
const SHOWN = 12;

/** Writes the page: what the submissions have in common, those to look at by hand, and the table of all of them. */
export async function indexPage(course: Course): Promise<string> {
  const outcomes = outcomesOf(course);
  const clusters = clustersOf(outcomes);
  const toLookAt = byHand(outcomes);
  const main = element(
    "main",
    { class: "course" },
    showHead(course),
    element(
      "div",
      { class: "overview" },
      showDistribution(outcomes, mostOf(course)),
      showClusters(clusters, outcomes.length),
    ),
    showByHand(toLookAt, course),
    showTable(course, clusters, toLookAt),
  );
  return await pageText({
    title: `Marks: ${countText(course.rows.length, `${course.dialect} submission`)}`,
    time: course.marked,
    styles: ["page.css", "course.css"],
    script: "course.js",
    contents: main,
  });
}

function showHead(course: Course): Markup {
  const { dialect, command, hashes, rows } = course;
  const outcomes = outcomesOf(course);
  const whole = outcomes.filter(({ conforms }) => conforms).length;
  const left = rows.length - outcomes.length;
  const counts = [
    `${whole} of ${outcomes.length} ${outcomes.length === 1 ? "conforms" : "conform"}`,
    ...left > 0 ? [`${left} not played yet`] : [],
  ];
  return element(
    "header",
    {},
    element("h1", {}, `${countText(rows.length, "submission")} `, element("span", {}, dialect)),
    element("p", { class: "conclusion" }, `${counts.join(", ")}.`),
    element(
      "p",
      { class: "how" },
      element("code", {}, command),
      `, suite ${VERSION}${hashes.length === 0 ? "" : `, fixtures ${hashes.join(" ")}`}. As data: `,
      element("a", { href: "marks.csv" }, "marks.csv"),
      ", ",
      element("a", { href: "marks.json" }, "marks.json"),
    ),
  );
}

function showClusters(clusters: readonly Cluster[], all: number): Markup {
  const items = clusters.map(({ text, names }, i) =>
    element(
      "li",
      {},
      element(
        "button",
        { type: "button", "aria-pressed": "false", "data-cluster": i, title: names.join(", ") },
        element("b", {}, `${names.length} of ${all}`),
        ` ${text}`,
      ),
    )
  );
  const rest = items.slice(SHOWN);
  return element(
    "section",
    { class: "clusters" },
    element("h2", {}, "What they have in common"),
    items.length === 0 ? element("p", { class: "how" }, outcomesText(all)) : element("ul", {}, items.slice(0, SHOWN)),
    rest.length === 0 ? undefined : element(
      "details",
      {},
      element("summary", {}, `${rest.length} more`),
      element("ul", {}, rest),
    ),
  );
}

function outcomesText(all: number): string {
  return all === 0 ? "Nothing is known yet." : "No fault was found.";
}

function showByHand(toLookAt: readonly ByHand[], { rows }: Course): Content {
  if (toLookAt.length === 0) return undefined;
  const folders = new Map(rows.map(({ submission: { name, folder } }) => [name, folder]));
  const items = toLookAt.map(({ name, reasons }) =>
    element(
      "li",
      {},
      element("a", { href: reportOf(folders.get(name) ?? name) }, name),
      ` ${reasons.join("; ")}`,
    )
  );
  return element(
    "section",
    { class: "by-hand" },
    element("h2", {}, `To look at by hand (${toLookAt.length})`),
    element("ul", {}, items),
  );
}
