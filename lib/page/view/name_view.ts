/**
 * A name as it is shown: in its colour, which is the one that it has in a terminal, and apart from the text around it.
 *
 * @module
 */

import { paintOf } from "../../core/name_paint.ts";
import { visibleText } from "../../core/visible.ts";
import { makeElement } from "./dom.ts";

/** The class that gives a name its colour. */
export function paintClass(name: string): string {
  return `paint-${String(paintOf(name)).replace(";", "-")}`;
}

/** Shows a name. */
export function showName(name: string): HTMLElement {
  return makeElement("bdi", { class: `name ${paintClass(name)}` }, visibleText(name));
}
