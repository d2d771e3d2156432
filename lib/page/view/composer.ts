/**
 * Where one writes.
 *
 * @module
 */

import type { Chat } from "../chat.ts";
import type { Thread } from "../thread.ts";
import { find, setAttribute, setText } from "./dom.ts";

/** The place where one writes. Each thread has its own draft. */
export class Composer {
  readonly #form = find("composer", HTMLFormElement);
  readonly #text = find("text", HTMLTextAreaElement);
  readonly #problem = find("composer-problem", HTMLParagraphElement);
  readonly #chat: Chat;
  #thread: Thread | undefined;

  /** Has `chat` say what is written, and calls `said` when it is. */
  constructor(chat: Chat, said: () => void) {
    this.#chat = chat;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(said);
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send(said);
    });
    this.#text.addEventListener("input", () => this.#changed());
  }

  /** Leads to it. */
  focus(): void {
    this.#text.focus();
  }

  /** Shows the draft of the thread that is looked at, for whom it is, and whether it can be sent. */
  update(placeholder: string): void {
    const { open } = this.#chat.threads;
    if (open !== this.#thread) {
      this.#thread = open;
      this.#text.value = open.draft;
      this.#changed();
    }
    setAttribute(this.#text, "placeholder", placeholder);
    setAttribute(this.#text, "aria-label", placeholder);
    this.#form.classList.toggle("stale", this.#chat.phase.kind !== "here");
  }

  /** Says why something was not sent. */
  tell(problem: string): void {
    setText(this.#problem, problem);
  }

  #send(said: () => void): void {
    const why = this.#chat.say(this.#text.value, Date.now());
    this.#text.focus();
    if (why !== undefined) return this.tell(why);
    this.#text.value = "";
    this.#changed();
    said();
  }

  #changed(): void {
    if (this.#thread !== undefined) this.#thread.draft = this.#text.value;
    this.tell("");
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
