/**
 * Servers that are wrong in several ways at once: each broken clause is named, and no other. Seeds that fail are printed; COMBINED_SEED plays it
 * again, and `deno task nightly` plays 500.
 *
 * @module
 */

import { assert } from "@std/assert";
import { Combinations } from "../conformance/self_test/combined.ts";
import { Chance } from "../lib/simulation/chance.ts";

const SEEDS = 3;

Deno.test("of servers that are wrong in several ways, all that is broken is named, and nothing else", async () => {
  const chosen = Deno.env.get("COMBINED_SEED");
  const seeds = chosen === undefined ? [...crypto.getRandomValues(new Uint32Array(SEEDS))] : [Number(chosen)];
  const combinations = new Combinations();
  const odd: string[] = [];
  for (const seed of seeds) {
    const { wrong, missed, blamed, misled = [] } = await combinations.attempt(new Chance(seed));
    const what = [...missed, ...blamed, ...[misled].flat()].join(", ");
    if (what !== "") odd.push(`COMBINED_SEED=${seed}: ${wrong.join(" + ")}: ${what}`);
  }
  // One in fifty hides something that only a person can tell: see decision 44.
  assert(odd.length < Math.min(2, seeds.length), odd.join("\n"));
});
