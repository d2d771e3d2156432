/**
 * A port for datagrams that speaks with one target only, as a link: what is written in one call is one datagram.
 *
 * @module
 */

import { type DatagramHandler, type DatagramPort, isSameEndpoint } from "../../lib/core/datagrams.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import type { CloseReason } from "../../lib/core/close_reason.ts";
import { ENDPOINT_VALUES, TARGET } from "../transcript/check.ts";

/** A port and its target. What comes from anywhere else is not heard: a client knows its server by where it answers from. */
export class DatagramLink implements HalfClosingLink, DatagramHandler {
  /** The target. */
  readonly remote: Endpoint;
  /** Where the target reaches us. */
  readonly local: Endpoint;
  readonly #port: DatagramPort;
  #handler: LinkHandler | undefined;

  /** Sends through a port, which must not have been started. */
  constructor(port: DatagramPort, target: Endpoint) {
    this.#port = port;
    this.remote = target;
    this.local = port.addressFor(target);
  }

  /** Starts receiving. */
  start(handler: LinkHandler): void {
    this.#handler = handler;
    this.#port.start(this);
  }

  /** Sends a datagram. */
  write(bytes: Uint8Array): void {
    this.#port.send(bytes, this.remote);
  }

  /** A datagram is out of our hands at once. */
  flushed(callback: (handedOver: boolean) => void): void {
    queueMicrotask(() => callback(true));
  }

  /** Datagrams that are not read are lost anyway. */
  pause(): void {}

  /** See {@linkcode DatagramLink.pause}. */
  resume(): void {}

  /** Datagrams have no end that could be sent. */
  finish(): void {}

  /** Closes the port. */
  end(reason: CloseReason): void {
    this.#port.close(reason);
  }

  /** Closes the port. */
  abort(reason: CloseReason): void {
    this.#port.close(reason);
  }

  /** A datagram has come. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    if (isSameEndpoint(from, this.remote)) this.#handler?.receive(bytes);
  }

  /** The port is closed. */
  closed(reason: CloseReason): void {
    this.#handler?.closed(reason);
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
