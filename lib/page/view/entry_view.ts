/**
 * One thing in a thread, as it is shown.
 *
 * @module
 */

import type { Fate, ThreadEntry } from "../thread.ts";
import { fateText, problemText } from "../fate_words.ts";
import { clock, day } from "./times.ts";
import { showBody } from "./body_view.ts";
import { makeElement } from "./dom.ts";
import { showName } from "./name_view.ts";

/** Where an entry stands. */
export interface EntryPlace {
  /** The one before it, where that is shown as well. */
  readonly before: ThreadEntry | undefined;
  /** Whether it is the first that had not been seen. */
  readonly isFirstUnread: boolean;
  /** Says it once more. */
  again(): void;
}

/** Shows an entry. The sender and the time are told once for all that is said within a minute. */
export function showEntry(entry: ThreadEntry, { before, isFirstUnread, again }: EntryPlace): HTMLLIElement {
  const { time, from, text, fate, isBytes } = entry;
  const isOtherDay = day(time) !== (before === undefined ? day(Date.now()) : day(before.time));
  const goesOn = !isOtherDay && !isFirstUnread && before !== undefined && before.from === from &&
    clock(before.time) === clock(time);
  const kind = from === undefined ? "note" : fate === undefined ? "entry" : "entry own";
  return makeElement(
    "li",
    { class: goesOn ? `${kind} goes-on` : kind },
    isOtherDay ? makeElement("p", { class: "line day" }, day(time)) : undefined,
    isFirstUnread ? makeElement("p", { class: "line unread" }, "New") : undefined,
    from === undefined
      ? undefined
      : makeElement("p", { class: goesOn ? "head unseen" : "head" }, showName(from), " ", showTime(time)),
    showBody(text),
    isBytes ? makeElement("p", { class: "fate" }, "not text") : undefined,
    fate && showFate(fate, again),
  );
}

function showTime(time: number): HTMLElement {
  return makeElement(
    "time",
    { datetime: new Date(time).toISOString(), title: `${day(time)}, ${clock(time)}` },
    clock(time),
  );
}

function showFate(fate: Fate, again: () => void): HTMLElement {
  const isProblem = problemText(fate) !== undefined;
  const kind = isProblem ? "problem" : fate.kind === "settled" ? "delivered" : "open";
  const shown = makeElement("p", { class: `fate ${kind}` }, fateText(fate));
  if (!isProblem || ("recipients" in fate && fate.delivered !== 0)) return shown;
  const button = makeElement("button", { type: "button" }, "Send again");
  button.addEventListener("click", again);
  shown.append(" ", button);
  return shown;
}
