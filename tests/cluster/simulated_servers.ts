/**
 * Several of our servers in the simulation that are one hub.
 *
 * @module
 */

import { type Latency, SimulatedBus, type SimulatedEngine } from "../../lib/cluster/testing/simulated_engine.ts";
import { parseCommandLine } from "../../lib/cli.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { Server } from "../../lib/server/server.ts";
import type { World } from "../../lib/simulation/world.ts";

/** The host of all servers, and how far apart their ports are. */
const HOST = "192.0.2.101";
const PORTS_APART = 100;

/** Servers of one cluster, on one host, each with ports of its own. */
export class SimulatedServers {
  /** What carries the cluster. */
  readonly bus: SimulatedBus;
  /** What their logs say. */
  readonly log: string[] = [];
  /** What the next ones write of the ports that they share, though each has its own here. */
  sharedPorts: string | undefined;
  readonly #servers: Server[] = [];
  readonly #engines: SimulatedEngine[] = [];
  readonly #dead = new Set<number>();
  readonly #world: World;

  /** None has started. */
  constructor(world: World, latency?: Latency) {
    this.#world = world;
    this.bus = new SimulatedBus(world.runtime, latency);
  }

  /** Starts one more; the first has the default ports. */
  async start(...options: string[]): Promise<void> {
    const { runtime, net } = this.#world;
    const label = `node${this.#servers.length + 1}`;
    const ports = DIALECTS.map(({ name, defaultPort }) =>
      `--${name}=${defaultPort + this.#servers.length * PORTS_APART}`
    );
    const command = parseCommandLine(
      ["serve", `--host=${HOST}`, ...ports, "--ack-timeout=2s", ...options],
      { colors: false, isTerminal: false },
    );
    if (command.kind !== "serve") throw new TypeError("these are not the options of a server");
    const engine = this.bus.connect();
    this.#engines.push(engine);
    const membership = { engine, label, machine: HOST, ports: this.sharedPorts, claimTtl: 10_000 };
    const surroundings = { runtime, network: net.host(HOST) };
    this.#servers.push(
      await Server.start(command.options, (_, text) => void this.log.push(text), undefined, surroundings, membership),
    );
  }

  /** One of them is cut off from the others. */
  cut(index: number): void {
    this.#engines[index]!.cut();
  }

  /** It is connected again. */
  heal(index: number): void {
    this.#engines[index]!.heal();
  }

  /** One of them dies. */
  kill(index: number): void {
    this.#engines[index]!.kill();
    this.#servers[index]!.abort();
    this.#dead.add(index);
  }

  /** Where one of them speaks a dialect. */
  at(index: number, dialect: string): Endpoint {
    return this.#servers[index]!.listeners.find((listener) => listener.dialect === dialect)!.endpoint;
  }

  /** Stops all of them. */
  async stop(): Promise<void> {
    await Promise.all(this.#servers.filter((_, index) => !this.#dead.has(index)).map((server) => server.stop()));
  }
}
