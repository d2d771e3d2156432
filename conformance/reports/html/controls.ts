/**
 * The controls by which a target's clauses are filtered.
 *
 * @module
 */

import { LEVELS } from "../../fixtures/clauses.ts";
import { element, type Markup } from "./markup.ts";
import { GROUP_NAMES } from "./marks.ts";

/** Shows the controls. There is nothing to control without a script, so they begin hidden. */
export function showControls(): Markup {
  return element(
    "form",
    { class: "controls", role: "search", hidden: true },
    element(
      "label",
      {},
      element("span", { class: "unseen" }, "Search in clauses, fixtures and bytes"),
      element("input", {
        type: "search",
        placeholder: "Search clauses, fixtures, bytes  ( / )",
        autocomplete: "off",
        spellcheck: "false",
      }),
    ),
    toggles("Verdict", "group", GROUP_NAMES),
    toggles("Level", "level", LEVELS),
    element(
      "div",
      {},
      element("button", { type: "button", "data-all": "open" }, "open all"),
      element("button", { type: "button", "data-all": "close" }, "close all"),
    ),
    element("output", { "aria-live": "polite" }),
  );
}

function toggles(label: string, kind: string, names: readonly string[]): Markup {
  const buttons = names.map((name) => {
    return element("button", { type: "button", "aria-pressed": "false", [`data-${kind}`]: name }, name);
  });
  return element("div", { role: "group", "aria-label": label }, buttons);
}
