/**
 * Sessions in the dialects of text, slash and room: lines, or whatever is written at once.
 *
 * @module
 */

import type { ConnectionNames, DialectReading, SessionMessage, WrittenMessage } from "./reading.ts";
import type { SessionValues } from "./session_values.ts";
import { byteCharacters, byteText, type Snippet } from "./snippet.ts";

/** Words, addresses with their ports, times and dates; what is between them is as it is. A byte that is no ASCII belongs to a word. */
const PARTS =
  /(?<date>\d{4}-\d\d-\d\d)|(?<time>\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)|(?<address>\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?)|(?<word>[A-Za-z0-9_\x80-\xff-]+)/g;
/** A port that stands apart from its address, as in `('127.0.0.1', 40001)`. */
const PORT = /^\d{4,5}$/;
const NEAR = 4;
/** Commands that name somebody. */
const ADDRESSED = /^\/dm ([^\s]+)/;

/** Reads slash, whose users have an alias by their first line, or one that the server gives them. */
export function readSlash(values: SessionValues, called: ConnectionNames): DialectReading {
  return new TextReading(values, called, true);
}

/** Reads room. */
export function readRoom(values: SessionValues, called: ConnectionNames): DialectReading {
  return new TextReading(values, called, false);
}

class TextReading implements DialectReading {
  readonly isDividedByTime = true;
  readonly #values: SessionValues;
  readonly #called: ConnectionNames;
  readonly #hasCommands: boolean;
  /** The connections whose clients end what they say in a line end. */
  readonly #withLines = new Set<number>();
  readonly #names = new Map<number, string>();
  /** What servers have said so far, in words. */
  readonly #heard = new Set<string>();
  /** Words that clients have said: these are not the server's own. */
  readonly #said = new Set<string>();
  /** Names that the server has given, and that are taken from what it says. */
  readonly #given = new Map<string, string>();
  readonly #captured = new Set<string>();

  constructor(values: SessionValues, called: ConnectionNames, hasCommands: boolean) {
    this.#values = values;
    this.#called = called;
    this.#hasCommands = hasCommands;
  }

  cut({ connection, from, bytes }: SessionMessage): number {
    const end = bytes.indexOf(0x0a) + 1;
    if (end > 0) {
      if (from === "client") this.#withLines.add(connection);
      return end;
    }
    return from === "client" && this.#withLines.has(connection) ? 0 : bytes.length;
  }

  learn({ connection, from, bytes, isFirst }: SessionMessage): void {
    const text = byteCharacters(bytes);
    const words = text.match(/[A-Za-z0-9_\x80-\xff.:-]+/g) ?? [];
    if (from === "server") return words.forEach((word) => word.split(/[.:]/).forEach((part) => this.#heard.add(part)));
    for (const word of words) this.#said.add(word);
    const name = text.trim();
    if (isFirst && this.#values.learn(name)) this.#names.set(connection, name);
    const to = this.#hasCommands ? ADDRESSED.exec(text)?.[1] : undefined;
    if (to === undefined || this.#values.nameOf(to) !== undefined || this.#given.has(to)) return;
    if (this.#heard.has(to)) this.#given.set(to, this.#values.identifier(to.replace(/[^A-Za-z0-9]/g, "")));
    else this.#values.learn(to);
  }

  write({ from, bytes }: SessionMessage): WrittenMessage {
    const text = byteCharacters(bytes);
    const snippets: Snippet[] = [];
    let [at, addressEnd] = [0, -Infinity];
    for (const match of text.matchAll(PARTS)) {
      const [part] = match;
      const { index } = match;
      if (match.groups!["address"] !== undefined) addressEnd = index + part.length;
      const isPort = PORT.test(part) && index - addressEnd > 0 && index - addressEnd <= NEAR;
      const value = this.#valueOf(match.groups!, isPort, from, text[index - 1]);
      if (value === undefined) continue;
      snippets.push(byteText(text.slice(at, index)), { ...byteText(part), value });
      at = index + part.length;
    }
    snippets.push(byteText(text.slice(at)));
    return { snippets: snippets.filter(({ bytes }) => bytes.length > 0) };
  }

  nameOf(connection: number): string | undefined {
    const name = this.#names.get(connection);
    return name && this.#values.nameOf(name);
  }

  /** The list of users, which names the asker, is answered behind all that was said before. */
  fence(connection: number): readonly string[] | undefined {
    const name = this.nameOf(connection);
    if (!this.#hasCommands || name === undefined) return undefined;
    const who = this.#called(connection);
    return [`${who} > /users\\n`, `${who} < {_=text}{${name}}{_=text}`];
  }

  /** What stands for a part of a message; `undefined` where it is as it is. */
  #valueOf(
    { word, date, time, address }: { readonly [kind: string]: string | undefined },
    isPort: boolean,
    from: SessionMessage["from"],
    before: string | undefined,
  ): string | undefined {
    // A command is no name, whatever somebody is called.
    if (word !== undefined && before !== "/" && before !== "#") {
      const name = this.#values.nameOf(word);
      if (name !== undefined) return `{${name}}`;
      const given = this.#given.get(word);
      if (given !== undefined && (from === "server" || this.#captured.has(word))) return this.#capture(word, given);
    }
    if (from === "client") return undefined;
    if (isPort && !this.#said.has(word ?? "")) return "{_=digits}";
    const own = date ?? time ?? address;
    return own !== undefined && !this.#said.has(own) ? "{_=word}" : undefined;
  }

  #capture(word: string, name: string): string {
    if (this.#captured.has(word)) return `{${name}}`;
    this.#captured.add(word);
    return `{${name}=word}`;
  }
}
