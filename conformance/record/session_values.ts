/**
 * What is another thing each time that a recorded session is played, names; and texts whose lengths are said.
 *
 * @module
 */

import { VERBS } from "../transcript/macros.ts";
import { isIdentifier } from "../transcript/pieces.ts";
import { byteCharacters, byteText, literal, type Snippet, writeSnippets } from "./snippet.ts";

/** A name that is longer is kept as it is: that may be what the session is about. */
const LONGEST = 16;

/** The values of one session, by what they were. */
export class SessionValues {
  /** Lines that define values that no line has defined yet. */
  readonly #lines: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #known: ReadonlySet<string>;

  /**
   * @param known values that the prelude of the dialect makes up itself.
   * @param taken words that cannot be values, because connections or macros are called so.
   */
  constructor(known: Iterable<string> = [], taken: Iterable<string> = []) {
    this.#known = new Set(known);
    this.#taken = new Set([...this.#known, ...taken]);
  }

  /** The names that are made up, as they are to be written behind `name`. */
  get names(): string[] {
    return [...this.#names.values()].filter((name) => !this.#known.has(name));
  }

  /** Has a name made up anew each time, if it is one that every server takes. Gives whether it is. */
  learn(word: string): boolean {
    if (this.#names.has(word)) return true;
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(word) || word.length > LONGEST) return false;
    this.#names.set(word, this.#known.has(word) ? word : this.identifier(word));
    return true;
  }

  /** What stands for a word where it is a name; `undefined` if it is none. */
  nameOf(word: string): string | undefined {
    return this.#names.get(word);
  }

  /** A name as it is written, or the word itself. */
  name(word: string): Snippet {
    const name = this.#names.get(word);
    return name === undefined ? byteText(word) : { ...byteText(word), value: `{${name}}` };
  }

  /** A text that is defined once, and its length: whoever changes it changes both. */
  text(bytes: Uint8Array): { readonly text: Snippet; readonly length: Snippet } {
    const key = byteCharacters(bytes);
    let name = this.#texts.get(key);
    if (name === undefined) {
      name = this.identifier("text");
      this.#texts.set(key, name);
      this.#lines.push(`let ${name} = ${writeSnippets([literal(bytes)])}`);
    }
    return {
      text: { bytes, value: `{${name}}`, isFixed: true },
      length: { ...literal(String(bytes.length)), value: `{length ${name}}`, isFixed: true },
    };
  }

  /** The lines that must stand before what was written since this was last called. */
  takeLines(): string[] {
    return this.#lines.splice(0);
  }

  /** A word that nothing else is called: the one that is wished for, or one with a number behind it. */
  identifier(wish: string): string {
    const stem = isIdentifier(wish) && !VERBS.has(wish) ? wish : `${wish}-1`;
    let word = stem;
    for (let number = 2; this.#taken.has(word); number++) word = `${stem}-${number}`;
    this.#taken.add(word);
    return word;
  }
}
