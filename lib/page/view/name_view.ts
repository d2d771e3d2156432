/**
 * A name as it is shown: in its colour, which is the one that it has in a terminal, and apart from the text around it.
 *
 * @module
 */

import { paintOf } from "../../core/name_paint.ts";
import { visibleText } from "../../core/visible.ts";
import { makeElement } from "./dom.ts";

/** A name of more characters may not have room. */
const LONG = 16;

/** The class that gives a name its colour. */
export function paintClass(name: string): string {
  return `paint-${String(paintOf(name)).replace(";", "-")}`;
}

/** Shows a name. All of a long one is told where one points at it. */
export function showName(name: string): HTMLElement {
  const text = visibleText(name);
  return makeElement("bdi", { class: `name ${paintClass(name)}`, title: text.length > LONG ? text : undefined }, text);
}
