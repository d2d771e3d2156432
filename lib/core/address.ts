/**
 * Addresses of servers, as people write them.
 *
 * @module
 */

import { ChatError } from "./error.ts";
import type { Endpoint } from "./link.ts";

/** Where a server is; without a port it is on the port of its dialect. */
export interface Address {
  /** A host name or an IP address, without brackets. */
  readonly hostname: string;
  /** A port, 1 to 65535, if one was given. */
  readonly port: number | undefined;
}

const BRACKETED = /^\[([0-9A-Fa-f:.]+)\](?::([0-9]{1,5}))?$/;
const BARE_IPV6 = /^(?=.*::|(?:[^:]*:){7})[0-9A-Fa-f:.]+$/;
const NAMED = /^([^\s:[\]/?#@"']+)(?::([0-9]{1,5}))?$/;

/**
 * Reads `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`; an IPv6 address without a port needs no brackets.
 *
 * @throws {ChatError} `bad-address` for anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddress("chat.example"), { hostname: "chat.example", port: undefined });
 * assertEquals(parseAddress("[::1]:4100"), { hostname: "::1", port: 4100 });
 * ```
 */
export function parseAddress(text: string): Address {
  if (BARE_IPV6.test(text)) return { hostname: text, port: undefined };
  const match = BRACKETED.exec(text) ?? NAMED.exec(text);
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (match === null || port === 0 || (port !== undefined && port > 65535)) {
    throw new ChatError("bad-address", `${JSON.stringify(text)} is no address: write HOST, HOST:PORT or [IPv6]:PORT`);
  }
  return { hostname: match[1]!, port };
}

/**
 * Writes an address as {@linkcode parseAddress} reads it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(addressText({ hostname: "::1", port: 4000 }), "[::1]:4000");
 * ```
 */
export function addressText({ hostname, port }: Endpoint): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
