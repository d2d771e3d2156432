/**
 * Datagrams over UDP.
 *
 * @module
 */

import { type DatagramHandler, type DatagramPort, MAX_DATAGRAM } from "../../core/datagrams.ts";
import { Fifo } from "../../core/fifo.ts";
import type { Endpoint } from "../../core/link.ts";
import type { Queued } from "../../core/queued.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { DatagramSettings } from "../../core/runtime.ts";
import { type Accepting, Acceptor, type AcceptorOptions } from "../acceptor.ts";
import { listening } from "../listening.ts";
import { type InterfaceAddress, isWildcard, ownAddressFor } from "./own_address.ts";

/** How to open a port. */
export interface UdpOptions extends DatagramSettings, AcceptorOptions {}

/** How many bytes may wait for the system to take them; what comes on top is lost. */
const MAX_WAITING = 8 * 1024 * 1024;

/** An IPv4 address as an IPv6 socket sees it. */
const MAPPED = "::ffff:";

/**
 * Opens a port for datagrams. Port 0 lets the system choose.
 *
 * @throws {ChatError} `port-in-use` if somebody else listens there, `cannot-listen` if it fails for any other reason.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const near = openUdp({ hostname: "127.0.0.1", port: 0 });
 * const far = openUdp({ hostname: "127.0.0.1", port: 0 });
 * const arrived = Promise.withResolvers<string>();
 * far.start({ receive: (bytes) => arrived.resolve(new TextDecoder().decode(bytes)), closed: () => {} });
 * near.send(new TextEncoder().encode("hello"), far.local);
 * assertEquals(await arrived.promise, "hello");
 * near.close("done");
 * far.close("done");
 * ```
 */
export function openUdp(endpoint: Endpoint, options: UdpOptions = {}): DatagramPort {
  const { hostname, port } = endpoint;
  return listening(endpoint, () => {
    // Of several programs that have the port, the one that took it last gets what comes.
    const socket = Deno.listenDatagram({ transport: "udp", hostname, port, reuseAddress: options.sharesPort ?? false });
    const local = socket.addr as Deno.NetAddr;
    // Asked once: the addresses of a machine that serves do not change under it.
    const own = isWildcard(local.hostname) ? Deno.networkInterfaces() : [];
    return new UdpPort(socket, local, own, options);
  });
}

class UdpPort implements DatagramPort {
  readonly local: Endpoint;
  readonly #socket: Deno.DatagramConn;
  readonly #own: readonly InterfaceAddress[];
  readonly #options: UdpOptions;
  #handler: DatagramHandler | undefined;
  #acceptor: Acceptor<[Uint8Array, Deno.Addr]> | undefined;
  readonly #unsent = new Fifo<{ readonly bytes: Uint8Array; readonly to: Endpoint }>();
  /** How many bytes wait, with those that are being sent. */
  #waiting = 0;
  readonly #memory: Queued | undefined;
  #isSending = false;
  /** One for all datagrams: their bytes are only valid during the handler's call. */
  readonly #buffer = new Uint8Array(MAX_DATAGRAM);
  #closing: CloseReason | undefined;

  constructor(socket: Deno.DatagramConn, local: Endpoint, own: readonly InterfaceAddress[], options: UdpOptions) {
    this.#socket = socket;
    this.local = { hostname: local.hostname, port: local.port };
    this.#own = own;
    this.#options = options;
    this.#memory = options.queued?.open();
  }

  addressFor(peer: Endpoint): Endpoint {
    if (!isWildcard(this.local.hostname)) return this.local;
    return { hostname: ownAddressFor(peer.hostname, this.#own) ?? this.local.hostname, port: this.local.port };
  }

  start(handler: DatagramHandler): void {
    this.#handler = handler;
    const source: Accepting<[Uint8Array, Deno.Addr]> = {
      accept: () => this.#next(),
      close: () => this.#socket.close(),
    };
    this.#acceptor = new Acceptor(source, this.#options, ([bytes, from]) => this.#receive(bytes, from as Deno.NetAddr));
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#closing !== undefined || this.#waiting + bytes.length > MAX_WAITING) return;
    this.#waiting += bytes.length;
    this.#memory?.set(this.#waiting);
    this.#unsent.push({ bytes: bytes.slice(), to });
    if (!this.#isSending) this.#sendAll();
  }

  close(reason: CloseReason): void {
    if (this.#closing !== undefined) return;
    this.#closing = reason;
    if (!this.#isSending) queueMicrotask(() => this.#finish(reason));
  }

  /** One after the other: sends that are under way together may overtake each other. */
  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#unsent.shift(); next !== undefined; next = this.#unsent.shift()) {
      const { bytes, to } = next;
      const isMapped = this.local.hostname.includes(":") && !to.hostname.includes(":");
      const hostname = isMapped ? MAPPED + to.hostname : to.hostname;
      try {
        await this.#socket.send(bytes, { transport: "udp", hostname, port: to.port });
      } catch {
        // What cannot be sent is lost, as the contract says: no route, a firewall's no, or too long.
      }
      this.#waiting -= bytes.length;
      this.#memory?.set(this.#waiting);
    }
    this.#isSending = false;
    if (this.#closing !== undefined) this.#finish(this.#closing);
  }

  async #next(): Promise<[Uint8Array, Deno.Addr]> {
    for (;;) {
      try {
        return await this.#socket.receive(this.#buffer);
      } catch (error) {
        // Windows tells so that nobody took what was sent before; others just lose it.
        if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
      }
    }
  }

  #receive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#closing !== undefined) return;
    const hostname = from.hostname.startsWith(MAPPED) ? from.hostname.slice(MAPPED.length) : from.hostname;
    try {
      this.#handler?.receive(bytes, { hostname, port: from.port });
    } catch (error) {
      (this.#options.onFault ?? reportError)(error);
    }
  }

  #finish(reason: CloseReason): void {
    if (this.#acceptor === undefined) this.#socket.close();
    else this.#acceptor.close();
    this.#handler?.closed(reason);
  }
}
