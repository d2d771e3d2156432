/**
 * A look at what a peer says first, before its session sees it.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import { type ForeignProtocol, foreignProtocol } from "../../dialects/session/foreign_protocol.ts";

/** Stands before a connection's handler, and turns away who has come to the wrong door. */
export class ProtocolSniffer implements LinkHandler {
  readonly #dialect: string;
  readonly #link: Link;
  readonly #handler: LinkHandler;
  readonly #turnedAway: (link: Link, found: ForeignProtocol) => void;
  #hasLooked = false;

  /** Takes the dialect of the port, the link, its handler, and who is told of a peer that is turned away. */
  constructor(
    dialect: string,
    link: Link,
    handler: LinkHandler,
    turnedAway: (link: Link, found: ForeignProtocol) => void,
  ) {
    this.#dialect = dialect;
    this.#link = link;
    this.#handler = handler;
    this.#turnedAway = turnedAway;
  }

  /** Bytes from the peer, for the handler, unless the first of them are another protocol's. */
  receive(bytes: Uint8Array): void {
    const found = this.#hasLooked ? undefined : foreignProtocol(this.#dialect, bytes);
    this.#hasLooked = true;
    if (found === undefined) return this.#handler.receive(bytes);
    this.#link.write(found.answer);
    this.#link.end("wrong-door");
    this.#turnedAway(this.#link, found);
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
