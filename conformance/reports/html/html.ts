/**
 * The report as one page that needs nothing else: no script, style, font or picture from elsewhere.
 *
 * @module
 */

import { type ReportData, targetText } from "../report_data.ts";
import { countText } from "../words.ts";
import { type Content, element, Markup } from "./markup.ts";
import { showTarget } from "./target.ts";

/** Embedded by `deno compile --include conformance/reports/html/page`, and found in the same options. */
const PAGE = new URL("page/", import.meta.url);

/** Writes the page: for each target its conclusion, its choices, and its clauses with their fixtures and transcripts. */
export async function htmlReport(data: ReportData): Promise<string> {
  const { targets, began } = data;
  const main = element("main", {}, targets.map((one, i) => showTarget(one, idOf(i), data)));
  return await pageText({
    title: titleOf(data),
    time: began,
    styles: ["page.css"],
    script: "page.js",
    contents: [showLinks(data), main],
  });
}

/** A page. */
export interface PageParts {
  /** What it is called. */
  readonly title: string;
  /** The time of what it shows. */
  readonly time: Date;
  /** The names of its styles in `page/`. */
  readonly styles: readonly string[];
  /** The name of its script in `page/`. */
  readonly script: string;
  /** What is on it. */
  readonly contents: Content;
}

/** Writes a page into which its styles and its script are put, and which cannot load anything else. */
export async function pageText({ title, time, styles, script: file, contents }: PageParts): Promise<string> {
  const style = (await Promise.all(styles.map(readPart))).join("\n");
  const script = await readPart(file);
  const head = [
    element("meta", { charset: "utf-8" }),
    // Even if something got through the escaping, the browser would not run it.
    element("meta", { "http-equiv": "Content-Security-Policy", content: await policy(style, script) }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light dark" }),
    element("title", {}, title),
    element("style", {}, new Markup(style)),
  ];
  const kicker = element(
    "p",
    { class: "kicker" },
    "chat conform",
    element("time", { datetime: time.toISOString() }, showTime(time)),
  );
  const body = element("body", {}, kicker, contents, element("script", {}, new Markup(script)));
  const page = element("html", { lang: "en" }, element("head", {}, head), "\n", body);
  return `<!DOCTYPE html>\n${page.text}\n`;
}

function readPart(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, PAGE));
}

function titleOf(data: ReportData): string {
  const [only, ...others] = data.targets;
  if (only === undefined || others.length > 0) return `Conformance of ${countText(data.targets.length, kindOf(data))}`;
  return `${targetText(only.run.target)}: ${only.conclusion.text}`;
}

/** What the targets are, in one word. */
function kindOf({ targets }: ReportData): string {
  return targets.every(({ run }) => run.target.role === undefined) ? "server" : "target";
}

function showLinks(data: ReportData): Content {
  const { targets } = data;
  if (targets.length < 2) return undefined;
  const linksLabel = kindOf(data) === "server" ? "Servers" : "Targets";
  const links = targets.map(({ run: { target } }, i) => {
    return element("li", {}, element("a", { href: `#${idOf(i)}` }, targetText(target)));
  });
  return element("nav", { "aria-label": linksLabel }, element("ul", {}, links));
}

function idOf(target: number): string {
  return `target-${target + 1}`;
}

/** `2026-11-20 12:00 UTC`. */
function showTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

async function policy(style: string, script: string): Promise<string> {
  return `default-src 'none'; style-src '${await digest(style)}'; script-src '${await digest(script)}'`;
}

/** What a content security policy calls a style or a script. */
async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `sha256-${btoa(String.fromCharCode(...bytes))}`;
}
