/**
 * What a run in the simulation has around it.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import type { World } from "../../lib/simulation/world.ts";
import type { RunSurroundings } from "./surroundings.ts";

/** The host of the clients: as in most runs, that of the server too. */
const HOST = "127.0.0.1";

/** A world as a run needs it. Servers in it are found by their address, or where `moved` says that the target is now. */
export function simulatedSurroundings({ runtime, net }: World, moved?: () => Endpoint): RunSurroundings {
  const network = net.host(HOST);
  return {
    runtime,
    connect: (target, options) => network.connect(moved?.() ?? target, options),
    openPortTo: (server, { port = 0, ...options }) =>
      Promise.resolve({ port: network.openPort({ hostname: HOST, port }, options), server: moved?.() ?? server }),
    isLossy: () => {
      const { loss, duplication, delay: [shortest, longest] } = net.datagrams.conditions;
      return loss > 0 || duplication > 0 || shortest < longest;
    },
  };
}
