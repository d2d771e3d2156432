/**
 * What can go wrong when a socket is opened, in words for people.
 *
 * @module
 */

import { addressText } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint } from "../core/link.ts";
import { shortageOf } from "./shortage.ts";

/**
 * Has `open` listen on an endpoint.
 *
 * @throws {ChatError} `port-in-use` if somebody else listens there, `shortage` if the system is short of what it takes, `cannot-listen` if it fails
 * for any other reason.
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
    throw shortageOf(cause, `cannot listen on ${addressText(endpoint)}`) ??
      new ChatError("cannot-listen", `cannot listen on ${addressText(endpoint)}: ${reasonOf(cause)}`, { cause });
  }
}

const REFUSED = "the connection was refused, nothing listens there";

/** What Node's errors say in words that are no words. */
const NODE_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: REFUSED,
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ETIMEDOUT: "it does not answer",
};

/** The system's words for what went wrong, in one line and without its error number. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return REFUSED;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  // Deno's own errors have some of these codes as well, and words with them.
  if (!/\(os error \d+\)/.test(error.message) && Object.hasOwn(NODE_REASONS, code)) return NODE_REASONS[code]!;
  return error.message.replace(/\s+/g, " ").replace(/ \(os error \d+\).*$/, "");
}
