/**
 * The port between a dialect and whatever carries its datagrams: UDP, or memory.
 *
 * @module
 */

import type { Endpoint } from "./link.ts";
import type { CloseReason } from "./close_reason.ts";

/** The longest datagram that UDP carries over IPv4, in bytes; what is longer is never sent. */
export const MAX_DATAGRAM = 65_507;

/**
 * A socket that sends and receives datagrams. Each arrives whole, or twice, or late, or not at all. Nothing here waits
 * and nothing here throws.
 */
export interface DatagramPort {
  /** Where it is bound, with the port that the system chose if it was left open. */
  readonly local: Endpoint;

  /** The address under which a peer reaches this port: not the same for all where it is bound to every interface. */
  addressFor(peer: Endpoint): Endpoint;

  /** Names who is told what arrives, and starts receiving. Called once. */
  start(handler: DatagramHandler): void;

  /**
   * Sends a datagram to an IP address; it is copied before this returns. One that cannot be sent (longer than
   * {@linkcode MAX_DATAGRAM}, no route, too many waiting, the port closed) is lost as if it were lost on its way.
   */
  send(bytes: Uint8Array, to: Endpoint): void;

  /** Sends what is waiting, then closes. Nothing is received any more. */
  close(reason: CloseReason): void;
}

/** Who is told what happens on a {@linkcode DatagramPort}. */
export interface DatagramHandler {
  /** A datagram arrived, perhaps an empty one. Its bytes are only valid during this call. */
  receive(bytes: Uint8Array, from: Endpoint): void;

  /** The port is closed; the last call, made exactly once and never from within a call of the port's own methods. */
  closed(reason: CloseReason): void;
}

/**
 * An endpoint as a key of maps: the same text for the same endpoint.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(endpointKey({ hostname: "::1", port: 4000 }), "::1 4000");
 * ```
 */
export function endpointKey({ hostname, port }: Endpoint): string {
  return `${hostname} ${port}`;
}

/** Whether two endpoints are the same. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.hostname === b.hostname;
}

/**
 * Whether an IP address is this machine's loopback, which neither duplicates what it carries nor keeps it for long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isLoopback("127.0.0.1"), true);
 * assertEquals(isLoopback("192.0.2.1"), false);
 * ```
 */
export function isLoopback(hostname: string): boolean {
  return hostname.startsWith("127.") || hostname === "::1";
}
