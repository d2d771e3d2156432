/**
 * Answers of HTTP.
 *
 * @module
 */

import { SAFE_HEADERS, STATUS_WORDS } from "../../../transport/web/http_head.ts";

/** An answer that is there as a whole. */
export interface WholeReply {
  /** The status: 200, for example. */
  readonly status: number;
  /** What it is. */
  readonly contentType: string;
  /** What it says. */
  readonly body: string | Uint8Array;
  /** Further fields, by their names. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** An answer that goes on for as long as its reader stays. */
export interface StreamReply {
  /** What it is. */
  readonly contentType: string;
  /** Begins it; what is returned ends it, when the reader is gone or the server stops. */
  begin(reader: StreamReader): () => void;
}

/** An answer. */
export type HttpReply = WholeReply | StreamReply;

/** Who reads a {@linkcode StreamReply}. */
export interface StreamReader {
  /** Whether all that was written is on its way: to whoever reads slowly nothing more is to be written until it is. */
  readonly isReady: boolean;
  /** Writes some text. */
  write(text: string): void;
}

const encoder = new TextEncoder();

/** An answer in JSON. */
export function json(status: number, value: unknown, fields: Readonly<Record<string, string>> = {}): WholeReply {
  return { status, contentType: "application/json", body: `${JSON.stringify(value)}\n`, fields };
}

/**
 * An answer that says what went wrong: a code for programs, and a line for people that says what to do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(failure(404, "not-found", "nobody is called bob").body, '{"error":{"code":"not-found","message":"nobody is called bob"}}\n');
 * ```
 */
export function failure(
  status: number,
  code: string,
  message: string,
  fields?: Readonly<Record<string, string>>,
): WholeReply {
  return json(status, { error: { code, message } }, fields);
}

/** The line and the fields before an answer; `length` is that of its body, if it has an end. */
export function replyHead(reply: HttpReply, length?: number): Uint8Array {
  const [status, more] = "status" in reply ? [reply.status, reply.fields ?? {}] : [200, {}];
  const fields = {
    "Content-Type": reply.contentType,
    ...length !== undefined && { "Content-Length": String(length) },
    // Each connection carries one request: what is idle, and whose the next bytes are, is no question then.
    "Connection": "close",
    ...SAFE_HEADERS,
    ...more,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return encoder.encode(`HTTP/1.1 ${status} ${STATUS_WORDS[status] ?? "Unknown"}\r\n${lines.join("")}\r\n`);
}
