/**
 * Datagrams in memory: they are lost, doubled, delayed and reordered as a seed says, and the same seed always does the same.
 *
 * @module
 */

import {
  type DatagramHandler,
  type DatagramPort,
  endpointKey,
  isSameEndpoint,
  MAX_DATAGRAM,
} from "../core/datagrams.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint } from "../core/link.ts";
import type { CloseReason } from "../core/close_reason.ts";
import type { DatagramSettings, Runtime } from "../core/runtime.ts";
import type { Chance } from "./chance.ts";
import { CALM_DATAGRAMS, type DatagramConditions } from "./conditions.ts";
import { FIRST_FREE_PORT } from "./listening.ts";

/** A datagram as it was sent, or as it arrived. */
export interface Passage {
  /** Its sender. */
  readonly from: Endpoint;
  /** For whom it is. */
  readonly to: Endpoint;
  /** What it holds. */
  readonly bytes: Uint8Array;
}

/** What became of a datagram that was sent. */
export type DatagramFate = "sent" | "lost" | "doubled" | "arrived" | "nobody there";

/**
 * Ports that reach each other. Nothing arrives during a call of `send`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Chance } from "./chance.ts";
 * import { VirtualTime } from "./virtual_time.ts";
 *
 * const time = new VirtualTime(1);
 * const network = new DatagramNetwork(time, new Chance(1));
 * const near = network.open({ hostname: "192.0.2.1", port: 2000 });
 * const far = network.open({ hostname: "192.0.2.2", port: 4000 });
 * const arrived: string[] = [];
 * far.start({ receive: (bytes) => arrived.push(new TextDecoder().decode(bytes)), closed: () => {} });
 * near.send(new TextEncoder().encode("hello"), far.local);
 * time.advance(10);
 * assertEquals(arrived, ["hello"]);
 * ```
 */
export class DatagramNetwork {
  readonly #runtime: Runtime;
  readonly #chance: Chance;
  readonly #ports = new Map<string, SimulatedPort>();
  readonly #nextPorts = new Map<string, number>();
  readonly #watchers = new Set<(passage: Passage, fate: DatagramFate) => void>();
  /** What happens to what is sent from now on. */
  conditions: DatagramConditions;

  constructor(runtime: Runtime, chance: Chance, conditions: DatagramConditions = CALM_DATAGRAMS) {
    this.#runtime = runtime;
    this.#chance = chance;
    this.conditions = conditions;
  }

  /** How many ports are open. */
  get size(): number {
    return this.#ports.size;
  }

  /** Opens a port; port 0 takes any that is free. */
  open(endpoint: Endpoint, settings: DatagramSettings = {}): DatagramPort {
    const { hostname } = endpoint;
    const port = endpoint.port === 0 ? this.#freePort(hostname) : endpoint.port;
    const opened = new SimulatedPort(this.#services, { hostname, port }, settings);
    const key = endpointKey(opened.local);
    if (this.#ports.has(key)) throw new ChatError("port-in-use", `a port is open at ${hostname} ${port} already`);
    this.#ports.set(key, opened);
    return opened;
  }

  #freePort(hostname: string): number {
    let port = this.#nextPorts.get(hostname) ?? FIRST_FREE_PORT;
    while (this.#ports.has(endpointKey({ hostname, port }))) port++;
    // Like a system's, they come round again after a while: what is on its way to one that was closed finds nobody.
    this.#nextPorts.set(hostname, port >= 65_535 ? FIRST_FREE_PORT : port + 1);
    return port;
  }

  /** Has `watcher` told of each datagram, and what becomes of it; of an arrival just before the port hears of it. */
  watch(watcher: (passage: Passage, fate: DatagramFate) => void): void {
    this.#watchers.add(watcher);
  }

  readonly #services: PortServices = {
    carry: (passage) => {
      this.#tell(passage, "sent");
      if (this.#chance.happens(this.conditions.loss)) return this.#tell(passage, "lost");
      this.#carryOnce(passage);
      if (!this.#chance.happens(this.conditions.duplication)) return;
      this.#tell(passage, "doubled");
      this.#carryOnce(passage);
    },
    closed: (port) => this.#ports.delete(endpointKey(port.local)),
    later: (act) => this.#runtime.nextTurn(act),
  };

  #carryOnce(passage: Passage): void {
    const [shortest, longest] = this.conditions.delay;
    this.#runtime.after(this.#chance.between(shortest, longest), () => this.#arrive(passage));
  }

  #arrive(passage: Passage): void {
    const port = this.#ports.get(endpointKey(passage.to));
    if (port === undefined || !isSameEndpoint(port.local, passage.to)) return this.#tell(passage, "nobody there");
    this.#tell(passage, "arrived");
    port.arrived(passage);
  }

  #tell(passage: Passage, fate: DatagramFate): void {
    for (const watcher of this.#watchers) watcher(passage, fate);
  }
}

/** What a port asks of its network. */
interface PortServices {
  carry(passage: Passage): void;
  closed(port: SimulatedPort): void;
  later(act: () => void): void;
}

class SimulatedPort implements DatagramPort {
  readonly local: Endpoint;
  readonly #services: PortServices;
  readonly #settings: DatagramSettings;
  #handler: DatagramHandler | undefined;
  #isClosed = false;

  constructor(services: PortServices, local: Endpoint, settings: DatagramSettings) {
    this.#services = services;
    this.local = local;
    this.#settings = settings;
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
    try {
      this.#handler?.receive(bytes, from);
    } catch (error) {
      (this.#settings.onFault ?? reportError)(error);
    }
  }
}
