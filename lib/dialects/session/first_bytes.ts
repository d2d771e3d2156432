/**
 * What protocols look like in their first bytes: the one table for a peer at the wrong port, a server that speaks something else,
 * and the hint in a conformance report.
 *
 * @module
 */

/** A protocol, by the first bytes of its two sides. In the patterns a character is a byte (Latin-1). */
export interface KnownProtocol {
  /** A dialect's name, or what the protocol is usually called. */
  readonly name: string;
  /** Whether it is one of the dialects. */
  readonly isDialect: boolean;
  /** What a client begins with that speaks this and nothing else. */
  readonly client?: RegExp;
  /** What a server begins with that speaks this and nothing else. */
  readonly server?: RegExp;
  /** What a server may begin with that speaks this, or one of the {@linkcode FREE} dialects. */
  readonly likelyServer?: RegExp;
}

/** slash pins no bytes, and a room may greet as it likes; both are read in pieces. */
export const FREE: readonly string[] = ["slash", "room"];

/** What is recognised. The order counts where a server's first bytes are only likely. */
export const KNOWN_PROTOCOLS: readonly KnownProtocol[] = [
  { name: "room", isDialect: true, server: /^Greetings from the ChatRoom!/ },
  { name: "slash", isDialect: true, server: /^\* Welcome to chat! Choose an alias/ },
  {
    name: "frame",
    isDialect: true,
    client: /^[0-9]{1,3}\]\[[0-9]{1,3}\]\[(?:[0-9]{1,3}\]\[|ACK)/,
    server: /^\d{1,3}\s*\d{1,3}\]\[\d{1,3}\]\[/,
    likelyServer: /^\d{1,3}\s*$/,
  },
  {
    name: "relay",
    isDialect: true,
    client: /^REGISTER (?:TOSEND|TORECV) [^\n]*\n[ \t]*\r?\n/,
    server: /^(?:ERROR 10[0-3] |REGISTERED TO)[^\n]*\n\n/,
  },
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

/** The protocol whose servers begin like this: only they, or `isLikely` if also those of {@linkcode FREE} dialects might. */
export function protocolOfServer(first: string): KnownProtocol & { readonly isLikely: boolean } | undefined {
  for (const known of KNOWN_PROTOCOLS) {
    if (known.server?.test(first)) return { ...known, isLikely: false };
    if (known.likelyServer?.test(first)) return { ...known, isLikely: true };
  }
  return undefined;
}
