/**
 * Where a name is chosen.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import type { Chat } from "../chat.ts";
import { find, setAttribute, setText } from "./dom.ts";

/** The form for the name. */
export class Entrance {
  readonly #section = find("entrance", HTMLElement);
  readonly #form = find("name-form", HTMLFormElement);
  readonly #name = find("name", HTMLInputElement);
  readonly #problem = find("name-problem", HTMLParagraphElement);
  readonly #join = find("join", HTMLButtonElement);
  readonly #chat: Chat;

  /** Has `chat` join under the name that is chosen, and calls `joins` then. */
  constructor(chat: Chat, joins: () => void) {
    this.#chat = chat;
    this.#name.value = chat.name;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#chat.phase.kind !== "apart") return;
      const name = this.#name.value.trim();
      if (name === "") this.#tell("Choose a name first.");
      else this.#chat.join(name, Date.now());
      joins();
    });
    this.#name.addEventListener("input", () => this.#tell(""));
  }

  /** Whether it is there. */
  get isShown(): boolean {
    return !this.#section.hidden;
  }

  /** Shows it, or hides it. */
  show(isShown: boolean): void {
    const { phase } = this.#chat;
    const isNew = isShown && this.#section.hidden;
    this.#section.hidden = !isShown;
    const isBusy = phase.kind !== "apart";
    setAttribute(this.#join, "aria-disabled", isBusy ? "true" : undefined);
    setText(this.#join, isBusy ? "Joining…" : "Join");
    if (isBusy) this.#tell("");
    else if (phase.why !== undefined && phase !== this.#told) {
      this.#told = phase;
      this.#tell(visibleText(phase.why));
      this.#name.select();
    }
    if (isNew) {
      this.#name.focus();
      this.#name.select();
    }
  }

  #told: Chat["phase"] | undefined;

  #tell(problem: string): void {
    setText(this.#problem, problem);
    setAttribute(this.#name, "aria-invalid", problem === "" ? undefined : "true");
  }
}
