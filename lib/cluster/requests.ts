/**
 * What nodes ask each other: to pass a message on; and what they answer.
 *
 * @module
 */

import { DELIVERED, GONE, type Outcome, type Refusal, refused, TIMED_OUT, UNKNOWN } from "../core/outcome.ts";
import type { Member } from "../hub/member.ts";

/**
 * Who a message is for: the holder of a claim, the members of a group, or everybody. Besides, the other half of somebody joins that
 * claim, or leaves it (see {@linkcode Half}), and a datagram is for a dialect's port.
 */
export type Addressee =
  | { readonly claim: string }
  | { readonly group: string }
  | { readonly joins: string }
  | { readonly leaves: string }
  | { readonly port: string }
  | "everyone";

/** A message for somebody on another node, or for all who are there. */
export interface Passing {
  /** Its recipients. */
  readonly to: Addressee;
  /** Its sender. */
  readonly from: Member;
  /** What was said; a view of the request's bytes. */
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
/** How many bytes say how long a part is. */
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

/** How senders are written, each once: most say more than one thing. */
const written = new WeakMap<Member, { readonly id: number | undefined; readonly bytes: Uint8Array }>();
/** The senders that were read last, by how they are written. */
const read = new Map<string, Member>();
const MOST_READ = 4096;

/**
 * Writes a request: its recipient and its sender, each behind its length, and the body as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const remote = { hostname: "192.0.2.1", port: 2 };
 * const from = { name: "alice", title: "alice", dialect: "relay", remote, since: 0, id: 2, isProvisional: false };
 * const bytes = encodePassing({ claim: "a.7" }, from, new Uint8Array([104, 105]));
 * assertEquals(decodePassing(bytes), { to: { claim: "a.7" }, from, body: new Uint8Array([104, 105]) });
 * ```
 */
export function encodePassing(to: Addressee, from: Member, body: Uint8Array): Uint8Array {
  const recipient = encoder.encode(writeAddressee(to));
  const sender = encodeSender(from);
  const bytes = new Uint8Array(2 * LENGTH + recipient.length + sender.length + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, recipient.length);
  view.setUint32(LENGTH, sender.length);
  bytes.set(recipient, 2 * LENGTH);
  bytes.set(sender, 2 * LENGTH + recipient.length);
  bytes.set(body, 2 * LENGTH + recipient.length + sender.length);
  return bytes;
}

function encodeSender(from: Member): Uint8Array {
  const { name, title, dialect, remote: { hostname, port }, since, id, isProvisional } = from;
  const known = written.get(from);
  if (known !== undefined && known.id === id) return known.bytes;
  const fields = [name, title, dialect, hostname, port, since, id ?? null, isProvisional];
  const bytes = encoder.encode(JSON.stringify(fields));
  written.set(from, { id, bytes });
  return bytes;
}

/** Reads a request; `undefined` if it is none. */
export function decodePassing(bytes: Uint8Array): Passing | undefined {
  if (bytes.length < 2 * LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const middle = 2 * LENGTH + view.getUint32(0);
  const end = middle + view.getUint32(LENGTH);
  if (end > bytes.length) return undefined;
  const to = decodeText(bytes.subarray(2 * LENGTH, middle));
  const sender = decodeText(bytes.subarray(middle, end));
  if (to === undefined || sender === undefined) return undefined;
  const from = read.get(sender) ?? readSender(sender);
  const addressee = readAddressee(to);
  return from && addressee && { to: addressee, from, body: bytes.subarray(end) };
}

function writeAddressee(to: Addressee): string {
  if (to === "everyone") return "";
  if ("claim" in to) return `=${to.claim}`;
  if ("group" in to) return `#${to.group}`;
  if ("joins" in to) return `+${to.joins}`;
  return "leaves" in to ? `-${to.leaves}` : `:${to.port}`;
}

function readAddressee(text: string): Addressee | undefined {
  const word = text.slice(1);
  switch (text[0]) {
    case undefined:
      return "everyone";
    case "=":
      return { claim: word };
    case "#":
      return { group: word };
    case "+":
      return { joins: word };
    case "-":
      return { leaves: word };
    case ":":
      return { port: word };
    default:
      return undefined;
  }
}

function readSender(text: string): Member | undefined {
  const [name, title, dialect, hostname, port, since, id, isProvisional] = readArray(text) ?? [];
  if (typeof name !== "string" || typeof title !== "string" || typeof dialect !== "string") return undefined;
  if (typeof hostname !== "string" || typeof port !== "number" || typeof since !== "number") return undefined;
  const member: Member = {
    name,
    title,
    dialect,
    remote: { hostname, port },
    since,
    id: typeof id === "number" ? id : undefined,
    isProvisional: isProvisional === true,
  };
  if (read.size >= MOST_READ) read.clear();
  read.set(text, member);
  return member;
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

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined; // not UTF-8: nothing that a node of this version has sent
  }
}

function readArray(text: string): readonly unknown[] | undefined {
  try {
    const array: unknown = JSON.parse(text);
    return Array.isArray(array) ? array : undefined;
  } catch {
    return undefined; // not JSON: the same
  }
}
