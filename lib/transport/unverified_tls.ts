/**
 * TLS without a look at the server's certificate. Deno's own TLS cannot do that for a single connection, Node's can.
 *
 * @module
 */

import { connect, type TLSSocket } from "node:tls";
import type { Endpoint } from "../chat/link.ts";
import type { ByteStream } from "./stream_link.ts";

/**
 * How many bytes are read ahead. Node reads no further while more waits, and if the end comes just then, Deno 2.9 never tells
 * of it: so much is only ever waiting where nobody reads.
 */
const READ_AHEAD = 1024 * 1024;

/** Connects to a server and shakes hands, whoever it is. Rejects with what the system says, or the signal's reason. */
export function connectUnverified({ hostname, port }: Endpoint, signal: AbortSignal): Promise<UnverifiedTlsStream> {
  return new Promise((resolve, reject) => {
    const options = {
      host: hostname,
      port,
      rejectUnauthorized: false,
      allowHalfOpen: true,
      highWaterMark: READ_AHEAD,
    };
    const socket = connect(options, () => {
      settled();
      resolve(new UnverifiedTlsStream(socket));
    });
    const settled = () => {
      socket.off("error", fail);
      signal.removeEventListener("abort", giveUp);
    };
    const fail = (error: unknown) => {
      settled();
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const giveUp = () => fail(signal.reason);
    socket.on("error", fail);
    signal.addEventListener("abort", giveUp);
  });
}

/** A socket of Node's as a {@linkcode ByteStream}: it flows while somebody reads, a piece at a time. */
export class UnverifiedTlsStream implements ByteStream {
  /** The server's address. */
  readonly remote: Endpoint;
  readonly #socket: TLSSocket;
  /** What has arrived and was not read yet. */
  readonly #arrived: Uint8Array[] = [];
  #hasEnded = false;
  #failure: Error | undefined;
  /** Wakes the read that is pending. */
  #wake: (() => void) | undefined;
  /** Breaks off the write that is pending. */
  #breakOff: ((error: Error) => void) | undefined;

  /** Takes a socket whose handshake is over. */
  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.remote = { hostname: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    socket.pause();
    socket.on("data", (bytes: Uint8Array) => {
      socket.pause();
      this.#arrived.push(bytes);
      this.#wake?.();
    });
    socket.on("end", () => {
      this.#hasEnded = true;
      this.#wake?.();
    });
    socket.on("error", (error: Error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Deno.errors.ConnectionReset("the connection was closed")));
  }

  /** See {@linkcode ByteStream.read}. */
  async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      const [piece] = this.#arrived;
      if (piece !== undefined) return this.#take(piece, buffer);
      if (this.#hasEnded) return null;
      if (this.#failure !== undefined) throw this.#failure;
      const waking = new Promise<void>((resolve) => this.#wake = resolve);
      this.#socket.resume();
      await waking;
    }
  }

  /** See {@linkcode ByteStream.write}. */
  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#breakOff = reject;
      this.#socket.write(bytes, (error) => error ? reject(error) : resolve(bytes.length));
    });
  }

  /** See {@linkcode ByteStream.closeWrite}. */
  closeWrite(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#breakOff = reject;
      this.#socket.end(() => resolve());
    });
  }

  /** See {@linkcode ByteStream.close}. */
  close(): void {
    this.#fail(new Deno.errors.Interrupted("closed on this side"));
    this.#socket.destroy();
  }

  /** Moves as much of the first piece as fits. */
  #take(piece: Uint8Array, buffer: Uint8Array): number {
    const count = Math.min(piece.length, buffer.length);
    buffer.set(piece.subarray(0, count));
    if (count === piece.length) this.#arrived.shift();
    else this.#arrived[0] = piece.subarray(count);
    return count;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
    this.#breakOff?.(this.#failure);
  }
}
