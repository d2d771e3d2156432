/**
 * Whose pages may open a connection, and under which names a server is reached.
 *
 * @module
 */

import { type HttpRequest, type HttpResponse, textResponse } from "./http_head.ts";

/** What a server is told of itself. */
export interface OwnAddress {
  /** The address that it listens on. */
  readonly host: string;
  /** Whether it speaks TLS. */
  readonly isSecure: boolean;
  /** Origins whose pages may connect besides its own, as `https://chat.example`. */
  readonly origins: readonly string[];
}

/**
 * Says why a request is not answered, in an answer: it comes under a name that somebody else may have made to point here (what is
 * called DNS rebinding), or from a page that is not the server's own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const own = { host: "127.0.0.1", isSecure: false, origins: [] };
 * const status = (headers: Record<string, string>) =>
 *   misdirected({ method: "GET", path: "/", headers: new Map(Object.entries(headers)) }, own)?.status;
 * assertEquals(status({ host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080" }), undefined);
 * assertEquals(status({ host: "evil.example" }), 421);
 * assertEquals(status({ host: "localhost:8080", origin: "http://evil.example" }), 403);
 * ```
 */
export function misdirected(
  { headers }: HttpRequest,
  { host, isSecure, origins }: OwnAddress,
): HttpResponse | undefined {
  const asked = headers.get("host");
  const url = asked === undefined || /[\s/?#@,\\]/.test(asked) ? null : URL.parse(`http://${asked}`);
  if (asked === undefined || url === null) return textResponse(400, "A request names one Host.");
  const known = origins.map((origin) => URL.parse(origin)?.hostname);
  const isOwn = isAddress(url.hostname) || [host.toLowerCase(), "localhost", ...known].includes(url.hostname);
  const scheme = isSecure ? "https" : "http";
  const advice = (origin: string) => `If it should be, start the server with --web-origin ${origin}`;
  if (!isOwn) {
    return textResponse(421, `This server is not known as ${url.hostname}. ${advice(`${scheme}://${url.host}`)}`);
  }
  const origin = headers.get("origin");
  if (origin === undefined) return undefined;
  const ownOrigin = URL.parse(`${scheme}://${asked}`)?.origin;
  if ([ownOrigin, ...origins].includes(origin)) return undefined;
  const shown = URL.parse(origin)?.origin === origin ? origin : "another origin";
  return textResponse(403, `A page of ${shown} may not connect. ${advice("ORIGIN")}`);
}

/** Whether a host of a URL, which spells all addresses in one way, is an IP address. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
