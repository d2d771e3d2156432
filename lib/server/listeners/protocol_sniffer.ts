/**
 * A check of what a peer sends first, before its session gets it.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import { type ForeignProtocol, foreignProtocol } from "../../dialects/foreign_protocol.ts";

/** Stands before a connection's handler, and turns away peers that speak a foreign protocol. */
export class ProtocolSniffer implements LinkHandler {
  readonly #dialect: string;
  readonly #link: Link;
  readonly #handler: LinkHandler;
  readonly #onForeign: (link: Link, found: ForeignProtocol) => void;
  #hasChecked = false;

  /** Checks a link of a port of this dialect. `onForeign` is called when its peer is turned away. */
  constructor(
    dialect: string,
    link: Link,
    handler: LinkHandler,
    onForeign: (link: Link, found: ForeignProtocol) => void,
  ) {
    this.#dialect = dialect;
    this.#link = link;
    this.#handler = handler;
    this.#onForeign = onForeign;
  }

  /** Bytes from the peer, for the handler, unless the first of them are another protocol's. */
  receive(bytes: Uint8Array): void {
    const found = this.#hasChecked ? undefined : foreignProtocol(this.#dialect, bytes);
    this.#hasChecked = true;
    if (found === undefined) return this.#handler.receive(bytes);
    this.#link.write(found.answer);
    this.#link.end("foreign-protocol");
    this.#onForeign(this.#link, found);
  }

  /** The peer sends no more. */
  ended(): void {
    this.#handler.ended();
  }

  /** The link is closed. */
  closed(reason: CloseReason): void {
    this.#handler.closed(reason);
  }
}
