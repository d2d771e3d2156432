/**
 * A world in which one seed decides everything: when what happens, what the network does to it, and every random number.
 *
 * @module
 */

import type { Network, Surroundings } from "../core/runtime.ts";
import { Chance } from "./chance.ts";
import { SimulatedNetwork } from "./network.ts";
import { Trace } from "./trace.ts";
import { Hung, VirtualTime } from "./virtual_time.ts";

/** How a world is made. */
export interface WorldOptions {
  /** Decides everything; the same seed, the same world. */
  readonly seed: number;
  /** Reads along what happens, line by line. */
  readonly reader?: (line: string) => void;
}

/** Where a host is that nobody has named. */
const HOST = "192.0.2.1";

/**
 * Time, chance and a network for programs that take them by their ports. It has one thread and no sleep: whatever waits costs
 * nothing, and a failure is a seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ROUGH_WIRE } from "./conditions.ts";
 *
 * const world = new World({ seed: 7 });
 * world.net.conditions = ROUGH_WIRE;
 * const server = { hostname: "192.0.2.9", port: 4000 };
 * const heard = await world.run(async () => {
 *   const listener = world.net.host(server.hostname).listen(server, {}, (link) => {
 *     link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
 *   });
 *   const link = await world.network.connect(server);
 *   let heard = "";
 *   await new Promise<void>((resolve) => {
 *     link.start({
 *       receive: (bytes) => {
 *         heard += new TextDecoder().decode(bytes);
 *         if (heard === "hello") link.end("done");
 *       },
 *       ended: () => {},
 *       closed: () => resolve(),
 *     });
 *     link.write(new TextEncoder().encode("hello"));
 *   });
 *   listener.close();
 *   return heard;
 * });
 * assertEquals(heard, "hello");
 * ```
 */
export class World implements Surroundings {
  /** The seed. */
  readonly seed: number;
  /** Chance that nobody else draws from. */
  readonly chance: Chance;
  /** The time, which jumps. */
  readonly runtime: VirtualTime;
  /** What has happened. */
  readonly trace: Trace;
  /** The network as a whole: hosts, and what happens between them. */
  readonly net: SimulatedNetwork;
  /** The network as a host of no special address has it. */
  readonly network: Network;

  /** Starts at time 0, with nobody there. */
  constructor({ seed, reader }: WorldOptions) {
    this.seed = seed;
    this.chance = new Chance(seed);
    this.runtime = new VirtualTime(seed);
    this.trace = new Trace(this.runtime, reader);
    this.net = new SimulatedNetwork(this.runtime, this.chance.fork("network"), this.trace);
    this.network = this.net.host(HOST);
  }

  /**
   * Lets time pass until a promise is settled, and passes on what comes of it.
   *
   * @throws {Hung} with the seed and the last events, if nothing is left that could settle it.
   */
  async run<Result>(body: () => Promise<Result>): Promise<Result> {
    try {
      return await this.runtime.run(body);
    } catch (error) {
      if (!(error instanceof Hung)) throw error;
      const last = this.trace.last();
      throw new Hung([`seed ${this.seed}: ${error.message}. The last events:`, ...last].join("\n"), { cause: error });
    }
  }
}
