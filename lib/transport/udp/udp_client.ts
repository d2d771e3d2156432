/**
 * Ports for those who talk to a server over UDP.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { addressText } from "../../core/address.ts";
import { type DatagramPort, isLoopback } from "../../core/datagrams.ts";
import { ChatError } from "../../core/error.ts";
import type { Endpoint } from "../../core/link.ts";
import { attempt } from "../attempt.ts";
import { reasonOf } from "../listening.ts";
import { shortageOf } from "../shortage.ts";
import { openUdp, type UdpOptions } from "./udp.ts";

/** How to open a port to a server. */
export interface UdpClientOptions extends UdpOptions {
  /** Our own port; 0, the default, for any that is free. */
  readonly port?: number;
  /** How long looking up the server's name may take, in milliseconds. 10 s by default. */
  readonly lookupTimeout?: number;
  /** Gives up looking up the name. */
  readonly signal?: AbortSignal;
}

/** A port, and the server that it is for. */
export interface UdpClient {
  /** The port. */
  readonly port: DatagramPort;
  /** The server, at an IP address: IPv4 where its name stands for both. */
  readonly server: Endpoint;
}

/**
 * Opens a port to talk to a server, and to whoever else can be reached as the server can: on this machine alone if that is
 * where the server is, else on all its addresses. Whether the server is there shows when it answers.
 *
 * @throws {ChatError} `unreachable` if the server's name stands for no address, `port-in-use`, `shortage` or `cannot-listen`.
 * @throws what `signal` was aborted with.
 */
export async function openUdpTo(server: Endpoint, options: UdpClientOptions = {}): Promise<UdpClient> {
  const { port = 0, lookupTimeout = 10_000, signal } = options;
  const hostname = await addressOf(server, lookupTimeout, signal);
  const isIPv6 = hostname.includes(":");
  const own = isLoopback(hostname) ? (isIPv6 ? "::1" : "127.0.0.1") : (isIPv6 ? "::" : "0.0.0.0");
  return { port: openUdp({ hostname: own, port }, options), server: { hostname, port: server.port } };
}

async function addressOf(server: Endpoint, timeout: number, signal: AbortSignal | undefined): Promise<string> {
  try {
    const looking = () => lookup(server.hostname, { order: "ipv4first" });
    return (await attempt(looking, () => {}, { timeout, signal })).address;
  } catch (cause) {
    signal?.throwIfAborted();
    const what = `cannot reach ${addressText(server)}`;
    throw shortageOf(cause, what) ?? new ChatError("unreachable", `${what}: ${reasonOf(cause)}`, { cause });
  }
}
