/**
 * What somebody says, as it is shown: text with links, of which a long one shows its beginning.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import { textParts } from "../links.ts";
import { makeElement } from "./dom.ts";

/** What is shown of a long text at first. */
const [MAX_LINES, MAX_CHARACTERS] = [20, 2_000];

/** Shows it. */
export function showBody(text: string): HTMLElement {
  // Many clients end what they send like a line of text; that is no second line.
  const lines = text.replaceAll("\r\n", "\n").replace(/\n$/, "");
  const beginning = beginningOf(lines);
  const body = makeElement("div", { class: "body", dir: "auto" }, ...showText(beginning));
  if (beginning.length === lines.length) return body;
  const more = makeElement("button", { type: "button", class: "more" }, `Show all ${sizeText(lines)}`);
  more.addEventListener("click", () => {
    body.replaceChildren(...showText(lines));
    body.tabIndex = -1;
    body.focus();
  });
  body.append("…", more);
  return body;
}

function sizeText(text: string): string {
  const lines = text.split("\n").length;
  return lines > MAX_LINES ? `${lines} lines` : `${text.length} characters`;
}

/** The text as one line for a place that has no room for more. */
export function excerptOf(text: string, characters: number): string {
  const line = text.slice(0, characters + 1).replace(/\s+/g, " ").trim();
  return visibleText(line.length > characters ? `${line.slice(0, characters)}…` : line);
}

function beginningOf(text: string): string {
  let end = Math.min(text.length, MAX_CHARACTERS);
  for (let lines = 0, at = -1; (at = text.indexOf("\n", at + 1)) !== -1 && at < end;) {
    if (++lines === MAX_LINES) end = at;
  }
  // Not amid a character.
  return text.slice(0, end).replace(/[\ud800-\udbff]$/, end < text.length ? "" : "$&");
}

function showText(text: string): Node[] {
  return textParts(visibleText(text, { keep: "\n\t" })).map(({ text, address }) =>
    address === undefined ? document.createTextNode(text) : makeElement(
      "a",
      { href: address, target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" },
      text,
    )
  );
}
