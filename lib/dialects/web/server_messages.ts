/**
 * What servers say: messages become JSON, and JSON messages.
 *
 * @module
 */

import type { CloseReason } from "../../core/close_reason.ts";
import type { Outcome, Refusal } from "../../core/outcome.ts";
import type { Form, Said } from "../../hub/forms.ts";
import { bodyOfFields, fieldsOfBody } from "./body.ts";
import { isObject } from "./opening.ts";

/** Somebody who is there. */
export interface Present {
  /** The name. */
  readonly name: string;
  /** What they speak. */
  readonly dialect: string;
}

/** A message of a server, but for those that carry what somebody has said. */
export type ServerMessage =
  | { readonly type: "hello"; readonly protocol: string; readonly software: string; readonly maxMessage: number }
  | { readonly type: "joined"; readonly name: string; readonly present: readonly Present[] }
  | { readonly type: "refused"; readonly code: string; readonly reason: string }
  | { readonly type: "present"; readonly name: string; readonly dialect: string }
  | { readonly type: "absent"; readonly name: string }
  | {
    readonly type: "outcome";
    readonly id: number;
    readonly kind: string;
    readonly reason?: string;
    readonly delivered?: number;
    readonly recipients?: number;
  }
  | { readonly type: "error"; readonly code: string; readonly id?: number; readonly reason: string }
  | { readonly type: "bye"; readonly code: string; readonly reason: string };

/** What a client makes of what a server says. */
export type HeardMessage =
  | { readonly type: "hello" }
  | { readonly type: "joined"; readonly name: string; readonly present: readonly Present[] }
  | { readonly type: "refused"; readonly code: string; readonly reason: string }
  | { readonly type: "present"; readonly name: string; readonly dialect: string }
  | { readonly type: "absent"; readonly name: string }
  | {
    readonly type: "message";
    readonly number: number;
    readonly from: string;
    readonly audience: "direct" | "everyone";
    readonly body: Uint8Array;
  }
  | { readonly type: "outcome"; readonly id: number; readonly outcome: Outcome; readonly words?: string }
  | { readonly type: "error"; readonly code: string; readonly id: number | undefined; readonly reason: string }
  | { readonly type: "bye"; readonly code: string; readonly reason: string }
  /** A type that is none of these: there may be more of them one day. */
  | { readonly type: "unknown" };

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of a server's message. */
export function encodeServerMessage(message: ServerMessage): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}

/** A message of somebody behind its number: the same for all recipients of a broadcast. */
export const MESSAGE_FORM: Form<Uint8Array> = ({ from, audience, body }: Said): Uint8Array => {
  const rest = JSON.stringify({ from: from.name, to: audience === "direct" ? "you" : "all", ...fieldsOfBody(body) });
  return encoder.encode(`,${rest.slice(1)}`);
};

/**
 * The bytes of a message of somebody, of what {@linkcode MESSAGE_FORM} makes of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rest = new TextEncoder().encode(',"from":"bob","to":"you","text":"hi"}');
 * const whole = '{"type":"message","number":7,"from":"bob","to":"you","text":"hi"}';
 * assertEquals(new TextDecoder().decode(encodeNumbered(7, rest)), whole);
 * ```
 */
export function encodeNumbered(number: number, rest: Uint8Array): Uint8Array {
  const start = encoder.encode(`{"type":"message","number":${number}`);
  const whole = new Uint8Array(start.length + rest.length);
  whole.set(start);
  whole.set(rest, start.length);
  return whole;
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

/** Reads a message of a server; `undefined` if it is none, or lacks what its type has. */
export function readServerMessage(bytes: Uint8Array): HeardMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { type, name, dialect, code, id, number, from } = value;
  const reason = typeof value.reason === "string" ? value.reason : "";
  switch (type) {
    case "hello":
      return { type };
    case "joined":
      if (typeof name !== "string" || !Array.isArray(value.present)) return undefined;
      return { type, name, present: value.present.filter(isPresent) };
    case "present":
      return typeof name === "string" && typeof dialect === "string" ? { type, name, dialect } : undefined;
    case "absent":
      return typeof name === "string" ? { type, name } : undefined;
    case "message": {
      const body = bodyOfFields(value);
      const audience = value.to === "you" ? "direct" : value.to === "all" ? "everyone" : undefined;
      if (
        typeof number !== "number" || typeof from !== "string" || audience === undefined || typeof body === "string"
      ) {
        return undefined;
      }
      return { type, number, from, audience, body };
    }
    case "outcome": {
      const outcome = readOutcome(value.kind, reason);
      return typeof id === "number" && outcome !== undefined ? { type, id, outcome, ...counted(value) } : undefined;
    }
    case "refused":
    case "bye":
      return typeof code === "string" ? { type, code, reason } : undefined;
    case "error":
      if (typeof code !== "string") return undefined;
      return { type, code, id: typeof id === "number" ? id : undefined, reason };
    default:
      return typeof type === "string" ? { type: "unknown" } : undefined;
  }
}

/** Of how many recipients how many have it, where not all do. */
function counted({ delivered, recipients }: Readonly<Record<string, unknown>>): { words?: string } {
  const isPartial = typeof delivered === "number" && typeof recipients === "number" && delivered < recipients;
  return isPartial ? { words: `${delivered} of ${recipients} have it` } : {};
}

function readOutcome(kind: unknown, reason: string): Outcome | undefined {
  switch (kind) {
    case "delivered":
    case "unknown":
    case "gone":
    case "timed-out":
      return { kind };
    case "refused":
      return { kind, reason: REFUSALS.has(reason) ? reason as Refusal : "undeliverable" };
    default:
      return undefined;
  }
}

function isPresent(value: unknown): value is Present {
  return isObject(value) && typeof value.name === "string" && typeof value.dialect === "string";
}

/** The code with which a server says goodbye: the reason's own. */
export function byeOf(reason: CloseReason, words: string): ServerMessage {
  return { type: "bye", code: reason, reason: words };
}
