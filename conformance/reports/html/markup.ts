/**
 * Markup, in which nothing that was put in is markup.
 *
 * @module
 */

import { escape } from "@std/html";
import { visibleText } from "../../../lib/core/visible.ts";

/** Text that is markup already. */
export class Markup {
  /** The markup. */
  readonly text: string;

  /** Keeps markup as it is. */
  constructor(text: string) {
    this.text = text;
  }
}

/** What can be put into an element: text, which is escaped; markup, which is not; several of them; nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

/** Attributes by name: `true` is one without a value, and what is `false` or `undefined` is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Elements that have no end. */
const VOID = new Set(["input", "meta"]);
/** Elements with a line break behind them, where it does not show. */
const BLOCKS = new Set(["article", "details", "div", "li", "meta", "p", "section", "summary", "tr"]);

/**
 * Makes an element; what is put in is escaped, and invisible characters in it are spelled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const item = element("b", { title: '"', hidden: true }, "1 < 2", element("i", {}, "&"));
 * assertEquals(item.text, '<b title="&quot;" hidden>1 &lt; 2<i>&amp;</i></b>');
 * ```
 */
export function element(name: string, attributes: Attributes = {}, ...contents: readonly Content[]): Markup {
  const written = Object.entries(attributes).map(([key, value]) => {
    if (value === undefined || value === false) return "";
    return value === true ? ` ${key}` : ` ${key}="${escaped(String(value))}"`;
  });
  const begin = `<${name}${written.join("")}>`;
  const end = VOID.has(name) ? "" : `</${name}>`;
  return new Markup(`${begin}${contents.map(show).join("")}${end}${BLOCKS.has(name) ? "\n" : ""}`);
}

function show(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  return typeof content === "object" ? content.map(show).join("") : escaped(String(content));
}

function escaped(text: string): string {
  return escape(visibleText(text, { keep: "\n" }));
}
