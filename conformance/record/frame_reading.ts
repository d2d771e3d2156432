/**
 * Sessions in frame: an ID, and then frames that say where they come from, where they go, and how long they are.
 *
 * @module
 */

import type { ConnectionNames, DialectReading, SessionMessage, WrittenMessage } from "./reading.ts";
import type { SessionValues } from "./session_values.ts";
import { byteCharacters, byteText, type Snippet } from "./snippet.ts";

const FRAME = /^([^\]\n]{1,16})\]\[([^\]\n]{1,16})\]\[(?:(ACK)|(\d{1,9})\]\[)/;
/** What may still become the beginning of a frame. */
const BEGUN = /^[^\]\n]{0,16}(?:\](?:\[(?:[^\]\n]{0,16}(?:\](?:\[(?:A|AC|\d{1,9}\]?)?)?)?)?)?)?$/;
/** An ID, and perhaps a frame right behind it, whose destination then is that ID. */
const ASSIGNED = /^(\d{1,5})$|^(\d{1,10})\]\[(\d{1,5})\]\[/;
/** The server itself. */
const SERVER = "1";

/** Reads frame. */
export function readFrame(values: SessionValues, called: ConnectionNames): DialectReading {
  return new FrameReading(values, called);
}

class FrameReading implements DialectReading {
  readonly #values: SessionValues;
  readonly #called: ConnectionNames;
  /** The connection that has an ID at present; the latest, where it was given again. */
  readonly #holders = new Map<string, number>();
  readonly #assigned = new Set<number>();

  constructor(values: SessionValues, called: ConnectionNames) {
    this.#values = values;
    this.#called = called;
  }

  cut({ bytes, from, isFirst }: SessionMessage): number {
    const text = byteCharacters(bytes.subarray(0, 64));
    const id = from === "server" && isFirst ? assignedId(text) : undefined;
    if (id !== undefined) return id.length;
    const frame = FRAME.exec(text);
    // What is no frame is as long as it is.
    if (frame === null) return BEGUN.test(text) ? 0 : bytes.length;
    const end = frame[0].length + Number(frame[4] ?? 0);
    return end <= bytes.length ? end : 0;
  }

  learn(): void {}

  write({ connection, from, bytes, isFirst }: SessionMessage): WrittenMessage {
    const text = byteCharacters(bytes);
    if (from === "server" && isFirst && /^\d+$/.test(text)) {
      this.#holders.set(text, connection);
      this.#assigned.add(connection);
      return { macro: `assigned ${this.#called(connection)}` };
    }
    const frame = FRAME.exec(text);
    if (frame === null) return { snippets: [byteText(text)] };
    const [begin, source = "", destination = "", ack, size = ""] = frame;
    if (from === "server" && source === SERVER) return { aside: text };
    const ends = [this.#id(source), byteText("]["), this.#id(destination), byteText("][")];
    const body = bytes.subarray(begin.length);
    if (ack !== undefined || body.length === 0) {
      return { snippets: [...ends, byteText(text.slice(source.length + destination.length + 4))] };
    }
    const value = this.#values.text(body);
    const length = size === String(body.length) ? value.length : byteText(size);
    return { snippets: [...ends, length, byteText("]["), value.text] };
  }

  nameOf(): undefined {}

  /** Somebody else sends something that arrives behind all that was sent before. */
  fence(connection: number, isOpen: (connection: number) => boolean): readonly string[] | undefined {
    const other = [...this.#assigned].find((other) => other !== connection && isOpen(other));
    if (other === undefined || !this.#assigned.has(connection)) return undefined;
    const [from, to] = [this.#called(other), this.#called(connection)];
    return [`${from} > {${from}}][{${to}}][5][fence`, `${to} < {${from}}][{${to}}][5][fence`];
  }

  #id(digits: string): Snippet {
    const holder = this.#holders.get(digits);
    return { ...byteText(digits), ...holder !== undefined && { value: `{${this.#called(holder)}}` } };
  }
}

/** The ID with which what the server says begins. */
function assignedId(text: string): string | undefined {
  const [, alone, joined = "", destination = ""] = ASSIGNED.exec(text) ?? [];
  if (alone !== undefined) return alone;
  return joined !== "" && joined.startsWith(destination) ? destination : undefined;
}
