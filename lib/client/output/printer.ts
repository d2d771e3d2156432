/**
 * From events to what is printed.
 *
 * @module
 */

import type { Frontend } from "../frontend/frontend.ts";
import type { ClientEvent } from "../session/client_event.ts";
import { type Formatter, isProblem } from "./formatter.ts";

/** Shows events on a front end, each as its look has it. */
export class Printer {
  readonly #frontend: Frontend;
  readonly #look: Formatter;

  constructor(frontend: Frontend, look: Formatter) {
    this.#frontend = frontend;
    this.#look = look;
  }

  /** Shows an event. */
  show(happening: ClientEvent): void {
    const text = this.#look.text(happening);
    if (isProblem(happening) && !this.#look.hasProblems) this.#frontend.complain(text);
    else this.#frontend.print(text);
  }

  /** Shows something that the server, the dialect or this program has to tell. */
  notice(text: string): void {
    this.show({ kind: "notice", text });
  }

  /** Shows that something went wrong with the conversation itself. */
  problem(text: string): void {
    this.show({ kind: "problem", text });
  }
}
