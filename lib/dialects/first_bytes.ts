/**
 * What protocols look like in their first bytes: the one table for a peer at the wrong port, a server that speaks something else,
 * and the hint in a conformance report.
 *
 * @module
 */

import type { FirstBytes } from "./dialect.ts";
import { DIALECTS, findDialect } from "./registry.ts";

/** A protocol that shows itself in its first bytes. */
export interface KnownProtocol extends FirstBytes {
  /** A dialect's name, or what the protocol is usually called. */
  readonly name: string;
  /** Whether it is one of the dialects. */
  readonly isDialect: boolean;
}

/** What is recognised: the dialects, each as it says itself, and what else comes to their ports or listens where they should. */
export const KNOWN_PROTOCOLS: readonly KnownProtocol[] = [
  ...DIALECTS.map(({ name, firstBytes }) => ({ name, isDialect: true, ...firstBytes })),
  {
    name: "HTTP",
    isDialect: false,
    client: /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PRI) \S+ HTTP\/[0-9.]+\r?\n/,
    server: /^HTTP\/[0-9.]+ \d{3} /,
  },
  { name: "SSH", isDialect: false, server: /^SSH-\d/ },
  { name: "mail or file transfer", isDialect: false, likelyServer: /^220[ -]/ },
  {
    name: "TLS",
    isDialect: false,
    // A record of the type handshake, of TLS 1.0 or later, that begins with a ClientHello (RFC 8446, 4 and 5.1).
    client: /^\x16\x03[\x00-\x04][^][^]\x01/,
    // An alert or a handshake: it was not spoken to in TLS.
    server: /^[\x15\x16]\x03[\x00-\x04]/,
  },
];

/**
 * The protocol whose clients, and no others, begin like this.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(protocolOfClient("GET / HTTP/1.1\r\n")?.name, "HTTP");
 * assertEquals(protocolOfServer("GET / HTTP/1.1\r\n"), undefined);
 * ```
 */
export function protocolOfClient(first: string): KnownProtocol | undefined {
  return KNOWN_PROTOCOLS.find(({ client }) => client?.test(first));
}

/** The protocol whose servers begin like this: only they, or `isLikely` if also those of a dialect might that greets freely. */
export function protocolOfServer(first: string): KnownProtocol & { readonly isLikely: boolean } | undefined {
  for (const known of KNOWN_PROTOCOLS) {
    if (known.server?.test(first)) return { ...known, isLikely: false };
    if (known.likelyServer?.test(first)) return { ...known, isLikely: true };
  }
  return undefined;
}

/** The name of the protocol in which a connection of this dialect begins: its own, or that of what carries it. */
export function wireProtocolOf(dialect: string): string {
  const entry = findDialect(dialect);
  return entry?.transport === "tcp" && entry.webSocket !== undefined ? "HTTP" : dialect;
}
