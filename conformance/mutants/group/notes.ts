/**
 * Reading what goes over a group server's port, and changing it.
 *
 * @module
 */

import type { Endpoint } from "../../../lib/core/link.ts";
import type { GroupWire, Note } from "./wire.ts";

/** The header's value: `register`, `ack`. */
export function headerOf({ text }: Note): string {
  return valueOf({ text }, 0);
}

/** The value in a place, counted from 0. */
export function valueOf({ text }: Pick<Note, "text">, place: number): string {
  return text.split("\n")[2 * place + 1] ?? "";
}

/** The same with another value in a place. */
export function withValue(note: Note, place: number, value: string): Note {
  const lines = note.text.split("\n");
  lines[2 * place + 1] = value;
  return { ...note, text: lines.join("\n") };
}

/** A change to what the server says under one header. */
export function saying(header: string, change: (note: Note) => readonly Note[]): GroupWire {
  return { says: (note) => headerOf(note) === header ? change(note) : [note] };
}

/** A change to what the server hears under one header. */
export function hearing(header: string, change: (note: Note) => readonly Note[]): GroupWire {
  return { hears: (note) => headerOf(note) === header ? change(note) : [note] };
}

/** The same texts, but for one that is replaced by another wherever it stands in what the server says. */
export function replacing(text: string | RegExp, by: string): GroupWire {
  return { says: (note) => [{ ...note, text: note.text.replaceAll(text, by) }] };
}

/** Everybody who has registered, as the wire shows it. */
export class Callers {
  readonly #ports = new Map<string, Endpoint>();

  /** Looks whether somebody registers. */
  note(note: Note): void {
    if (headerOf(note) !== "register") return;
    this.#ports.set(valueOf(note, 1), { hostname: note.at.hostname, port: Number(valueOf(note, 3)) });
  }

  /** Where all of them listen. */
  get all(): readonly Endpoint[] {
    return [...this.#ports.values()];
  }

  /** Where one listens. */
  at(name: string): Endpoint | undefined {
    return this.#ports.get(name);
  }
}

/** Has what the server says to one client under these headers sent to all of them. */
export function tellingAll(headers: readonly string[]): GroupWire {
  const callers = new Callers();
  return {
    hears: (note) => {
      callers.note(note);
      return [note];
    },
    says: (note) => headers.includes(headerOf(note)) ? callers.all.map((at) => ({ ...note, at })) : [note],
  };
}
