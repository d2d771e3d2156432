/**
 * What is kept for somebody who is inside a group.
 *
 * @module
 */

import { type Queued, QUEUED_OVERHEAD } from "../../core/queued.ts";

/** How many messages are kept. */
const MAX_MESSAGES = 100;
/** How many characters are kept. */
const MAX_CHARACTERS = 64 * 1024;

/** Texts that are shown later: a bounded number, the newest. */
export class Backlog {
  #texts: string[] = [];
  #characters = 0;
  #forgotten = 0;
  readonly #memory: Queued | undefined;

  /** Takes what counts the memory. */
  constructor(memory?: Queued) {
    this.#memory = memory;
  }

  /** Keeps a text; the oldest are forgotten where there are too many. */
  add(text: string): void {
    this.#texts.push(text);
    this.#characters += text.length;
    while (this.#texts.length > MAX_MESSAGES || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#texts.shift()!.length;
      this.#forgotten++;
    }
    this.#count();
  }

  /** Gives away what is kept, and how many texts were forgotten. */
  take(): { readonly texts: readonly string[]; readonly forgotten: number } {
    const taken = { texts: this.#texts, forgotten: this.#forgotten };
    this.#texts = [];
    this.#characters = this.#forgotten = 0;
    this.#count();
    return taken;
  }

  /** The client is gone. */
  close(): void {
    this.#memory?.close();
  }

  /** A character takes two bytes. */
  #count(): void {
    this.#memory?.set(2 * this.#characters + this.#texts.length * QUEUED_OVERHEAD);
  }
}
