/**
 * Small plots over time, drawn as SVG.
 *
 * @module
 */

import { element, show } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
/** The size of the drawing, which is stretched to its place: a step for each second. */
const [WIDTH, HEIGHT] = [180, 50];

/** A plot of one or two figures of each sample. */
export class Plot {
  #title;
  #series;
  #write;
  #svg = document.createElementNS(SVG, "svg");
  #most = element("span", { class: "most" });

  /**
   * @param {string} title
   * @param {{ of(sample: object): number | undefined, name?: string }[]} series
   * @param {(value: number) => string} write
   */
  constructor(title, series, write) {
    this.#title = title;
    this.#write = write;
    this.#svg.setAttribute("viewBox", `0 -1 ${WIDTH} ${HEIGHT + 2}`);
    this.#svg.setAttribute("preserveAspectRatio", "none");
    this.#svg.setAttribute("role", "img");
    this.#series = series.map(({ of, name }, i) => {
      const line = this.#svg.appendChild(document.createElementNS(SVG, "polyline"));
      if (i > 0) line.setAttribute("class", "second");
      const now = element("span", { class: `number${name === undefined ? "" : i > 0 ? " key second" : " key"}` });
      return { of, name, line, now };
    });
    const numbers = element("span", {}, ...this.#series.flatMap(({ now }) => [now, " "]));
    this.element = element("figure", {}, element("figcaption", {}, title, numbers), this.#svg, this.#most);
  }

  /** Shows these samples, the last one at the right. */
  draw(samples) {
    const values = this.#series.map(({ of }) => samples.map(of));
    const most = Math.max(...values.flat().map((value) => value ?? 0));
    const words = this.#series.map(({ line, now, name }, i) => {
      line.setAttribute("points", pointsOf(values[i], most));
      const last = values[i].at(-1);
      const text = `${name === undefined ? "" : `${name} `}${last === undefined ? "–" : this.#write(last)}`;
      show(now, text);
      return text;
    });
    show(this.#most, `most: ${this.#write(most)}`);
    this.#svg.setAttribute("aria-label", `${this.#title}: ${words.join(", ")}; most ${this.#write(most)}`);
  }
}

function pointsOf(values, most) {
  const first = WIDTH - values.length;
  const points = values.flatMap((value, i) =>
    value === undefined ? [] : `${first + i + 1},${most > 0 ? (HEIGHT * (1 - value / most)).toFixed(1) : HEIGHT}`
  );
  return points.join(" ");
}
