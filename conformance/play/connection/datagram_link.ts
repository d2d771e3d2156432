/**
 * A port for datagrams that speaks with one target only, as a link.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import type { Endpoint, LinkHandler } from "../../../lib/core/link.ts";
import { ENDPOINT_VALUES, TARGET } from "../../transcript/check.ts";
import { PortLink } from "./port_link.ts";

/**
 * A port and its target. What comes from another machine is not heard. What comes from the target's own is, from whichever port: many
 * servers open a socket for each answer, and clients take what arrives where they listen.
 */
export class DatagramLink extends PortLink {
  override readonly remote: Endpoint;
  /** Where the target reaches us. */
  readonly local: Endpoint;
  /** Whether datagrams may be lost, doubled or overtaken on their way to the target and back. */
  readonly isLossy: boolean;

  /** Sends through a port, which must not have been started. */
  constructor(port: DatagramPort, target: Endpoint, isLossy = false) {
    super(port);
    this.isLossy = isLossy;
    this.remote = target;
    this.local = port.addressFor(target);
  }

  override start(handler: LinkHandler): void {
    this.handler = handler;
    this.port.start(this);
  }

  override receive(bytes: Uint8Array, from: Endpoint): void {
    if (from.hostname === this.remote.hostname) this.handler?.receive(bytes);
  }
}

/** What a fixture knows of a port of its own with that name, and of the target, by the name of the value. */
export function endpointsOf(
  name: string,
  { local, remote }: Pick<DatagramLink, "local" | "remote">,
): [string, string][] {
  return ([[name, local], [TARGET, remote]] as const).flatMap(([who, { hostname, port }]) => {
    const values = { port: String(port), address: hostname };
    return ENDPOINT_VALUES.map((what): [string, string] => [`${who}.${what}`, values[what]]);
  });
}
