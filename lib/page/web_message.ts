/**
 * The messages of docs/protocols/web.md, as the page reads and writes them.
 *
 * @module
 */

import type { Outcome, Refusal } from "../core/outcome.ts";

/** What the page says to its server. */
export type PageMessage =
  | { readonly type: "join"; readonly name: string }
  | { readonly type: "send"; readonly id: number; readonly to?: string; readonly text: string }
  | { readonly type: "received"; readonly number: number }
  | { readonly type: "leave" };

/** Somebody who is here, and what they speak. */
export interface Person {
  /** The name. */
  readonly name: string;
  /** The dialect. */
  readonly dialect: string;
}

/** What became of a message; of one for everybody, how many of how many have it. */
export interface WebOutcome {
  /** What became of it. */
  readonly outcome: Outcome;
  /** How many have it. */
  readonly delivered?: number;
  /** How many it was for. */
  readonly recipients?: number;
}

/** What a server says to the page. */
export type IncomingMessage =
  | { readonly type: "hello"; readonly maxMessage: number }
  | { readonly type: "joined"; readonly name: string; readonly present: readonly Person[] }
  | { readonly type: "refused"; readonly code: string; readonly reason: string }
  | ({ readonly type: "present" } & Person)
  | { readonly type: "absent"; readonly name: string }
  | {
    readonly type: "message";
    readonly number: number;
    readonly from: string;
    readonly isForAll: boolean;
    readonly text: string;
    /** Whether it is no UTF-8, so that the text is only like it. */
    readonly isBytes: boolean;
  }
  | ({ readonly type: "outcome"; readonly id: number } & WebOutcome)
  | { readonly type: "error"; readonly id?: number; readonly reason: string }
  | { readonly type: "bye"; readonly code: string; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a message from the server; `undefined` for what is none, or of a type that is not known. */
export function readIncoming(json: string): IncomingMessage | undefined {
  const fields = parse(json);
  return typeof fields?.type === "string" ? READERS.get(fields.type)?.(fields) : undefined;
}

function parse(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value as Fields : undefined;
  } catch {
    return undefined; // the parser's way to say that it is not JSON
  }
}

const READERS: ReadonlyMap<string, (fields: Fields) => IncomingMessage | undefined> = new Map(Object.entries(
  {
    hello: ({ maxMessage }) => ({ type: "hello", maxMessage: count(maxMessage) ?? Infinity }),
    joined: ({ name, present }) => {
      if (typeof name !== "string" || !Array.isArray(present)) return undefined;
      return { type: "joined", name, present: present.map(readPerson).filter((person) => person !== undefined) };
    },
    refused: ({ code, reason }) => ({ type: "refused", code: word(code), reason: word(reason) }),
    present: (fields) => {
      const person = readPerson(fields);
      return person && { type: "present", ...person };
    },
    absent: ({ name }) => typeof name === "string" ? { type: "absent", name } : undefined,
    message: readMessage,
    outcome: readOutcome,
    error: ({ id, reason }) => {
      const number = count(id);
      return { type: "error", ...number !== undefined && { id: number }, reason: word(reason) };
    },
    bye: ({ code, reason }) => ({ type: "bye", code: word(code), reason: word(reason) }),
  } satisfies Record<string, (fields: Fields) => IncomingMessage | undefined>,
));

function readPerson(value: unknown): Person | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, dialect } = value as Fields;
  return typeof name === "string" ? { name, dialect: word(dialect) } : undefined;
}

function readMessage({ number, from, to, text, base64 }: Fields): IncomingMessage | undefined {
  const serial = count(number);
  if (serial === undefined || typeof from !== "string") return undefined;
  const known = { type: "message", number: serial, from, isForAll: to === "all" } as const;
  if (typeof text === "string") return { ...known, text, isBytes: false };
  if (typeof base64 !== "string") return undefined;
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return { ...known, text: new TextDecoder().decode(bytes), isBytes: true };
  } catch {
    return undefined; // the decoder's way to say that it is not base64
  }
}

function readOutcome({ id, kind, reason, delivered, recipients }: Fields): IncomingMessage | undefined {
  const number = count(id);
  const outcome = outcomeOf(word(kind), word(reason));
  if (number === undefined || outcome === undefined) return undefined;
  const [some, all] = [count(delivered), count(recipients)];
  const counts = some === undefined || all === undefined ? {} : { delivered: some, recipients: all };
  return { type: "outcome", id: number, outcome, ...counts };
}

const REFUSALS: ReadonlySet<string> = new Set<Refusal>([
  "unreadable",
  "too-long",
  "not-text",
  "empty",
  "overloaded",
  "undeliverable",
  "not-allowed",
]);

function outcomeOf(kind: string, reason: string): Outcome | undefined {
  if (kind === "delivered" || kind === "unknown" || kind === "gone" || kind === "timed-out") return { kind };
  if (kind !== "refused") return undefined;
  return { kind, reason: REFUSALS.has(reason) ? reason as Refusal : "undeliverable" };
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
