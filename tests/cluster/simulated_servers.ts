/**
 * Several of our servers in the simulation that are one hub.
 *
 * @module
 */

import { SimulatedBus, type SimulatedEngine } from "../../lib/cluster/testing/simulated_engine.ts";
import { parseCommandLine } from "../../lib/cli.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { Server } from "../../lib/server/server.ts";
import type { World } from "../../lib/simulation/world.ts";

/** Servers of one cluster, each on a host of its own. */
export class SimulatedServers {
  /** What carries the cluster. */
  readonly bus: SimulatedBus;
  readonly #servers: Server[] = [];
  readonly #engines: SimulatedEngine[] = [];
  readonly #dead = new Set<number>();
  readonly #world: World;

  /** None has started. */
  constructor(world: World) {
    this.#world = world;
    this.bus = new SimulatedBus(world.runtime);
  }

  /** Starts one more, with the default ports, which is given what its log says. */
  async start(...options: string[]): Promise<void> {
    const { runtime, net } = this.#world;
    const label = `node${this.#servers.length + 1}`;
    const host = `192.0.2.${this.#servers.length + 101}`;
    const ports = DIALECTS.map(({ name, defaultPort }) => `--${name}=${defaultPort}`);
    const command = parseCommandLine(
      ["serve", `--host=${host}`, ...ports, "--ack-timeout=2s", ...options],
      { colors: false, isTerminal: false },
    );
    if (command.kind !== "serve") throw new TypeError("these are not the options of a server");
    const engine = this.bus.connect();
    this.#engines.push(engine);
    const membership = { engine, label, claimTtl: 10_000 };
    const surroundings = { runtime, network: net.host(host) };
    this.#servers.push(await Server.start(command.options, () => {}, undefined, surroundings, membership));
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
