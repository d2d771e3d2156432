/**
 * A port for datagrams as a link that hears everybody: a client may send from another port than the one that it listens on.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../lib/core/datagrams.ts";
import type { CloseReason } from "../../lib/core/close_reason.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";

/** So many datagrams are kept until the link is started. */
const MOST_EARLY = 64;

/** A port of ours. What is written in one call is one datagram, to the peer that was named, or else to who has sent the last. */
export class AnyPeerLink implements HalfClosingLink, DatagramHandler {
  readonly #port: DatagramPort;
  #onFirst: ((link: HalfClosingLink) => void) | undefined;
  #handler: LinkHandler | undefined;
  #peer: Endpoint | undefined;
  #isNamed = false;
  #isClosed = false;
  #early: Uint8Array[] = [];

  /** Receives at once; `onFirst` is called with the link when the first datagram has come. */
  constructor(port: DatagramPort, onFirst?: (link: HalfClosingLink) => void) {
    this.#port = port;
    this.#onFirst = onFirst;
    port.start(this);
  }

  /** Where it is. */
  get local(): Endpoint {
    return this.#port.local;
  }

  /** Whom it speaks with. */
  get remote(): Endpoint {
    return this.#peer ?? this.#port.local;
  }

  /** Says where the peer listens, wherever it sends from. */
  sendTo(peer: Endpoint): void {
    this.#peer = peer;
    this.#isNamed = true;
  }

  /** Names who is told. */
  start(handler: LinkHandler): void {
    this.#handler = handler;
    const early = this.#early;
    this.#early = [];
    queueMicrotask(() => {
      for (const bytes of early) handler.receive(bytes);
      if (this.#isClosed) handler.closed("done");
    });
  }

  /** Sends a datagram; lost while nobody is known whom to send it to. */
  write(bytes: Uint8Array): void {
    if (this.#peer !== undefined) this.#port.send(bytes, this.#peer);
  }

  /** A datagram is out of our hands at once. */
  flushed(callback: (handedOver: boolean) => void): void {
    queueMicrotask(() => callback(true));
  }

  /** Datagrams that are not read are lost anyway. */
  pause(): void {}

  /** See {@linkcode AnyPeerLink.pause}. */
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
    if (!this.#isNamed) this.#peer = from;
    if (this.#handler !== undefined) return this.#handler.receive(bytes);
    if (this.#early.length < MOST_EARLY) this.#early.push(bytes.slice());
    const onFirst = this.#onFirst;
    this.#onFirst = undefined;
    onFirst?.(this);
  }

  /** The port is closed. */
  closed(reason: CloseReason): void {
    this.#isClosed = true;
    this.#handler?.closed(reason);
  }
}
