/**
 * How many got how much, as bars.
 *
 * @module
 */

import { element, type Markup } from "../../reports/html/markup.ts";
import { countText } from "../../reports/words.ts";
import type { SubmissionOutcome } from "../outcome.ts";

/** Tenths of all points; who has all of them stands apart. */
const BINS = 11;
const [WIDTH, HEIGHT, TOP, BOTTOM] = [440, 120, 18, 20];

/**
 * Shows it.
 *
 * @param most What all of it is worth.
 */
export function showDistribution(outcomes: readonly SubmissionOutcome[], most: number): Markup {
  const title = element("h2", {}, "Marks");
  if (outcomes.length === 0 || most === 0) {
    return element(
      "section",
      { class: "distribution" },
      title,
      element("p", { class: "how" }, "Nothing is known yet."),
    );
  }
  const counts = Array.from({ length: BINS }, () => 0);
  for (const { points } of outcomes) counts[binOf(points, most)]!++;
  const sorted = outcomes.map(({ points }) => points).sort((a, b) => a - b);
  const mean = sorted.reduce((sum, points) => sum + points, 0) / sorted.length;
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
  const label = `of ${countText(most, "point")}: median ${rounded(middle)}, mean ${rounded(mean)}, from ${
    sorted[0]
  } to ${sorted.at(-1)}`;
  const size = { viewBox: `0 0 ${WIDTH} ${TOP + HEIGHT + BOTTOM}`, role: "img", "aria-label": label };
  return element(
    "section",
    { class: "distribution" },
    title,
    element("svg", size, counts.map((count, bin) => showBar(count, bin, Math.max(...counts)))),
    element("p", { class: "how" }, label),
  );
}

function binOf(points: number, most: number): number {
  return Math.min(Math.floor(points / most * (BINS - 1)), BINS - 1);
}

function showBar(count: number, bin: number, highest: number): readonly Markup[] {
  const width = WIDTH / BINS;
  const height = HEIGHT * count / highest;
  const middle = { x: (width * (bin + 0.5)).toFixed(1), "text-anchor": "middle" };
  const from = `${bin * 10}`;
  const place = { x: (width * bin + 1).toFixed(1), y: (TOP + HEIGHT - height).toFixed(1) };
  return [
    element(
      "rect",
      {
        class: bin === BINS - 1 ? "passed" : "some",
        ...place,
        width: (width - 2).toFixed(1),
        height: height.toFixed(1),
      },
      element("title", {}, `${countText(count, "submission")} with ${bin === BINS - 1 ? "all" : `${from} % or more`}`),
    ),
    element("text", { ...middle, y: (TOP + HEIGHT - height - 5).toFixed(1) }, count === 0 ? "" : count),
    element("text", { ...middle, class: "axis", y: TOP + HEIGHT + 14 }, bin === BINS - 1 ? "all" : `${from}%`),
  ];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
