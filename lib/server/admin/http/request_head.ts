/**
 * What stands before the body of an HTTP/1 request.
 *
 * @module
 */

import { readHead } from "../../../transport/web/http_head.ts";

/** The first line of a request, and its fields. */
export interface RequestHead {
  /** `GET`, for example. */
  readonly method: string;
  /** The path, as it was written: `/metrics`. */
  readonly path: string;
  /** What stands behind a question mark. */
  readonly query: URLSearchParams;
  /** The fields, by their names in small letters. What may be there several times is joined by commas. */
  readonly fields: ReadonlyMap<string, string>;
  /** How long the body is, in bytes. */
  readonly bodyLength: number;
}

/** Why a head is not taken: a status of HTTP, and a line for people. */
export interface BadHead {
  /** 400, for example. */
  readonly status: number;
  /** What was wrong, and what to do. */
  readonly why: string;
}

const REQUEST_LINE = /^([A-Z]{1,20}) (\/[\x21-\x7e]*) HTTP\/1\.[01]$/;

/**
 * Reads a head, without the empty line behind it. Of fields that are there twice, with commas between, none that matters is one any more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const head = parseHead("GET /metrics?a=1 HTTP/1.1\r\nHost: localhost");
 * assertEquals("why" in head || [head.method, head.path, head.fields.get("host")], ["GET", "/metrics", "localhost"]);
 * assertEquals(parseHead("HELO chat"), { status: 400, why: "this is no request of HTTP/1.1" });
 * ```
 */
export function parseHead(text: string): RequestHead | BadHead {
  const head = readHead(text);
  const [, method, target] = REQUEST_LINE.exec(head?.line ?? "") ?? [];
  if (head === undefined || method === undefined || target === undefined) {
    return { status: 400, why: "this is no request of HTTP/1.1" };
  }
  const { headers: fields } = head;
  if (fields.has("transfer-encoding")) {
    return { status: 411, why: "say how long the body is, with Content-Length and without Transfer-Encoding" };
  }
  const length = fields.get("content-length") ?? "0";
  if (!/^\d{1,15}$/.test(length)) return { status: 400, why: "Content-Length is no number of bytes" };
  const [path = "", query = ""] = target.split(/\?(.*)/s, 2);
  return { method, path, query: new URLSearchParams(query), fields, bodyLength: Number(length) };
}
