/**
 * Whoever talks to one node of a cluster must not be able to tell it from a server that is alone.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { loadLibrary } from "../conformance/fixtures/library.ts";
import { runTarget } from "../conformance/run/run.ts";
import { simulatedSurroundings } from "../conformance/run/simulated_surroundings.ts";
import type { Endpoint } from "../lib/core/link.ts";
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

/** How a client asks for a name, how it is told that it has it, and where it may ask again, that nobody can be asked. */
const REGISTRATIONS = {
  relay: { asks: "REGISTER TOSEND alice\n\n", has: /^REGISTERED TOSEND alice\n\n$/, cannot: /^ERROR 100 [^\n]*\n\n$/ },
  slash: { asks: "alice\n", has: /Hello alice!/, cannot: /cannot be given at the moment/ },
  room: { asks: "alice", has: /Welcome alice!/, cannot: /cannot be given at the moment/ },
} as const;

/** A connection whose text is gathered. */
async function connect(world: World, endpoint: Endpoint) {
  const link = await world.network.connect(endpoint);
  let heard = "";
  link.start({
    receive: (bytes) => heard += new TextDecoder().decode(bytes),
    ended: () => link.end("left"),
    closed: () => {},
  });
  const pass = (duration: number) => new Promise<void>((resolve) => world.runtime.after(duration, resolve));
  return {
    /** Says something, and gives what is said within the time that several nodes take to agree. */
    async say(text: string): Promise<string> {
      await pass(500);
      heard = "";
      link.write(new TextEncoder().encode(text));
      await pass(3_000);
      return heard;
    },
    close: () => link.end("done"),
  };
}

for (const [dialect, { asks, has, cannot }] of Object.entries(REGISTRATIONS)) {
  Deno.test(`${dialect}: a name that nobody can decide on is refused, and can be had when that is over`, async () => {
    const world = new World({ seed: 2 });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      await servers.start();
      await servers.start();
      const client = await connect(world, servers.at(0, dialect));
      servers.cut(0);
      assertMatch(await client.say(asks), cannot);
      assertMatch(await client.say(asks), cannot);
      servers.heal(0);
      await client.say("");
      assertMatch(await client.say(asks), has);
      client.close();
      const other = await connect(world, servers.at(1, dialect));
      if (dialect !== "relay") await other.say("");
      assertMatch(await other.say(asks), has, "it was given back, here and there");
      other.close();
      await servers.stop();
    });
  });
}
