/**
 * The account of what was sent: what has no answer yet, and whether everything was delivered.
 *
 * @module
 */

import type { ClientOutcome } from "../../dialects/dialect.ts";
import type { Printer } from "../output/printer.ts";

/** A line that has no outcome yet. */
interface Entry {
  readonly line: string;
  /** A message, or a request, whose answer says by itself that it was answered. */
  readonly kind: "message" | "request";
}

/** Keeps each line until its outcome is known, and tells that. */
export class PendingLines {
  readonly #view: Printer;
  /** What has no outcome yet, by number, in the order in which it was sent. */
  readonly #open = new Map<number, Entry>();
  #isClean = true;

  constructor(view: Printer) {
    this.#view = view;
  }

  /** How many lines have no outcome yet. */
  get open(): number {
    return this.#open.size;
  }

  /** Whether nothing that was entered has failed up to now. */
  get isClean(): boolean {
    return this.#isClean;
  }

  /** A message is on its way under this number. */
  sent(id: number, line: string): void {
    this.#open.set(id, { line, kind: "message" });
  }

  /** A request is on its way under this number. */
  asked(id: number, line: string): void {
    this.#open.set(id, { line, kind: "request" });
  }

  /** What became of a line is known, as far as it ever will be. */
  settled(id: number, outcome: ClientOutcome, words?: string): void {
    const entry = this.#open.get(id);
    if (entry === undefined) return;
    this.#open.delete(id);
    const { line, kind } = entry;
    const isDone = outcome.kind === "delivered" || outcome.kind === "handed-over";
    if (!isDone) this.#isClean = false;
    if (kind === "message") this.#view.show({ kind: "outcome", line, outcome, words });
    else if (!isDone) this.#view.show({ kind: "not-done", line, outcome, words });
  }

  /** A line was not sent: the dialect has no such line, but one of this form. */
  rejected(
    line: string,
    form: string,
    about: { readonly why?: string | undefined; readonly number?: number | undefined } = {},
  ): void {
    this.#isClean = false;
    this.#view.show({ kind: "rejected", line, form, ...about });
  }

  /** Something else could not be done: a line of the input could not even be read, for example. */
  failed(why: string): void {
    this.#isClean = false;
    this.#view.problem(why);
  }

  /** Nothing more will be heard of what is open, and why. */
  giveUp(why: string): void {
    for (const { line } of this.#open.values()) {
      this.#isClean = false;
      this.#view.show({ kind: "unconfirmed", line, why });
    }
    this.#open.clear();
  }
}
