/**
 * Looking for an earlier line by a part of it (Ctrl-R), as shells do.
 *
 * @module
 */

import type { Edited } from "./paste_question.ts";

/**
 * One search: what is looked for grows letter by letter, and each time the latest line that has it is shown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const search = new HistorySearch(["@bob bye", "@carol hi", "@bob hi"], { line: "", cursor: 0 });
 * search.type("bob");
 * assertEquals([search.line, search.cursor], ["@bob bye", 1]);
 * search.older();
 * assertEquals([search.line, search.prompt], ["@bob hi", "(reverse-i-search)'bob': "]);
 * ```
 */
export class HistorySearch implements Edited {
  /** What was being edited when it began. */
  readonly before: Edited;
  /** Each line once, the latest first. */
  readonly #lines: readonly string[];
  #query = "";
  /** Which line was found last. */
  #found: number | undefined;
  /** Whether no line, or no other line, has what is looked for. */
  #hasFailed = false;

  /** @param lines the latest first. */
  constructor(lines: readonly string[], before: Edited) {
    this.#lines = [...new Set(lines)];
    this.before = { line: before.line, cursor: before.cursor };
  }

  /** What stands in front of the line. */
  get prompt(): string {
    return `(${this.#hasFailed ? "failed " : ""}reverse-i-search)'${this.#query}': `;
  }

  /** The line that was found last; before anything is found, the one that was being edited. */
  get line(): string {
    return this.#found === undefined ? this.before.line : this.#lines[this.#found]!;
  }

  /** Where in it what is looked for begins. */
  get cursor(): number {
    return this.#found === undefined ? this.before.cursor : Math.max(this.#place(this.#found), 0);
  }

  /** There is more to look for; the line that is shown may have it as well. */
  type(text: string): void {
    this.#query += text;
    this.#seek(this.#found ?? 0, 1);
  }

  /** There is less to look for, in all lines again. */
  erase(): void {
    this.#query = Array.from(this.#query).slice(0, -1).join("");
    this.#found = undefined;
    this.#seek(0, 1);
  }

  /** Goes on with the lines before the one that is shown. */
  older(): void {
    this.#seek((this.#found ?? -1) + 1, 1);
  }

  /** Goes back to those after it. */
  newer(): void {
    this.#seek((this.#found ?? 0) - 1, -1);
  }

  /** Stays where it is if there is nothing to find. */
  #seek(start: number, step: 1 | -1): void {
    this.#hasFailed = false;
    if (this.#query === "") return;
    for (let index = start; index >= 0 && index < this.#lines.length; index += step) {
      if (this.#place(index) < 0) continue;
      this.#found = index;
      return;
    }
    this.#hasFailed = true;
  }

  /** Upper and lower case make no difference, as in completion. */
  #place(index: number): number {
    return this.#lines[index]!.toLowerCase().indexOf(this.#query.toLowerCase());
  }
}
