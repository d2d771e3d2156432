/**
 * Names, IDs and the members of groups on all nodes of a cluster are as those of one server: some order explains all that was told.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { runLinearizable } from "./cluster/linearizable_run.ts";

Deno.test("names, IDs and members of groups are linearizable on several nodes, whatever fails: a few seeds", async () => {
  for (let seed = 1; seed <= 4; seed++) {
    const { calls, violations } = await runLinearizable(seed, 200);
    assertEquals(violations, [], `seed ${seed}`);
    assert(calls.held + calls.groups > 100, `seed ${seed}: hardly anything was done`);
  }
});

for (const [fault, words] of [["two-holders", /was given/], ["old-lists", /said .* is in/]] as const) {
  Deno.test(`a cluster that is wrong is found out: ${fault}`, async () => {
    const found: string[] = [];
    // It is not seen in each run.
    for (let seed = 1; seed <= 12 && found.length === 0; seed++) {
      found.push(...(await runLinearizable(seed, 400, fault)).violations);
    }
    assert(found.some((violation) => words.test(violation)), found.join());
  });
}
