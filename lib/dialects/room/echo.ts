/**
 * Our own message, when a room repeats it.
 *
 * @module
 */

import { harmless } from "../text/text.ts";

/** How much is kept while it may be the beginning of what is looked for, in characters. */
const MAX_KEPT = 64 * 1024;

/** Where something is in a text. */
export interface TextRange {
  /** Where it begins. */
  readonly start: number;
  /** Where it has ended. */
  readonly end: number;
}

/**
 * Finds `alice: hi` in what a room says, where nothing divides one message from the next. A server of ours spells what
 * would not be seen, another one repeats it as it was.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const echo = new Echo("alice", "hi");
 * assertEquals(echo.find("bob: yoalice: h"), "open");
 * assertEquals(echo.find("bob: yoalice: hi"), { start: 7, end: 16 });
 * assertEquals(echo.find("bob: yo"), undefined);
 * ```
 */
export class Echo {
  readonly #forms: ReadonlySet<string>;

  constructor(name: string, text: string) {
    this.#forms = new Set([`${name}: ${text}`, `${harmless(name)}: ${harmless(text)}`]);
  }

  /** Where it is in a text; `open` if the end of the text may be its beginning. */
  find(heard: string): TextRange | "open" | undefined {
    for (const form of this.#forms) {
      const start = heard.indexOf(form);
      if (start >= 0) return { start, end: start + form.length };
    }
    return heard.length < MAX_KEPT && this.#isBegun(heard) ? "open" : undefined;
  }

  #isBegun(heard: string): boolean {
    for (const form of this.#forms) {
      for (let length = Math.min(heard.length, form.length - 1); length > 0; length--) {
        if (heard.endsWith(form.slice(0, length))) return true;
      }
    }
    return false;
  }
}
