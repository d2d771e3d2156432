/**
 * What a run has around it.
 *
 * @module
 */

import { isLoopback } from "../../lib/core/datagrams.ts";
import type { Endpoint, HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { connectTcp, type TcpConnectOptions } from "../../lib/transport/tcp.ts";
import { ownNetworks } from "../../lib/transport/udp/own_address.ts";
import { openUdpTo, type UdpClient, type UdpClientOptions } from "../../lib/transport/udp/udp_client.ts";

/** Time and chance, and the ways to targets. */
export interface RunSurroundings {
  /** Time and chance. */
  readonly runtime: Runtime;
  /** Connects to a target: see {@linkcode connectTcp}. */
  connect(target: Endpoint, options: TcpConnectOptions): Promise<HalfClosingLink>;
  /** Opens a port to talk to a target: see {@linkcode openUdpTo}. */
  openPortTo(target: Endpoint, options: UdpClientOptions): Promise<UdpClient>;
  /** Whether datagrams may be lost, doubled or overtaken on their way to an address and back. */
  isLossy(target: Endpoint): boolean;
}

/** Those of a program. */
export const REAL_SURROUNDINGS: RunSurroundings = {
  runtime: REAL_TIME,
  connect: connectTcp,
  openPortTo: openUdpTo,
  isLossy: ({ hostname }) => !isOwnAddress(hostname),
};

/** Whether what is sent to an address stays on this machine. */
function isOwnAddress(hostname: string): boolean {
  return isLoopback(hostname) || ownNetworks().some((network) => network.startsWith(`${hostname}/`));
}
