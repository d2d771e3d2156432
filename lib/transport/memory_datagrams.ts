/**
 * A network of datagrams in memory, for tests that want no sockets and do not want to wait: it loses, duplicates, delays
 * and reorders as a seed says, and the same seed always does the same.
 *
 * @module
 */

import {
  type DatagramHandler,
  type DatagramPort,
  endpointKey,
  isSameEndpoint,
  MAX_DATAGRAM,
} from "../chat/datagrams.ts";
import type { Deadlines } from "../chat/deadlines.ts";
import type { Endpoint } from "../chat/link.ts";
import type { CloseReason } from "../chat/reasons.ts";
import { randomNumbers } from "./random_numbers.ts";

/** What a network does to datagrams. */
export interface NetworkConditions {
  /** The share that is lost, 0 to 1. */
  readonly loss: number;
  /** The share that arrives twice, 0 to 1; each copy has a delay of its own. */
  readonly duplication: number;
  /** The shortest and the longest time on the way, in milliseconds; where they differ, datagrams overtake each other. */
  readonly delay: readonly [number, number];
}

/** A network that carries everything at once, in order. */
export const CALM: NetworkConditions = { loss: 0, duplication: 0, delay: [0, 0] };

/** A datagram as it was sent, or as it arrived. */
export interface Passage {
  /** Its sender. */
  readonly from: Endpoint;
  /** For whom it is. */
  readonly to: Endpoint;
  /** What it holds. */
  readonly bytes: Uint8Array;
}

/**
 * Ports that reach each other. Nothing arrives during a call of `send`, only while time moves forward.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Deadlines } from "../chat/deadlines.ts";
 *
 * const deadlines = new Deadlines(0);
 * const network = new MemoryNetwork(deadlines, 1);
 * const near = network.open({ hostname: "192.0.2.1", port: 2000 });
 * const far = network.open({ hostname: "192.0.2.2", port: 4000 });
 * const arrived: string[] = [];
 * far.start({ receive: (bytes) => arrived.push(new TextDecoder().decode(bytes)), closed: () => {} });
 * near.send(new TextEncoder().encode("hello"), far.local);
 * deadlines.advance(10);
 * assertEquals(arrived, ["hello"]);
 * ```
 */
export class MemoryNetwork {
  readonly #deadlines: Deadlines;
  readonly #random: () => number;
  readonly #ports = new Map<string, MemoryPort>();
  readonly #watchers = new Set<(passage: Passage) => void>();
  /** What the network does to what is sent from now on. */
  conditions: NetworkConditions;

  /** Takes the time, a seed (any integer), and the conditions; {@linkcode CALM} by default. */
  constructor(deadlines: Deadlines, seed: number, conditions: NetworkConditions = CALM) {
    this.#deadlines = deadlines;
    this.#random = randomNumbers(seed);
    this.conditions = conditions;
  }

  /** Opens a port; port 0 takes any that is free. */
  open(endpoint: Endpoint): DatagramPort {
    let { port } = endpoint;
    const { hostname } = endpoint;
    if (port === 0) { for (port = 49152; this.#ports.has(endpointKey({ hostname, port }));) port++; }
    const opened = new MemoryPort(this.#services, { hostname, port });
    const key = endpointKey(opened.local);
    if (this.#ports.has(key)) throw new TypeError(`a port is open at ${key} already`);
    this.#ports.set(key, opened);
    return opened;
  }

  /** Has `watcher` told of each datagram as it arrives at an open port, just before the port hears of it. */
  watch(watcher: (passage: Passage) => void): void {
    this.#watchers.add(watcher);
  }

  readonly #services: PortServices = {
    carry: (passage) => {
      if (this.#random() < this.conditions.loss) return;
      this.#carryOnce(passage);
      if (this.#random() < this.conditions.duplication) this.#carryOnce(passage);
    },
    closed: (port) => this.#ports.delete(endpointKey(port.local)),
    later: (act) => void this.#deadlines.set(0, { expired: act }),
  };

  #carryOnce(passage: Passage): void {
    const [shortest, longest] = this.conditions.delay;
    const delay = shortest + this.#random() * (longest - shortest);
    this.#deadlines.set(delay, { expired: () => this.#arrive(passage) });
  }

  #arrive(passage: Passage): void {
    const port = this.#ports.get(endpointKey(passage.to));
    if (port === undefined || !isSameEndpoint(port.local, passage.to)) return;
    for (const watcher of this.#watchers) watcher(passage);
    port.arrived(passage);
  }
}

/** What a port asks of its network. */
interface PortServices {
  carry(passage: Passage): void;
  closed(port: MemoryPort): void;
  later(act: () => void): void;
}

class MemoryPort implements DatagramPort {
  readonly local: Endpoint;
  readonly #services: PortServices;
  #handler: DatagramHandler | undefined;
  #isClosed = false;

  constructor(services: PortServices, local: Endpoint) {
    this.#services = services;
    this.local = local;
  }

  addressFor(): Endpoint {
    return this.local;
  }

  start(handler: DatagramHandler): void {
    this.#handler = handler;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#isClosed || bytes.length > MAX_DATAGRAM) return;
    this.#services.carry({ from: this.local, to, bytes: bytes.slice() });
  }

  close(reason: CloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#services.closed(this);
    this.#services.later(() => this.#handler?.closed(reason));
  }

  arrived({ bytes, from }: Passage): void {
    this.#handler?.receive(bytes, from);
  }
}
