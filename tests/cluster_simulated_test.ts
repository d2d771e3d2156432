/**
 * Whoever talks to one node of a cluster must not be able to tell it from a server that is alone.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { loadLibrary } from "../conformance/fixtures/library.ts";
import { runTarget } from "../conformance/run/run.ts";
import { simulatedSurroundings } from "../conformance/run/simulated_surroundings.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { World } from "../lib/simulation/world.ts";
import { SimulatedServers } from "./cluster/simulated_servers.ts";

for (const { name: dialect } of DIALECTS) {
  Deno.test(`${dialect}: each fixture passes with a node whose names others decide on, some time later`, async () => {
    const world = new World({ seed: 1 });
    const library = await loadLibrary(dialect, { dirs: [], embedded: true });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      await servers.start();
      await servers.start();
      const endpoint = servers.at(0, dialect);
      const { results } = await runTarget({ dialect, ...endpoint }, library, library.fixtures, {
        timeout: 5_000,
        jobs: 4,
        onResult: () => {},
        surroundings: simulatedSurroundings(world, () => endpoint),
        accommodates: false,
        seed: 1,
      });
      const failed = results.filter(({ verdict }) => verdict !== "pass");
      assertEquals(failed.map(({ fixture, verdict, failure }) => `${fixture.name}: ${verdict} ${failure?.reason}`), []);
      await servers.stop();
    });
  });
}
