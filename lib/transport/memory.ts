/**
 * Two links that are connected in memory, for tests that want no sockets.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink } from "../chat/link.ts";
import { Pipe, type PipeOptions } from "./pipe.ts";
import { type ByteStream, type LinkOptions, StreamLink } from "./stream_link.ts";

/** How two links in memory are connected. Options of the links apply to both. */
export interface MemoryPairOptions extends LinkOptions, PipeOptions {}

/** A link in memory, whose connection can be disturbed. */
export interface MemoryLink extends HalfClosingLink {
  /** Lets nothing more arrive at this link until {@linkcode MemoryLink.release}, as if it did not read. */
  stall(): void;
  /** Lets arrive what was held back by {@linkcode MemoryLink.stall}. */
  release(): void;
  /** Breaks the connection: both links are lost, with everything on its way. */
  cut(): void;
}

/**
 * Makes two links that are connected to each other. What one writes arrives at the other in the microtasks that follow,
 * never during a call.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [near, far] = memoryPair({ segment: (bytes) => [bytes.subarray(0, 1), bytes.subarray(1)] });
 * const pieces: string[] = [];
 * const arrived = Promise.withResolvers<void>();
 * far.start({
 *   receive: (bytes) => {
 *     pieces.push(new TextDecoder().decode(bytes));
 *     if (pieces.length === 2) arrived.resolve();
 *   },
 *   ended: () => far.end("left"),
 *   closed: () => {},
 * });
 * near.write(new TextEncoder().encode("hello"));
 * await arrived.promise;
 * assertEquals(pieces, ["h", "ello"]);
 * near.abort("done");
 * far.abort("done");
 * ```
 */
export function memoryPair(options: MemoryPairOptions = {}): [MemoryLink, MemoryLink] {
  const there = new Pipe(options);
  const back = new Pipe(options);
  return [new PipedLink(back, there, NEAR, options), new PipedLink(there, back, FAR, options)];
}

/** The addresses of the two ends, from the block for documentation (RFC 5737). */
const NEAR: Endpoint = { hostname: "192.0.2.1", port: 49152 };
const FAR: Endpoint = { hostname: "192.0.2.2", port: 4000 };

class PipedLink extends StreamLink implements MemoryLink {
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;

  constructor(incoming: Pipe, outgoing: Pipe, remote: Endpoint, options: LinkOptions) {
    super(new PipedStream(incoming, outgoing), remote, options);
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  stall(): void {
    this.#incoming.stall();
  }

  release(): void {
    this.#incoming.release();
  }

  cut(): void {
    this.#incoming.break();
    this.#outgoing.break();
  }
}

class PipedStream implements ByteStream {
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  #isClosed = false;

  constructor(incoming: Pipe, outgoing: Pipe) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#incoming.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#outgoing.write(bytes);
  }

  closeWrite(): Promise<void> {
    this.#outgoing.finish();
    return Promise.resolve();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // As with a socket: the peer gets what is on its way and then the end, unless we have left some of its bytes unread.
    if (this.#incoming.held > 0) this.#outgoing.break();
    else this.#outgoing.finish();
    this.#incoming.break();
  }
}
