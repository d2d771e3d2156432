/**
 * A connection that does not carry what it is given.
 *
 * @module
 */

import type { Endpoint, Holder, Link, LinkHandler } from "../../lib/core/link.ts";
import type { CloseReason } from "../../lib/core/close_reason.ts";
import type { Wire } from "./mutation.ts";

/** Text as bytes, a byte a character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes as text, a character a byte. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A link whose session says and hears what a {@linkcode Wire} makes of it. */
export class AlteredLink implements Link {
  readonly #link: Link;
  readonly #wire: Wire;

  /** Takes the link that it stands for, and what becomes of what goes over it. */
  constructor(link: Link, wire: Wire) {
    this.#link = link;
    this.#wire = wire;
  }

  /** See {@linkcode Link.remote}. */
  get remote(): Endpoint {
    return this.#link.remote;
  }

  /** See {@linkcode Link.start}. */
  start(handler: LinkHandler): void {
    this.#link.start(this.between(handler));
  }

  /** Stands between the link and its session. */
  between(session: LinkHandler): LinkHandler {
    const { hears } = this.#wire;
    if (hears === undefined) return session;
    return {
      receive: (bytes) => {
        const heard = hears(textOf(bytes));
        for (const piece of typeof heard === "string" ? [heard] : heard) {
          if (piece !== "") session.receive(bytesOf(piece));
        }
      },
      ended: () => session.ended(),
      closed: (reason) => session.closed(reason),
    };
  }

  /** See {@linkcode Link.write}. */
  write(bytes: Uint8Array): void {
    const { says } = this.#wire;
    const said = says === undefined ? bytes : bytesOf(says(textOf(bytes)));
    if (said.length > 0) this.#link.write(said);
  }

  /** See {@linkcode Link.flushed}. */
  flushed(callback: (handedOver: boolean) => void): void {
    this.#link.flushed(callback);
  }

  /** See {@linkcode Link.pause}. */
  pause(by?: Holder): void {
    this.#link.pause(by);
  }

  /** See {@linkcode Link.resume}. */
  resume(by?: Holder): void {
    this.#link.resume(by);
  }

  /** See {@linkcode Link.end}. */
  end(reason: CloseReason): void {
    if (this.#wire.closes?.() ?? true) this.#link.end(reason);
  }

  /** See {@linkcode Link.abort}. */
  abort(reason: CloseReason): void {
    if (this.#wire.closes?.() ?? true) this.#link.abort(reason);
  }
}
