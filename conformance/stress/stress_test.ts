/**
 * Many clients at once, in the simulation: what is right is not blamed, and each race is found. STRESS_SEEDS says with how many seeds.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { RelayServer } from "../../lib/dialects/relay/server.ts";
import type { Surroundings } from "../../lib/core/runtime.ts";
import type { Running } from "../mutants/mutant.ts";
import { ServingDialect } from "../mutants/serving.ts";
import { check } from "./checkers/checkers.ts";
import { RELAY_DRIVER } from "./drivers/relay.ts";
import { simulateStress } from "./testing/simulated_stress.ts";
import { RELAY_RACES, type RelayRace, threadedRelay } from "./testing/threaded_relay.ts";

/** How many seeds there are for each; CI has time for a few. */
const SEEDS = Number(Deno.env.get("STRESS_SEEDS") ?? 2);
const LIMITS = { ackTimeout: 2_000, maxMessage: 65_536 };
/** All races are looked for with as much virtual time at first, in milliseconds, and with more only if that was too little. */
const FIRST = 800;

const RIGHT: Readonly<Record<string, (surroundings: Surroundings) => Running>> = {
  "our relay server": (surroundings) =>
    new ServingDialect((context) => new RelayServer(context, { reply: "SENT" }), LIMITS, surroundings),
  "a right relay server with threads": (surroundings) => threadedRelay(surroundings),
};

for (const [words, start] of Object.entries(RIGHT)) {
  Deno.test(`${words} is not blamed for what faults of clients do`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { history } = await simulateStress(RELAY_DRIVER, start, { seed, duration: SEEDS > 2 ? 10_000 : 1_500 });
      assertEquals(check(history), [], `seed ${seed}`);
      const confirmed = history.sendings.filter(({ outcome }) => outcome === "ok").length;
      assert(confirmed > 100 && history.lives.length > 50, `seed ${seed}: too little has happened`);
      assert(history.lives.some(({ faults }) => faults.length > 0), `seed ${seed}: there were no faults`);
    }
  });
}

for (const [race, words] of Object.entries(RELAY_RACES) as [RelayRace, string][]) {
  Deno.test(`a relay server that ${words} is found out`, async () => {
    const start = (surroundings: Surroundings) => threadedRelay(surroundings, race);
    let found = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      for (const duration of [FIRST, 10_000]) {
        const { history } = await simulateStress(RELAY_DRIVER, start, { seed, duration });
        if (check(history).length === 0) continue;
        found++;
        break;
      }
    }
    assert(found >= 0.95 * SEEDS, `in ${found} of ${SEEDS} seeds`);
  });
}

Deno.test("the same seed does the same, another one something else", async () => {
  const run = async (seed: number) =>
    (await simulateStress(RELAY_DRIVER, RIGHT["our relay server"]!, { seed, duration: 300 })).history;
  const first = await run(1);
  assertEquals(await run(1), first);
  assert((await run(2)).sendings.length !== first.sendings.length);
});
