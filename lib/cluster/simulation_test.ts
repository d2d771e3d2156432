import { assert, assertEquals } from "@std/assert";
import { runCluster } from "./testing/cluster_run.ts";

Deno.test("names have one holder, outcomes are true and all heals, whatever fails: many seeds", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { violations, events, messages, delivered } = await runCluster(seed, 1_000);
    assertEquals(violations, [], `seed ${seed}\n${events.join("\n")}`);
    assert(delivered > messages / 5, `seed ${seed}: hardly anything arrived`);
  }
});
