/**
 * What is kept for somebody who is inside a group.
 *
 * @module
 */

/** How many messages are kept. */
const MAX_MESSAGES = 100;
/** How many characters are kept. */
const MAX_CHARACTERS = 64 * 1024;

/** Texts that are shown later: a bounded number, the newest. */
export class Kept {
  #texts: string[] = [];
  #characters = 0;
  #forgotten = 0;

  /** Keeps a text; the oldest are forgotten where there are too many. */
  add(text: string): void {
    this.#texts.push(text);
    this.#characters += text.length;
    while (this.#texts.length > MAX_MESSAGES || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#texts.shift()!.length;
      this.#forgotten++;
    }
  }

  /** Gives away what is kept, and how many texts were forgotten. */
  take(): { readonly texts: readonly string[]; readonly forgotten: number } {
    const taken = { texts: this.#texts, forgotten: this.#forgotten };
    this.#texts = [];
    this.#characters = this.#forgotten = 0;
    return taken;
  }
}
