/**
 * A whole run of many clients as a plot: operations over time by kind and end, how long they took, and the faults that there were.
 *
 * @module
 */

import { END_TEXTS, type OperationSeries, type StressSummary } from "../../stress/telling/stress_summary.ts";
import type { End } from "../../stress/history.ts";
import { countText } from "../words.ts";
import { type Content, element, type Markup } from "./markup.ts";

/** Where slices of time are drawn, in pixels. */
const [LEFT, WIDTH] = [176, 560];
/** How high the bars are, the times of answers, and a band of faults, and what is between them, in pixels. */
const [BARS, TIMES, BAND, GAP] = [56, 56, 14, 20];
/** The shortest and the longest time of an answer that is told apart, in milliseconds; the scale is logarithmic. */
const [SHORTEST, LONGEST] = [0.1, 10_000];
const ENDS: readonly End[] = ["ok", "fail", "info"];

/** Shows it. */
export function showLoad({ users, slice, operations, faults }: StressSummary): Markup {
  let y = 8;
  const parts: Content[] = [];
  const put = (height: number, show: (y: number) => Content) => {
    parts.push(show(y));
    y += height + GAP;
  };
  for (const series of operations) {
    put(BARS, (y) => showBars(series, y));
    if (series.slowest.some((time) => time !== null && time >= SHORTEST)) put(TIMES, (y) => showTimes(series, y));
  }
  if (faults.length > 0) put(BAND * faults.length, (y) => faults.map((one, i) => showBand(one, y + BAND * i)));
  const slices = operations[0]?.median.length ?? 0;
  const seconds = slice * slices / 1000;
  const height = y + 12;
  const axis = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const x = LEFT + WIDTH * part;
    return element("text", { class: "axis", x, y: y + 4, "text-anchor": "middle" }, `${(seconds * part).toFixed(1)} s`);
  });
  const all = operations.map(({ kind, ends }) => countText(ENDS.reduce((sum, end) => sum + sumOf(ends[end]), 0), kind));
  const label = `${countText(users, "user")} in ${seconds.toFixed(1)} s: ${all.join(", ")}`;
  const size = { viewBox: `0 0 ${LEFT + WIDTH + 24} ${height}`, width: LEFT + WIDTH + 24, height };
  return element(
    "section",
    { class: "load" },
    element("h2", {}, "Many at once"),
    element("p", { class: "how" }, `${label}. Operations by the moment at which they began.`),
    element(
      "div",
      { class: "picture" },
      element("svg", { ...size, role: "img", "aria-label": label }, parts, axis),
    ),
  );
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function showBars({ kind, ends }: OperationSeries, y: number): Content {
  const slices = ends.ok.length;
  const heights = ends.ok.map((_, i) => ENDS.reduce((sum, end) => sum + ends[end][i]!, 0));
  const highest = Math.max(1, ...heights);
  const bars = heights.map((_, i) => {
    let top = y + BARS;
    return ENDS.map((end) => {
      const count = ends[end][i]!;
      if (count === 0) return undefined;
      const height = BARS * count / highest;
      top -= height;
      return bar(i, slices, top, height, { class: end }, `${countText(count, kind)} ${END_TEXTS[end]}`);
    });
  });
  const legend = ENDS.filter((end) => sumOf(ends[end]) > 0).map((end, i) =>
    element("text", { class: end, x: 0, y: y + 26 + 14 * i }, `${sumOf(ends[end])} ${END_TEXTS[end]}`)
  );
  return [element("text", { class: "kind", x: 0, y: y + 11 }, `${kind}s`), legend, baseline(y + BARS), bars];
}

function showTimes({ kind, median, slowest }: OperationSeries, y: number): Content {
  const place = (time: number) => {
    const part = Math.log(Math.max(time, SHORTEST) / SHORTEST) / Math.log(LONGEST / SHORTEST);
    return y + TIMES * (1 - Math.min(part, 1));
  };
  const dots = (times: readonly (number | null)[], name: string) =>
    times.map((time, i) => {
      if (time === null) return undefined;
      const at = { cx: LEFT + WIDTH * (i + 0.5) / times.length, cy: place(time).toFixed(1), r: 2.5 };
      return element("circle", { class: name, ...at }, element("title", {}, `${time.toFixed(1)} ms`));
    });
  const lines = [1, 100, 10_000].map((time) => [
    element(
      "text",
      { class: "axis", x: LEFT - 6, y: place(time) + 4, "text-anchor": "end" },
      time < 1000 ? `${time} ms` : `${time / 1000} s`,
    ),
    element("path", { class: "line", d: `M${LEFT} ${place(time).toFixed(1)}h${WIDTH}` }),
  ]);
  return [
    element("text", { class: "kind", x: 0, y: y + 11 }, `${kind}s, until`),
    element("text", { class: "kind", x: 0, y: y + 25 }, "answered"),
    element("text", { class: "median", x: 0, y: y + 40 }, "● median"),
    element("text", { class: "slowest", x: 0, y: y + 54 }, "● slowest"),
    lines,
    dots(slowest, "slowest"),
    dots(median, "median"),
  ];
}

function showBand({ kind, clients }: StressSummary["faults"][number], y: number): Content {
  const most = Math.max(1, ...clients);
  return [
    element("text", { class: "fault", x: 0, y: y + 11 }, kind),
    clients.map((count, i) => {
      if (count === 0) return undefined;
      const opacity = (0.25 + 0.75 * count / most).toFixed(2);
      return bar(i, clients.length, y + 2, BAND - 4, { class: "fault", opacity }, countText(count, "client"));
    }),
  ];
}

function bar(
  i: number,
  slices: number,
  y: number,
  height: number,
  more: Readonly<Record<string, string>>,
  tip: string,
): Markup {
  const width = WIDTH / slices;
  const place = {
    x: (LEFT + width * i + 0.5).toFixed(1),
    y: y.toFixed(1),
    width: (width - 1).toFixed(1),
    height: height.toFixed(1),
  };
  return element("rect", { ...more, ...place }, element("title", {}, tip));
}

function baseline(y: number): Markup {
  return element("path", { class: "line", d: `M${LEFT} ${y}h${WIDTH}` });
}
