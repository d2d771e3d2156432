/**
 * Two links that are connected in memory.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import type { Runtime } from "../core/runtime.ts";
import { type ByteStream, type LinkOptions, StreamLink } from "../transport/stream_link.ts";
import { REAL_TIME } from "../transport/real_time.ts";
import { Chance } from "./chance.ts";
import { CALM_WIRE } from "./conditions.ts";
import { Wire, type WireEvents, type WireOptions } from "./wire.ts";

/** Who watches a connection; a side is who has written, or whose direction it is. */
export interface ConnectionEvents {
  /** The network has taken bytes. They do not change afterwards. */
  taken?(from: ConnectionEnd, bytes: Uint8Array): void;
  /** Bytes were read. */
  given?(to: ConnectionEnd, count: number): void;
  /** A side takes nothing for a while, in milliseconds. */
  stalled?(side: ConnectionEnd, duration: number): void;
  /** The network has reset the connection. */
  reset?(): void;
  /** A side has closed its end. */
  closed?(side: ConnectionEnd): void;
}

/** The two ends of a connection. */
export type ConnectionEnd = "near" | "far";

/** Both directions of a connection, and an end of it for each side. */
export class SimulatedConnection {
  readonly #there: Wire;
  readonly #back: Wire;
  /** What one side reads and writes. */
  readonly near: ByteStream;
  /** What the other side reads and writes. */
  readonly far: ByteStream;

  constructor(runtime: Runtime, chance: Chance, options: WireOptions, events: ConnectionEvents = {}) {
    const eventsOf = (from: ConnectionEnd, to: ConnectionEnd): WireEvents => ({
      taken: (bytes) => events.taken?.(from, bytes),
      given: (count) => events.given?.(to, count),
      stalled: (duration) => events.stalled?.(to, duration),
      reset: () => {
        events.reset?.();
        this.cut();
      },
    });
    this.#there = new Wire(runtime, chance, options, eventsOf("near", "far"));
    this.#back = new Wire(runtime, chance, options, eventsOf("far", "near"));
    this.near = new End(this.#back, this.#there, () => events.closed?.("near"));
    this.far = new End(this.#there, this.#back, () => events.closed?.("far"));
  }

  /** Lets nothing more arrive at a side, as if it did not read, until it is released as often. */
  stall(side: ConnectionEnd): void {
    this.#to(side).stall();
  }

  /** Lets arrive what was held back. */
  release(side: ConnectionEnd): void {
    this.#to(side).release();
  }

  /** Breaks it: both sides lose it, with everything on its way. */
  cut(): void {
    this.#there.break();
    this.#back.break();
  }

  #to(side: ConnectionEnd): Wire {
    return side === "near" ? this.#back : this.#there;
  }
}

/** One end. */
class End implements ByteStream {
  readonly #incoming: Wire;
  readonly #outgoing: Wire;
  readonly #whenClosed: () => void;
  #isClosed = false;

  constructor(incoming: Wire, outgoing: Wire, whenClosed: () => void) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#whenClosed = whenClosed;
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

  reset(): void {
    if (!this.#isClosed) this.#outgoing.reset();
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // As with a socket: the peer gets what is on its way and then the end, unless we have left some of its bytes unread.
    if (this.#incoming.unread > 0) this.#outgoing.reset();
    else this.#outgoing.finish();
    this.#incoming.abandon();
    this.#whenClosed();
  }
}

/** How two links are connected. Options of the links apply to both. By default bytes move at once, and the time is real. */
export interface LinkPairOptions extends LinkOptions, Partial<WireOptions> {
  /** Decides whatever is left to chance. */
  readonly chance?: Chance;
}

/** A link whose connection can be disturbed. */
export interface SimulatedLink extends HalfClosingLink {
  /** Lets nothing more arrive at this link until {@linkcode SimulatedLink.release}, as if it did not read. */
  stall(): void;
  /** Lets arrive what was held back by {@linkcode SimulatedLink.stall}. */
  release(): void;
  /** Breaks the connection: both links are lost, with everything on its way. */
  cut(): void;
}

/** The addresses of the two ends, from the block for documentation (RFC 5737). */
const NEAR: Endpoint = { hostname: "192.0.2.1", port: 49152 };
const FAR: Endpoint = { hostname: "192.0.2.2", port: 4000 };

/**
 * Makes two links that are connected to each other, for tests that want no network around them. Unless the conditions say
 * otherwise, what one writes arrives at the other in the microtasks that follow, never during a call.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [near, far] = linkPair({ segment: (bytes) => [bytes.subarray(0, 1), bytes.subarray(1)] });
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
export function linkPair(options: LinkPairOptions = {}): [SimulatedLink, SimulatedLink] {
  const { runtime = REAL_TIME, chance = new Chance(0) } = options;
  const connection = new SimulatedConnection(runtime, chance, { ...CALM_WIRE, ...options });
  return [
    new DisturbedLink(connection, "near", connection.near, FAR, options),
    new DisturbedLink(connection, "far", connection.far, NEAR, options),
  ];
}

class DisturbedLink extends StreamLink implements SimulatedLink {
  readonly #connection: SimulatedConnection;
  readonly #side: ConnectionEnd;
  #isStalled = false;

  constructor(
    connection: SimulatedConnection,
    side: ConnectionEnd,
    stream: ByteStream,
    remote: Endpoint,
    options: LinkOptions,
  ) {
    super(stream, remote, options);
    this.#connection = connection;
    this.#side = side;
  }

  stall(): void {
    if (!this.#isStalled) this.#connection.stall(this.#side);
    this.#isStalled = true;
  }

  release(): void {
    if (this.#isStalled) this.#connection.release(this.#side);
    this.#isStalled = false;
  }

  cut(): void {
    this.#connection.cut();
  }
}
