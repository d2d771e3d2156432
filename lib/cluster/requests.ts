/**
 * What nodes ask each other: to pass a message on; and what they answer.
 *
 * @module
 */

import { DELIVERED, GONE, type Outcome, type Refusal, refused, TIMED_OUT, UNKNOWN } from "../core/outcome.ts";
import type { Member } from "../hub/member.ts";

/** A message for somebody on another node, or for all who are there. */
export interface Passing {
  /** The claim of its recipient; `undefined` if it is for everybody. */
  readonly to: string | undefined;
  /** Its sender. */
  readonly from: Member;
  /** What was said; a view of the request's bytes. */
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
/** How many bytes say how long the head is. */
const LENGTH = 4;

const REFUSALS: Readonly<Record<Refusal, true>> = {
  "unreadable": true,
  "too-long": true,
  "not-text": true,
  "empty": true,
  "overloaded": true,
  "undeliverable": true,
  "not-allowed": true,
};

/**
 * Writes a request: the length of its head, the head, and the body as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const remote = { hostname: "192.0.2.1", port: 2 };
 * const from = { name: "alice", title: "alice", dialect: "relay", remote, since: 0, id: 2, isProvisional: false };
 * const bytes = encodePassing("a.1.7", from, new Uint8Array([104, 105]));
 * assertEquals(decodePassing(bytes), { to: "a.1.7", from, body: new Uint8Array([104, 105]) });
 * ```
 */
export function encodePassing(to: string | undefined, from: Member, body: Uint8Array): Uint8Array {
  const { name, title, dialect, remote, since, id, isProvisional } = from;
  const { hostname, port } = remote;
  const head = encoder.encode(
    JSON.stringify([to ?? null, name, title, dialect, hostname, port, since, id ?? null, isProvisional]),
  );
  const bytes = new Uint8Array(LENGTH + head.length + body.length);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, LENGTH);
  bytes.set(body, LENGTH + head.length);
  return bytes;
}

/** Reads a request; `undefined` if it is none. */
export function decodePassing(bytes: Uint8Array): Passing | undefined {
  if (bytes.length < LENGTH) return undefined;
  const end = LENGTH + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (end > bytes.length) return undefined;
  const head = readArray(bytes.subarray(LENGTH, end));
  if (head === undefined) return undefined;
  const [to, name, title, dialect, hostname, port, since, id, isProvisional] = head;
  if (typeof name !== "string" || typeof title !== "string" || typeof dialect !== "string") return undefined;
  if (typeof hostname !== "string" || typeof port !== "number" || typeof since !== "number") return undefined;
  const from: Member = {
    name,
    title,
    dialect,
    remote: { hostname, port },
    since,
    id: typeof id === "number" ? id : undefined,
    isProvisional: isProvisional === true,
  };
  return { to: typeof to === "string" ? to : undefined, from, body: bytes.subarray(end) };
}

/** Writes what became of a message. */
export function encodeOutcome(outcome: Outcome): Uint8Array {
  return encoder.encode(outcome.kind === "refused" ? outcome.reason : outcome.kind);
}

/** Reads what became of a message. What another version says, and this one does not know, is a refusal. */
export function decodeOutcome(bytes: Uint8Array): Outcome {
  const word = new TextDecoder().decode(bytes);
  const known = [DELIVERED, UNKNOWN, GONE, TIMED_OUT].find(({ kind }) => kind === word);
  return known ?? refused(isRefusal(word) ? word : "undeliverable");
}

function isRefusal(word: string): word is Refusal {
  return Object.hasOwn(REFUSALS, word);
}

function readArray(bytes: Uint8Array): readonly unknown[] | undefined {
  try {
    const array: unknown = JSON.parse(decoder.decode(bytes));
    return Array.isArray(array) ? array : undefined;
  } catch {
    return undefined; // not JSON: nothing that a node of this version has sent
  }
}
