/**
 * Says aloud, by way of a screen reader, what others see come up.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import type { News } from "../chat.ts";
import { excerptOf } from "./body_view.ts";
import { find } from "./dom.ts";

/** What comes within this is told together, in milliseconds. */
const TOGETHER_MS = 500;
/** So much of it is told one by one, and more as a number. */
const FEW = 3;
/** How much is said of a message, in characters. */
const EXCERPT = 200;

/** Tells news. */
export class Announcer {
  readonly #place = find("announcer", HTMLParagraphElement);
  #waiting: News[] = [];
  #count = 0;

  /** Tells news soon. */
  tell(news: readonly News[]): void {
    if (news.length === 0) return;
    if (this.#count === 0) setTimeout(() => this.#say(), TOGETHER_MS);
    this.#count += news.length;
    this.#waiting.push(...news.slice(0, FEW + 1 - this.#waiting.length));
  }

  #say(): void {
    // A node of its own, so that what is the same as before is told as well.
    const text = this.#count > FEW ? `${this.#count} new messages` : this.#waiting.map(newsText).join(". ");
    this.#place.replaceChildren(document.createTextNode(text));
    this.#waiting = [];
    this.#count = 0;
  }
}

function newsText(news: News): string {
  if (news.kind === "problem") return excerptOf(news.text, EXCERPT);
  return `${visibleText(news.from)} to ${news.isForAll ? "all" : "you"}: ${excerptOf(news.text, EXCERPT)}`;
}
