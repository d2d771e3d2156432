/**
 * A port for datagrams whose other end is the test: it writes down what is sent, and receives what the test feeds it.
 *
 * @module
 */

import { type DatagramHandler, type DatagramPort, isSameEndpoint, MAX_DATAGRAM } from "../../../core/datagrams.ts";
import type { Endpoint } from "../../../core/link.ts";
import type { CloseReason } from "../../../core/close_reason.ts";

/** A port without a network. */
export class RecordedPort implements DatagramPort {
  /** Where it is bound. */
  readonly local: Endpoint;
  /** Why it was closed, if it was. */
  closeReason: CloseReason | undefined;
  #handler: DatagramHandler | undefined;
  #sent: { readonly text: string; readonly to: Endpoint }[] = [];

  constructor(local: Endpoint) {
    this.local = local;
  }

  /** The same for everybody. */
  addressFor(): Endpoint {
    return this.local;
  }

  /** Names who is told what the test feeds. */
  start(handler: DatagramHandler): void {
    this.#handler = handler;
  }

  /** Writes a datagram down, with `|` for its line breaks. */
  send(bytes: Uint8Array, to: Endpoint): void {
    if (bytes.length > MAX_DATAGRAM) throw new RangeError(`a datagram of ${bytes.length} bytes`);
    this.#sent.push({ text: new TextDecoder().decode(bytes).replaceAll("\n", "|"), to });
  }

  /** Writes the reason down. */
  close(reason: CloseReason): void {
    this.closeReason ??= reason;
  }

  /** Lets a datagram arrive: bytes, or a text with `|` for its line breaks. */
  feed(datagram: string | Uint8Array, from: Endpoint): void {
    const bytes = typeof datagram === "string" ? new TextEncoder().encode(datagram.replaceAll("|", "\n")) : datagram;
    this.#handler?.receive(bytes, from);
  }

  /** What was sent to an endpoint since it was last taken. */
  take(to: Endpoint): string[] {
    const taken = this.#sent.filter((one) => isSameEndpoint(one.to, to)).map(({ text }) => text);
    this.#sent = this.#sent.filter((one) => !isSameEndpoint(one.to, to));
    return taken;
  }

  /** Everything that was sent since it was last taken, and to whom. */
  takeAll(): string[] {
    return this.#sent.splice(0).map(({ text, to }) => `${to.hostname}:${to.port} ${text}`);
  }
}
