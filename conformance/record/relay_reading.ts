/**
 * Sessions in relay: messages with a header, some with a body of so many bytes.
 *
 * @module
 */

import type { ConnectionNames, DialectReading, SessionMessage, WrittenMessage } from "./reading.ts";
import type { SessionValues } from "./session_values.ts";
import { byteCharacters, byteText, type Snippet } from "./snippet.ts";

/** A header ends at its first empty line; a line of blanks counts as one. */
const HEADER = /^(?:[ \t]*\r?\n)*[^\n]*[^\s][^\n]*\n(?:[^\n]*[^\s][^\n]*\n)*[ \t]*\r?\n/;
const LENGTH = /^(content-length:[ \t]*)(\d{1,9})[ \t]*\r?$/im;
const REGISTER = /^\s*REGISTER (TOSEND|TORECV) ([^\s]+)\r?\n/;
const FIRST_WORDS = /^\s*(?:REGISTER|REGISTERED) (?:TOSEND|TORECV) |^\s*(?:SEND|SENT|FORWARD|RECEIVED) /;
const ALL = "ALL";

/** Reads relay. */
export function readRelay(values: SessionValues, called: ConnectionNames): DialectReading {
  return new RelayReading(values, called);
}

class RelayReading implements DialectReading {
  readonly #values: SessionValues;
  readonly #called: ConnectionNames;
  /** Which half of whose pair a connection is. */
  readonly #halves = new Map<number, { readonly user: string; readonly side: "out" | "in" }>();

  constructor(values: SessionValues, called: ConnectionNames) {
    this.#values = values;
    this.#called = called;
  }

  cut({ bytes }: SessionMessage): number {
    const text = byteCharacters(bytes);
    const header = HEADER.exec(text)?.[0];
    if (header === undefined) return 0;
    const end = header.length + bodyLength(header);
    return end <= bytes.length ? end : 0;
  }

  learn({ connection, from, bytes }: SessionMessage): void {
    if (from === "server") return;
    const text = byteCharacters(bytes);
    const [, kind, user] = REGISTER.exec(text) ?? [];
    const name = FIRST_WORDS.test(text) ? lastWord(text) : undefined;
    if (name === undefined || name === ALL || !this.#values.learn(name)) return;
    if (user === undefined) return;
    this.#halves.set(connection, { user, side: kind === "TOSEND" ? "out" : "in" });
  }

  write({ bytes }: SessionMessage): WrittenMessage {
    const text = byteCharacters(bytes);
    const header = HEADER.exec(text)?.[0] ?? text;
    const length = LENGTH.exec(header);
    const body = bytes.subarray(header.length);
    if (length === null || body.length === 0) return { snippets: this.#header(header) };
    const value = this.#values.text(body);
    const at = length.index + length[1]!.length;
    const digits = length[2]!;
    return {
      snippets: [
        ...this.#header(header.slice(0, at)),
        Number(digits) === body.length && !digits.startsWith("0") ? value.length : byteText(digits),
        byteText(header.slice(at + digits.length)),
        value.text,
      ],
    };
  }

  nameOf(connection: number): string | undefined {
    const half = this.#halves.get(connection);
    return half && `${this.#values.nameOf(half.user)}.${half.side}`;
  }

  /** Whoever has registered both sockets is answered at once. */
  fence(connection: number, isOpen: (connection: number) => boolean): readonly string[] | undefined {
    const half = this.#halves.get(connection);
    const out = [...this.#halves].findLast(([other, { user, side }]) =>
      user === half?.user && side === "out" && isOpen(other)
    );
    if (out === undefined) return undefined;
    const who = this.#called(out[0]);
    return [`${who} > SEND {nobody}\\nContent-length: 2\\n\\nhi`, `${who} < ERROR 102 Unable to send\\n\\n`];
  }

  /** Only the last word of its first line may be a name. */
  #header(header: string): Snippet[] {
    const word = FIRST_WORDS.test(header) ? lastWord(header) : undefined;
    if (word === undefined) return [byteText(header)];
    const at = header.indexOf(` ${word}`, header.search(/\S/)) + 1;
    const end = at + word.length;
    return [byteText(header.slice(0, at)), this.#values.name(word), byteText(header.slice(end))];
  }
}

/** The one word behind what a first line begins with. */
function lastWord(text: string): string | undefined {
  const [begin] = FIRST_WORDS.exec(text)!;
  return /^([^\s]+)\r?(?:\n|$)/.exec(text.slice(begin.length))?.[1];
}

function bodyLength(header: string): number {
  return Number(LENGTH.exec(header)?.[2] ?? 0);
}
