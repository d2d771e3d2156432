/**
 * A port for datagrams as a link that hears everybody: a client may send from another port than the one that it listens on.
 *
 * @module
 */

import type { DatagramPort } from "../../lib/core/datagrams.ts";
import type { CloseReason } from "../../lib/core/close_reason.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import { PortLink } from "../play/connection/port_link.ts";

/** So many datagrams are kept until the link is started. */
const MOST_EARLY = 64;

/** A port of ours. What is written in one call is one datagram, to the peer that was named, or else to who has sent the last. */
export class AnyPeerLink extends PortLink {
  #onFirst: ((link: HalfClosingLink) => void) | undefined;
  #peer: Endpoint | undefined;
  #isNamed = false;
  #isClosed = false;
  #early: Uint8Array[] = [];

  /** Receives at once; `onFirst` is called with the link when the first datagram has come. */
  constructor(port: DatagramPort, onFirst?: (link: HalfClosingLink) => void) {
    super(port);
    this.#onFirst = onFirst;
    port.start(this);
  }

  /** Where it is. */
  get local(): Endpoint {
    return this.port.local;
  }

  override get remote(): Endpoint {
    return this.#peer ?? this.port.local;
  }

  /** Says where the peer listens, wherever it sends from. */
  sendTo(peer: Endpoint): void {
    this.#peer = peer;
    this.#isNamed = true;
  }

  override start(handler: LinkHandler): void {
    this.handler = handler;
    const early = this.#early;
    this.#early = [];
    queueMicrotask(() => {
      for (const bytes of early) handler.receive(bytes);
      if (this.#isClosed) handler.closed("done");
    });
  }

  /** Sends a datagram; lost while nobody is known whom to send it to. */
  override write(bytes: Uint8Array): void {
    if (this.#peer !== undefined) super.write(bytes);
  }

  override receive(bytes: Uint8Array, from: Endpoint): void {
    if (!this.#isNamed) this.#peer = from;
    if (this.handler !== undefined) return this.handler.receive(bytes);
    if (this.#early.length < MOST_EARLY) this.#early.push(bytes.slice());
    const onFirst = this.#onFirst;
    this.#onFirst = undefined;
    onFirst?.(this);
  }

  override closed(reason: CloseReason): void {
    this.#isClosed = true;
    super.closed(reason);
  }
}
