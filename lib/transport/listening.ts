/**
 * What can go wrong when a socket is opened, in words for people.
 *
 * @module
 */

import { addressText } from "../chat/address.ts";
import { ChatError } from "../chat/error.ts";
import type { Endpoint } from "../chat/link.ts";

/**
 * Has `open` listen on an endpoint.
 *
 * @throws {ChatError} `port-in-use` if somebody else listens there, `cannot-listen` if it fails for any other reason.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listening({ hostname: "127.0.0.1", port: 0 }, () => "open"), "open");
 * ```
 */
export function listening<T>(endpoint: Endpoint, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      const text = `${addressText(endpoint)} is in use: another program listens there`;
      throw new ChatError("port-in-use", text, { cause });
    }
    throw new ChatError("cannot-listen", `cannot listen on ${addressText(endpoint)}: ${reasonOf(cause)}`, { cause });
  }
}

/** The system's words for what went wrong, in one line and without its error number. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "the connection was refused, nothing listens there";
  if (!(error instanceof Error)) return String(error);
  return error.message.replace(/\s+/g, " ").replace(/ \(os error \d+\).*$/, "");
}
