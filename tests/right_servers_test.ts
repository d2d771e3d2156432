/**
 * Nobody who is right fails a fixture because the network is slow, or the way bytes are cut. A seed that fails is printed; RIGHT_SERVERS_SEED
 * plays it again.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { playRightServers } from "./simulation/right_servers.ts";

const SEEDS = 5;

Deno.test("right servers behind networks of five fresh seeds fail no fixture", async () => {
  const chosen = Deno.env.get("RIGHT_SERVERS_SEED");
  const seeds = chosen === undefined ? [...crypto.getRandomValues(new Uint32Array(SEEDS))] : [Number(chosen)];
  for (const seed of seeds) assertEquals(await playRightServers(seed), []);
});
