/**
 * What clients say: JSON becomes messages, and messages JSON.
 *
 * @module
 */

import { bodyOfFields, type WrittenBody } from "./body.ts";
import { isObject } from "./opening.ts";

/** A message of a client. */
export type ClientMessage =
  | { readonly type: "join"; readonly name: string }
  | { readonly type: "send"; readonly id: number; readonly to: string | undefined; readonly body: Uint8Array }
  | { readonly type: "received"; readonly number: number }
  | { readonly type: "leave" };

/** What is wrong with what a client says, as an `error` names it; `id` is that of a `send`. */
export interface MessageFault {
  /** Tells it from messages. */
  readonly type: "fault";
  /** What is wrong. */
  readonly code: "bad-json" | "unknown-type" | "bad-message" | "not-text";
  /** The client's own number for what it wanted to send. */
  readonly id?: number | undefined;
  /** What is wrong, for people. */
  readonly reason: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Reads a message of a client. Keys that it does not have are ignored.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const read = (text: string) => readClientMessage(new TextEncoder().encode(text));
 * assertEquals(read('{"type":"join","name":"alice"}'), { type: "join", name: "alice" });
 * assertEquals(read("[]").type, "fault");
 * ```
 */
export function readClientMessage(bytes: Uint8Array): ClientMessage | MessageFault {
  const value = parsed(bytes);
  if (!isObject(value)) return fault("bad-json", "a message is one object of JSON");
  switch (value.type) {
    case "join":
      if (typeof value.name !== "string") return fault("bad-message", "join has a name");
      return { type: "join", name: value.name };
    case "send":
      return readSend(value);
    case "received":
      if (!isNumber(value.number)) return fault("bad-message", "received has the number of a message");
      return { type: "received", number: value.number };
    case "leave":
      return { type: "leave" };
    case undefined:
      return fault("bad-message", "a message has a type");
    default:
      return fault("unknown-type", "the types are join, send, received and leave");
  }
}

function readSend(value: Readonly<Record<string, unknown>>): ClientMessage | MessageFault {
  const { id, to } = value;
  if (!isNumber(id)) return fault("bad-message", "send has an id, a whole number from 0 to 2^53-1");
  if (to !== undefined && typeof to !== "string") {
    return fault("bad-message", "to is a name, or left out for everybody", id);
  }
  const body = bodyOfFields(value);
  if (body === "malformed") return fault("bad-message", "send has either text, or base64", id);
  if (body === "not-text") return fault("not-text", "half of a surrogate pair is no text", id);
  return { type: "send", id, to, body };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function fault(code: MessageFault["code"], reason: string, id?: number): MessageFault {
  return { type: "fault", code, reason, id };
}

/** A message of a client, as it is written. */
export type WrittenClientMessage =
  | Exclude<ClientMessage, { type: "send" }>
  | { readonly type: "send"; readonly id: number; readonly to?: string } & WrittenBody;

/** The bytes of a client's message. */
export function encodeClientMessage(message: WrittenClientMessage): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}
