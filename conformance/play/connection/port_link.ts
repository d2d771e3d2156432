/**
 * A port for datagrams as a link: what is written in one call is one datagram.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../../lib/core/datagrams.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../../../lib/core/link.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";

/** What all such links have in common; whom one speaks with, and hears, is for those that extend it. */
export abstract class PortLink implements HalfClosingLink, DatagramHandler {
  /** The port. */
  protected readonly port: DatagramPort;
  /** Who is told, once there is somebody. */
  protected handler: LinkHandler | undefined;

  constructor(port: DatagramPort) {
    this.port = port;
  }

  /** Whom it speaks with. */
  abstract readonly remote: Endpoint;

  /** Names who is told. */
  abstract start(handler: LinkHandler): void;

  /** A datagram has come. */
  abstract receive(bytes: Uint8Array, from: Endpoint): void;

  /** Sends a datagram. */
  write(bytes: Uint8Array): void {
    this.port.send(bytes, this.remote);
  }

  /** A datagram is out of our hands at once. */
  flushed(callback: (handedOver: boolean) => void): void {
    queueMicrotask(() => callback(true));
  }

  /** Datagrams that are not read are lost anyway. */
  pause(): void {}

  /** See {@linkcode PortLink.pause}. */
  resume(): void {}

  /** Datagrams have no end that could be sent. */
  finish(): void {}

  /** Closes the port. */
  end(reason: CloseReason): void {
    this.port.close(reason);
  }

  /** Closes the port. */
  abort(reason: CloseReason): void {
    this.port.close(reason);
  }

  /** The port is closed. */
  closed(reason: CloseReason): void {
    this.handler?.closed(reason);
  }
}
