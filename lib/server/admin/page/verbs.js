/**
 * What an operator has the server do, and what came of it.
 *
 * @module
 */

import { byId, element, visible } from "./elements.js";
import { authorization } from "./feed.js";

/** How many outcomes are kept. */
const KEPT = 50;

/** Has the server do something, and tells what came of it. Resolves with whether it did. */
export async function perform(token, verb, fields, what) {
  let told;
  let isDone = false;
  try {
    const response = await fetch(verb, {
      method: "POST",
      headers: { ...authorization(token), "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    const answer = await response.json();
    isDone = response.ok;
    told = [answer.error?.message ?? "done", ...remarks(answer)].join("; ");
  } catch {
    told = "the server cannot be reached";
  }
  const time = new Date().toLocaleTimeString();
  const outcome = element("span", { class: isDone ? "good" : "bad" }, visible(told));
  const list = byId("done");
  list.prepend(element("li", {}, `${time} ${visible(what)}: `, outcome));
  while (list.children.length > KEPT) list.lastChild.remove();
  return isDone;
}

/** What an answer says besides. */
function remarks({ present = [], permitted, why, lines = [] }) {
  const about = (fields = {}) => Object.entries(fields).map(([name, value]) => ` ${name}=${value}`).join("");
  return [
    ...present.length > 0 ? [`still here from there: ${present.join(", ")}`] : [],
    ...permitted === false ? [why] : [],
    ...lines.map((line) => `${line.text}${about(line.about)}`),
  ];
}

/** Asks whether that is meant. */
export function isSure(question) {
  const dialog = byId("sure");
  byId("question").textContent = visible(question);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true })
  );
}
