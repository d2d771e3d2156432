/**
 * The heads of HTTP/1.1 messages (RFC 9112), as far as a server of a page, and a handshake for a WebSocket, need them.
 *
 * @module
 */

/** The longest head, in bytes. */
export const MAX_HEAD = 16 * 1024;

/** What a client asks for. */
export interface HttpRequest {
  /** `GET`, for example. */
  readonly method: string;
  /** What it asks for, without its query: `/chat`. */
  readonly path: string;
  /** Header fields, by their names in lower case; of fields of one name, with commas between them. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What a server answers. */
export interface HttpResponse {
  /** `200`, for example. */
  readonly status: number;
  /** Header fields, by their names as they are written. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body. */
  readonly body?: Uint8Array;
}

/** The first line and the fields of a message. */
export interface HttpHead {
  /** The first line. */
  readonly line: string;
  /** Header fields, as in {@linkcode HttpRequest.headers}. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What the numbers mean that we answer with. */
export const STATUS_WORDS: Readonly<Record<number, string>> = {
  101: "Switching Protocols",
  200: "OK",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  411: "Length Required",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

const latin1 = new TextDecoder("latin1");
const encoder = new TextEncoder();
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Collects the head of a message, whatever pieces it comes in.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const collector = new HeadCollector();
 * const encoder = new TextEncoder();
 * assertEquals(collector.push(encoder.encode("GET / HTTP/1.1\r\nHo")), undefined);
 * const found = collector.push(encoder.encode("st: here\r\n\r\nrest"));
 * assertEquals(found, { head: "GET / HTTP/1.1\r\nHost: here", rest: encoder.encode("rest") });
 * ```
 */
export class HeadCollector {
  #bytes = new Uint8Array(0);

  /** Whether anything has come. */
  get hasBegun(): boolean {
    return this.#bytes.length > 0;
  }

  /** Whether what has come is no request of HTTP, as far as its first line shows. */
  get isForeign(): boolean {
    const [line, ...more] = latin1.decode(this.#bytes.subarray(0, MAX_HEAD)).split("\n", 2);
    return more.length > 0 && !/^[A-Z]{1,20} \S+ HTTP\/[0-9.]+\r?$/.test(line!);
  }

  /** What has come. */
  get beginning(): Uint8Array {
    return this.#bytes;
  }

  /** Whether it is longer than any may be. */
  get isTooLong(): boolean {
    return this.#bytes.length > MAX_HEAD;
  }

  /** Takes a piece; returns the head once it is there, and what came behind it. */
  push(piece: Uint8Array): { readonly head: string; readonly rest: Uint8Array } | undefined {
    const before = this.#bytes;
    const bytes = this.#bytes = new Uint8Array(before.length + piece.length);
    bytes.set(before);
    bytes.set(piece, before.length);
    const text = latin1.decode(bytes.subarray(0, MAX_HEAD + 4));
    // An end of line without its CR is one as well (RFC 9112, 2.2).
    const end = /\r?\n\r?\n/.exec(text.slice(Math.max(0, before.length - 3)));
    if (end === null) return undefined;
    const at = Math.max(0, before.length - 3) + end.index;
    return { head: text.slice(0, at), rest: bytes.slice(at + end[0].length) };
  }
}

/** The parts of a head; `undefined` if it is none. */
export function readHead(head: string): HttpHead | undefined {
  const [line = "", ...fields] = head.split(/\r?\n/);
  const headers = new Map<string, string>();
  for (const field of fields) {
    const colon = field.indexOf(":");
    const name = field.slice(0, Math.max(0, colon)).toLowerCase();
    if (!TOKEN.test(name)) return undefined;
    const value = field.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { line, headers };
}

/** What a client asks for; `undefined` if that is no request of HTTP/1.1, or one with a body. */
export function readRequest(head: string): HttpRequest | undefined {
  const read = readHead(head);
  const match = /^([A-Z]{1,20}) (\/[^ ?#]*)(?:\?[^ #]*)? HTTP\/1\.[01]$/.exec(read?.line ?? "");
  if (read === undefined || match === null) return undefined;
  const length = read.headers.get("content-length") ?? "0";
  if (length !== "0" || read.headers.has("transfer-encoding")) return undefined;
  return { method: match[1]!, path: match[2]!, headers: read.headers };
}

/** Whether one of the words of a field is this one, in upper or lower case. */
export function hasWord({ headers }: Pick<HttpHead, "headers">, field: string, word: string): boolean {
  const words = headers.get(field)?.toLowerCase().split(",") ?? [];
  return words.some((each) => each.trim() === word);
}

/** An answer as it goes over the wire, after which the connection is closed unless it is a switch to another protocol. */
export function encodeResponse({ status, headers = {}, body }: HttpResponse, hasBody = true): Uint8Array {
  const fields = status === 101 ? headers : {
    "Content-Length": String(body?.length ?? 0),
    "Connection": "close",
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = encoder.encode(`HTTP/1.1 ${status} ${STATUS_WORDS[status] ?? "Unknown"}\r\n${lines}\r\n`);
  if (body === undefined || !hasBody) return head;
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

/** An answer in words. */
export function textResponse(
  status: number,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const body = encoder.encode(`${words}\n`);
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...SAFE_HEADERS, ...headers }, body };
}

/** What every answer of a server of ours forbids a browser: to frame it, to guess its type, to tell others of it. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};
