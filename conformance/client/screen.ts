/**
 * What a program shows, as its user reads it: without escapes, and without what the terminal echoes.
 *
 * @module
 */

import type { ScreenView } from "./client_run.ts";

/** Of what was shown, so much is kept, in characters: a program that prints without end must not fill the memory. */
const KEPT = 256 * 1024;
/** An escape that is longer than this is none. */
const LONGEST_ESCAPE = 4096;

// deno-lint-ignore no-control-regex
const ESCAPE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])/g;
/** In place of what was shown and is gone, so that positions stay what they are. No program shows it: see `CONTROL`. */
const GONE = "\0";
/** The last character of a line that is still there. */
// deno-lint-ignore no-control-regex
const LAST_CHARACTER = /[^\n\0](\0*)$/;
const ESCAPE_HERE = new RegExp(ESCAPE.source, "y");
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]/g;

/**
 * Collects it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const screen = new Screen();
 * screen.show("\x1b[1mhel\x1b[");
 * screen.show("0mlo\r\n");
 * assertEquals(screen.since(0), "hello\n");
 * ```
 */
export class Screen implements ScreenView {
  /** How many characters are no longer kept. */
  #dropped = 0;
  #text = "";
  /** The beginning of an escape, or of a line end, whose rest has not come yet. */
  #rest = "";
  /** Echoes that are still to come, and from where on. */
  #echoes: { readonly text: string; readonly from: number }[] = [];

  /** See {@linkcode ScreenView.length}. */
  get length(): number {
    return this.#dropped + this.#text.length;
  }

  /** See {@linkcode ScreenView.since}. */
  since(position: number): string {
    return this.#text.slice(Math.max(position - this.#dropped, 0)).replaceAll(GONE, "");
  }

  /** The program has written something, in whatever pieces. */
  show(written: string): void {
    let text = this.#rest + written;
    const unfinished = text.length - beginOfUnfinished(text);
    this.#rest = unfinished === 0 || unfinished > LONGEST_ESCAPE ? "" : text.slice(-unfinished);
    text = text.slice(0, text.length - this.#rest.length);
    this.#text = erase(this.#text, text.replace(ESCAPE, "").replace(/\r\n/g, "\n").replace(CONTROL, ""));
    this.#removeEchoes();
    const tooMany = this.#text.length - KEPT;
    if (tooMany <= 0) return;
    this.#text = this.#text.slice(tooMany);
    this.#dropped += tooMany;
  }

  /** A terminal will show this, because it was typed. */
  expectEcho(typed: string): void {
    for (const line of typed.split("\n")) if (line !== "") this.#echoes.push({ text: line, from: this.length });
  }

  #removeEchoes(): void {
    this.#echoes = this.#echoes.filter(({ text, from }) => {
      const at = this.#text.indexOf(text, Math.max(from - this.#dropped, 0));
      if (at < 0) return true;
      this.#text = this.#text.slice(0, at) + GONE.repeat(text.length) + this.#text.slice(at + text.length);
      return false;
    });
  }
}

/** Where something begins at the end of a text that may go on; the text's length if nothing does. */
function beginOfUnfinished(text: string): number {
  for (let at = text.indexOf("\x1b"); at >= 0; at = text.indexOf("\x1b", at)) {
    ESCAPE_HERE.lastIndex = at;
    if (!ESCAPE_HERE.test(text)) return at;
    at = ESCAPE_HERE.lastIndex;
  }
  return text.endsWith("\r") ? text.length - 1 : text.length;
}

/** Appends text in which a backspace takes the character before it away, and a lone carriage return begins a line. */
function erase(shown: string, text: string): string {
  if (!/[\b\r]/.test(text)) return shown + text;
  let all = shown;
  for (const character of text) {
    if (character === "\b") all = all.replace(LAST_CHARACTER, (_, gone) => GONE + gone);
    else all += character === "\r" ? "\n" : character;
  }
  return all;
}
