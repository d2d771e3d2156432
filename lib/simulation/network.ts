/**
 * A network in memory.
 *
 * @module
 */

import { addressText } from "../core/address.ts";
import { type DatagramPort, endpointKey } from "../core/datagrams.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import type { ConnectSettings, DatagramSettings, Listener, ListenSettings, Network, Runtime } from "../core/runtime.ts";
import { BufferPool } from "../transport/buffers.ts";
import { DEFAULT_WRITE_TIMEOUT, StreamLink } from "../transport/stream_link.ts";
import { WriteWatch } from "../transport/write_watch.ts";
import type { Chance } from "./chance.ts";
import { type AcceptConditions, CALM_ACCEPTING, CALM_WIRE, type WireConditions } from "./conditions.ts";
import { type ConnectionEnd, type ConnectionEvents, SimulatedConnection } from "./connection.ts";
import { DatagramNetwork } from "./datagrams.ts";
import { FIRST_FREE_PORT, SimulatedListener } from "./listening.ts";
import type { Trace } from "./trace.ts";

/** What a client's first read has room for, as over TCP. */
const CLIENTS_PIECE_SIZE = 1024;

/** Who watches all connections: for what has to be known exactly, and not only by what a peer says. */
export interface NetworkWatcher {
  /** The network has taken bytes on the connection of a client to a server. They do not change afterwards. */
  taken(client: Endpoint, server: Endpoint, from: "client" | "server", bytes: Uint8Array): void;
}

/** Chance may decide the conditions of each connection by itself. */
export type ConditionsOf = (client: Endpoint, server: Endpoint, chance: Chance) => WireConditions;

/** Hosts that reach each other. All that it leaves to chance is decided by one seed. */
export class SimulatedNetwork {
  readonly #runtime: Runtime;
  readonly #chance: Chance;
  readonly #trace: Trace;
  readonly #listeners = new Map<string, SimulatedListener>();
  readonly #takenPorts = new Map<string, number>();
  readonly #watchers: NetworkWatcher[] = [];
  readonly #connections = new Map<string, SimulatedConnection>();
  #connected = 0;
  /** Datagrams. */
  readonly datagrams: DatagramNetwork;
  /** What happens to the bytes of the connections that are made from now on. */
  conditions: WireConditions | ConditionsOf = CALM_WIRE;
  /** What happens where somebody listens, from now on. */
  accepting: AcceptConditions = CALM_ACCEPTING;

  constructor(runtime: Runtime, chance: Chance, trace: Trace) {
    this.#runtime = runtime;
    this.#chance = chance;
    this.#trace = trace;
    this.datagrams = new DatagramNetwork(runtime, chance.fork("datagrams"));
    this.datagrams.watch(({ from, to, bytes }, fate) => {
      trace.note(`${endpointKey(from)} > ${endpointKey(to)}`, `datagram ${fate}:`, bytes);
    });
  }

  /** How many connections are open, at one end at least. */
  get open(): number {
    return this.#connections.size;
  }

  /** How many connections were ever accepted by those who listen. */
  get accepted(): number {
    return [...this.#listeners.values()].reduce((sum, { accepted }) => sum + accepted, 0);
  }

  /** How many bytes wait to be written at most on any connection that was accepted and is open. */
  get longestQueue(): number {
    return Math.max(0, ...[...this.#listeners.values()].map((listener) => listener.longestQueue));
  }

  /** What is open: connections by their client, and who listens. For the report of something that was left. */
  left(): string[] {
    return [...this.#connections.keys(), ...this.#listeners.keys()];
  }

  /** Has somebody watch all connections that are made from now on. */
  watch(watcher: NetworkWatcher): void {
    this.#watchers.push(watcher);
  }

  /** The network as a host has it. Host names are not looked up: each is its own address. */
  host(hostname: string): Network {
    return {
      connect: (endpoint, settings) => this.#connect(hostname, endpoint, settings),
      listen: (endpoint, settings, onLink) => this.#listen(endpoint, settings, onLink),
      openPort: (endpoint, settings) => this.#openPort(endpoint, settings),
    };
  }

  /** Breaks all connections of clients at a host: both sides lose them, with everything on its way. */
  cut(hostname: string): void {
    for (const [client, connection] of this.#connections) {
      if (client.startsWith(`${hostname} `)) connection.cut();
    }
  }

  #openPort(endpoint: Endpoint, settings?: DatagramSettings): DatagramPort {
    return this.datagrams.open(endpoint, settings);
  }

  #listen(endpoint: Endpoint, settings: ListenSettings, onLink: (link: HalfClosingLink) => void): Listener {
    const { hostname } = endpoint;
    const port = endpoint.port === 0 ? this.#freePort(hostname) : endpoint.port;
    const key = endpointKey({ hostname, port });
    if (this.#listeners.has(key)) {
      throw new ChatError("port-in-use", `${addressText({ hostname, port })} is in use: another program listens there`);
    }
    const watch = new WriteWatch(settings.writeTimeout ?? DEFAULT_WRITE_TIMEOUT, this.#runtime);
    const listener = new SimulatedListener({ hostname, port }, () => this.accepting, {
      ...settings,
      link: { ...settings, watch, pool: new BufferPool(), runtime: this.#runtime },
      runtime: this.#runtime,
      chance: this.#chance.fork(`listener ${key}`),
      closed: () => this.#listeners.delete(key),
    }, onLink);
    this.#listeners.set(key, listener);
    return listener;
  }

  #connect(hostname: string, to: Endpoint, settings: ConnectSettings = {}): Promise<HalfClosingLink> {
    const { connectTimeout = 10_000, signal } = settings;
    const { promise, resolve, reject } = Promise.withResolvers<HalfClosingLink>();
    const from: Endpoint = { hostname, port: this.#freePort(hostname) };
    const chance = this.#chance.fork(`connection ${++this.#connected}`);
    const conditions = typeof this.conditions === "function" ? this.conditions(from, to, chance) : this.conditions;
    const onTheWay = 2 * chance.between(conditions.latency, conditions.latency + conditions.jitter);
    const refuse = (why: string) => reject(new ChatError("unreachable", `cannot reach ${addressText(to)}: ${why}`));
    const timer = this.#runtime.after(Math.min(onTheWay, connectTimeout), () => {
      signal?.removeEventListener("abort", giveUp);
      if (onTheWay > connectTimeout) return refuse(`no answer within ${connectTimeout / 1000} s`);
      const link = this.#open(from, to, conditions, chance, settings);
      if (link === undefined) refuse("the connection was refused, nothing listens there");
      else resolve(link);
    });
    const giveUp = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    if (signal?.aborted) giveUp();
    else signal?.addEventListener("abort", giveUp, { once: true });
    return promise;
  }

  /** Connects a client with whoever listens there. */
  #open(
    from: Endpoint,
    to: Endpoint,
    conditions: WireConditions,
    chance: Chance,
    settings: ConnectSettings,
  ): HalfClosingLink | undefined {
    const subject = `${endpointKey(from)} > ${endpointKey(to)}`;
    const listener = this.#listeners.get(endpointKey(to));
    let accepted: (() => void) | undefined;
    const ends = new Set<ConnectionEnd>(["near", "far"]);
    const events = this.#eventsOf(from, to, (side) => {
      ends.delete(side);
      if (side === "far") accepted?.();
      if (ends.size === 0) this.#connections.delete(endpointKey(from));
    });
    const connection = new SimulatedConnection(this.#runtime, chance, conditions, events);
    const isWaiting = listener?.arrive({
      stream: connection.far,
      remote: from,
      whenClosed: (act) => accepted = act,
    });
    if (!isWaiting) {
      this.#trace.note(subject, "is refused");
      return undefined;
    }
    this.#trace.note(subject, "connects");
    this.#connections.set(endpointKey(from), connection);
    return new StreamLink(connection.near, to, { pieceSize: CLIENTS_PIECE_SIZE, ...settings, runtime: this.#runtime });
  }

  #eventsOf(client: Endpoint, server: Endpoint, closed: (side: ConnectionEnd) => void): ConnectionEvents {
    const trace = this.#trace;
    const there = `${endpointKey(client)} > ${endpointKey(server)}`;
    const back = `${endpointKey(server)} > ${endpointKey(client)}`;
    const names: Record<ConnectionEnd, string> = { near: there, far: back };
    return {
      taken: (side, bytes) => {
        trace.note(names[side], "sends", bytes);
        const from = side === "near" ? "client" : "server";
        for (const watcher of this.#watchers) watcher.taken(client, server, from, bytes);
      },
      given: (side, count) => trace.note(names[side], "reads", count),
      stalled: (side, duration) => trace.note(names[side], "takes nothing for ms:", Math.round(duration)),
      reset: () => trace.note(there, "is reset"),
      closed: (side) => {
        trace.note(names[side], "closes");
        closed(side);
      },
    };
  }

  #freePort(hostname: string): number {
    const port = this.#takenPorts.get(hostname) ?? FIRST_FREE_PORT;
    // Like a system's, they come round again after a while.
    this.#takenPorts.set(hostname, port === 65_535 ? FIRST_FREE_PORT : port + 1);
    return port;
  }
}
