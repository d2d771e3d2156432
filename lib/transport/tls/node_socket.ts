/**
 * Connecting by way of Node's sockets, for what Deno's own connections cannot do: say after how long a silent peer is asked
 * whether it is still there, take any certificate for a single connection, and reset one.
 *
 * @module
 */

import { connect, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Endpoint } from "../../core/link.ts";
import type { ByteStream } from "../stream_link.ts";

/**
 * How many bytes are read ahead. Node reads no further while more waits, and if the end comes just then, Deno 2.9 never tells
 * of it: so much is only ever waiting where nobody reads.
 */
const READ_AHEAD = 1024 * 1024;

/** Whether keepalive begins when it is told to in this version of Deno: in 2.4, sockets of Node's had none at all. */
export const HEEDS_KEEP_ALIVE: boolean = isSince(2, 9);

/** Whether sockets can be reset in this version of Deno: in 2.4 they can only be closed. */
export const CAN_RESET: boolean = typeof Socket.prototype.resetAndDestroy === "function" && isSince(2, 9);

function isSince(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = Deno.version.deno.split(".").map(Number);
  return ownMajor > major || ownMajor === major && ownMinor >= minor;
}

/** How a socket is opened. */
export interface SocketOptions {
  /** After how long a silence the system asks the peer for a sign of life, in milliseconds; 0 leaves that to the system. */
  readonly keepAlive: number;
  /** Whether TLS is spoken: with those whom the program trusts by itself, or with anybody. */
  readonly tls?: "verified" | "unverified" | undefined;
}

/** Connects to a server, and shakes hands over TLS. Rejects with what the system says, or with the signal's reason. */
export function openSocket(
  { hostname, port }: Endpoint,
  { keepAlive, tls }: SocketOptions,
  signal: AbortSignal,
): Promise<SocketStream> {
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port, allowHalfOpen: true, highWaterMark: READ_AHEAD };
    const opened = () => {
      settled();
      resolve(new SocketStream(socket, keepAlive));
    };
    const socket = tls === undefined
      ? connect(options, opened)
      : connectTls({ ...options, rejectUnauthorized: tls === "verified" }, opened);
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
export class SocketStream implements ByteStream {
  /** The server's address. */
  readonly remote: Endpoint;
  readonly #socket: Socket;
  /** What has arrived and was not read yet. */
  readonly #arrived: Uint8Array[] = [];
  #hasEnded = false;
  #failure: Error | undefined;
  /** Wakes the read that is pending. */
  #wake: (() => void) | undefined;
  /** Breaks off the write that is pending. */
  #breakOff: ((error: Error) => void) | undefined;

  /**
   * @param socket connected, and its handshake over if it has one.
   * @param keepAlive as in {@linkcode openSocket}.
   */
  constructor(socket: Socket, keepAlive: number) {
    this.#socket = socket;
    this.remote = { hostname: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAlive);
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

  /** See {@linkcode ByteStream.reset}. */
  reset(): void {
    this.#fail(new Deno.errors.Interrupted("reset on this side"));
    if (CAN_RESET) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
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
