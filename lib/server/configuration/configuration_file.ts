/**
 * A server's options in a file: YAML, a line for each.
 *
 * @module
 */

import { EVENT_ID, getScalarValue, parseEvents, type ScalarEvent, YAMLException } from "js-yaml";
import { ChatError } from "../../core/error.ts";
import { commandWords, CONFIG_OPTION, findSetting, nearest, type Setting } from "./settings.ts";

/** What a file says of one option. */
interface Entry {
  readonly name: string;
  readonly line: number;
  readonly isList: boolean;
  readonly values: { readonly text: string; readonly line: number }[];
}

/**
 * Reads a configuration file: for each option that it has, the words that say the same on the command line.
 *
 * @param text What the file holds. Values are read as they are written: `off`, `4100`, `1.5m`.
 * @param file Its name, for messages.
 * @throws {ChatError} `usage` for the first mistake, with its line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const words = readConfiguration("relay: off\nallow:\n  - 192.0.2.0/24\n  - '@more.txt'\ntable: false\n", "chat.yaml");
 * assertEquals([...words], [
 *   ["relay", ["--relay=off"]],
 *   ["allow", ["--allow=192.0.2.0/24", "--allow=@more.txt"]],
 *   ["table", []],
 * ]);
 * ```
 */
export function readConfiguration(text: string, file: string): Map<string, readonly string[]> {
  const reader = new Reader(text, file);
  const words = new Map<string, readonly string[]>();
  for (const entry of reader.entries()) {
    const { name, line } = entry;
    const setting = findSetting(name);
    if (setting === undefined || name === CONFIG_OPTION) throw reader.wrong(line, unknown(name));
    if (words.has(name)) throw reader.wrong(line, `${name} is there twice`);
    words.set(name, wordsFor(setting, entry, reader));
  }
  return words;
}

function wordsFor(setting: Setting, { name, line, isList, values }: Entry, reader: Reader): string[] {
  if (isList && !setting.repeats) throw reader.wrong(line, `${name} takes one value, and no list`);
  return values.flatMap(({ text, line }) => {
    const read = commandWords(setting, text);
    if ("fault" in read) throw reader.wrong(line, `${name}: ${read.fault}`);
    return read.words;
  });
}

function unknown(name: string): string {
  if (name === CONFIG_OPTION) {
    return `${name} is for the command line and the environment: a file cannot name another one`;
  }
  const like = nearest(name);
  const advice = like === undefined ? "chat serve --help has them all" : `did you mean ${like}?`;
  return `${JSON.stringify(name)} is no option: ${advice}`;
}

/** Goes through the events of a document. */
class Reader {
  readonly #text: string;
  readonly #file: string;
  #counted = { position: 0, line: 1 };

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** What is wrong, and in which line. */
  wrong(line: number, what: string): ChatError {
    return new ChatError("usage", `${JSON.stringify(this.#file)}:${line}: ${what}`);
  }

  /** What the file says; each value as it is written. */
  *entries(): Generator<Entry> {
    const events = this.#events();
    if (events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length > 1) {
      throw this.wrong(1, "one document is enough: --- divides two");
    }
    let key: { name: string; line: number } | undefined;
    let list: Entry | undefined;
    let depth = 0;
    let last = 1;
    for (const event of events) {
      if (event.type === EVENT_ID.DOCUMENT) continue;
      if (event.type === EVENT_ID.POP) {
        depth--;
        if (list === undefined) continue;
        yield list;
        [list, key] = [undefined, undefined];
        continue;
      }
      if (event.type === EVENT_ID.ALIAS) {
        throw this.wrong(this.#line(event.anchorStart), "write the value itself, and no *alias");
      }
      const start = event.type === EVENT_ID.SCALAR ? event.valueStart : event.start;
      const line = last = start < 0 ? last : this.#line(start);
      if (depth === 0) {
        const isEmpty = event.type === EVENT_ID.SCALAR && this.#value(event) === "";
        if (isEmpty) return;
        if (event.type !== EVENT_ID.MAPPING) throw this.wrong(line, "write a line for each option, NAME: VALUE");
        depth = 1;
      } else if (event.type === EVENT_ID.SCALAR) {
        const text = this.#value(event);
        if (list !== undefined) list.values.push({ text, line });
        else if (key === undefined) key = { name: text, line };
        else {
          yield { ...key, isList: false, values: [{ text, line }] };
          key = undefined;
        }
      } else if (event.type === EVENT_ID.SEQUENCE && key !== undefined && list === undefined) {
        list = { ...key, isList: true, values: [] };
        depth++;
      } else throw this.wrong(line, `${key?.name ?? "an option"} takes a value, or a list of values, and nothing else`);
    }
  }

  #events() {
    try {
      return parseEvents(this.#text, { filename: this.#file });
    } catch (cause) {
      if (!(cause instanceof YAMLException)) throw cause;
      const why = `it is no YAML: ${cause.reason}`;
      throw new ChatError("usage", this.wrong((cause.mark?.line ?? 0) + 1, why).message, { cause });
    }
  }

  #value(event: ScalarEvent): string {
    return getScalarValue(this.#text, event);
  }

  /** Counts on from where it was asked last: long files are asked for each of their lines. */
  #line(position: number): number {
    if (position < this.#counted.position) this.#counted = { position: 0, line: 1 };
    let { position: at, line } = this.#counted;
    for (; at < position; at++) if (this.#text[at] === "\n") line++;
    this.#counted = { position, line };
    return line;
  }
}
