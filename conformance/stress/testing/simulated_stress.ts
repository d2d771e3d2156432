/**
 * Runs in the simulation.
 *
 * @module
 */

import { CALM_DATAGRAMS, CALM_WIRE } from "../../../lib/simulation/conditions.ts";
import { World } from "../../../lib/simulation/world.ts";
import type { Surroundings } from "../../../lib/core/runtime.ts";
import type { Running } from "../../mutants/mutant.ts";
import type { Driver } from "../driver.ts";
import { FaultyDatagrams } from "../drivers/faulty_datagrams.ts";
import { FAULT_KINDS } from "../faults.ts";
import { FreezingSurroundings } from "./freezing_surroundings.ts";
import { stress, type StressOptions, type StressRun } from "../stress.ts";

/** Where the clients are. */
const HOST = "127.0.0.1";

/** Has users act against a server that is started for them, with all faults unless something else is said. */
export async function simulateStress(
  driver: Driver,
  start: (surroundings: Surroundings) => Running,
  options: Partial<StressOptions> & { readonly seed: number },
): Promise<StressRun> {
  const world = new World({ seed: options.seed });
  world.net.conditions = { ...CALM_WIRE, latency: 0.2, jitter: 0.3 };
  return await world.run(async () => {
    world.net.datagrams.conditions = { ...CALM_DATAGRAMS, delay: [0.3, 0.3] };
    const freezing = new FreezingSurroundings(world);
    const server = start(freezing);
    const network = world.net.host(HOST);
    const connect = (canReset: boolean) =>
      driver.isConnectionless
        ? Promise.resolve(
          new FaultyDatagrams(network.openPort({ hostname: HOST, port: 0 }), server.endpoint, world.runtime),
        )
        : network.connect(server.endpoint, { canReset });
    const all = { users: 16, duration: 10_000, timeout: 5_000, faults: FAULT_KINDS, ...options };
    try {
      return await stress(driver, {
        runtime: world.runtime,
        connect,
        freeze: (isStopped) => freezing.freeze(isStopped),
      }, all);
    } finally {
      await server.stop();
    }
  });
}
