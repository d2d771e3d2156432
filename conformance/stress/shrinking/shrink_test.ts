import { assert, assertEquals } from "@std/assert";
import type { Surroundings } from "../../../lib/core/runtime.ts";
import { check } from "../checkers/checkers.ts";
import { RELAY_DRIVER } from "../drivers/relay.ts";
import type { OperationHistory } from "../history.ts";
import { operationsOf } from "./script.ts";
import { type Replaying, shrink, type Shrunk, shrunkText } from "./shrink.ts";
import { simulateStress } from "../testing/simulated_stress.ts";
import { RELAY_RACES, type RelayRace, threadedRelay } from "../testing/threaded_relay.ts";

/** How many seeds there are for each race; CI has time for one, and for a few of the races. */
const SEEDS = Number(Deno.env.get("STRESS_SEEDS") ?? 1);
/** Whoever leaves must stand before others in the table there, where only chance puts it: 7 messages are left. */
const LARGE: readonly RelayRace[] = ["changing-table"];
const RACES = (Object.keys(RELAY_RACES) as RelayRace[]).filter((race) => !LARGE.includes(race));
const FEW: readonly RelayRace[] = ["unlocked-write", "task-a-message", "shared-sender", "sent-again"];
/** What was found with one seed may be made smaller in so many runs. */
const RUNS = 500;

/** What is left of what a seed finds; nothing if it finds nothing, or not again. */
async function shrunk(race: RelayRace, seed: number): Promise<Shrunk | undefined> {
  const start = (surroundings: Surroundings) => threadedRelay(surroundings, race);
  const once = (duration: number) => simulateStress(RELAY_DRIVER, start, { seed, duration });
  let run = await once(800);
  if (check(run.history).length === 0) run = await once(10_000);
  const [first] = check(run.history);
  if (first === undefined) return undefined;
  let runs = 0;
  const replay: Replaying["replay"] = async (script) => {
    const options = { seed: 1_000 * seed + runs++, users: script.length, script, repeatFor: 300, duration: 3_000 };
    const { history } = await simulateStress(RELAY_DRIVER, start, options);
    const [finding] = check(history, [first.clause]);
    return finding && { history, finding, begun: 0 };
  };
  return await shrink(run, check(run.history, [first.clause]), { replay, left: () => RUNS - runs });
}

for (const race of SEEDS === 1 ? FEW : RACES) {
  Deno.test(`what was found of ${race} is shrunk to at most 4 users and 6 operations`, async () => {
    const large: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const smallest = await shrunk(race, seed);
      const isSmall = smallest !== undefined && smallest.script.length <= 4 && operationsOf(smallest.script) <= 6;
      if (!isSmall) large.push(`seed ${seed}: ${smallest === undefined ? "not found again" : shrunkText(smallest)}`);
    }
    assert(large.length <= 0.05 * SEEDS, large.join("\n"));
  });
}

Deno.test("what is never found again is not shrunk", async () => {
  const step = { kind: "send", to: 0, count: 1, size: 24, filling: "words" } as const;
  const steps = [[{ step, atBeat: false, pause: 0, at: 5 }]];
  const finding = { clause: "concurrent-whole", text: "", at: 10, lives: [], sendings: [] };
  const history = { lives: [], sendings: [] } as unknown as OperationHistory;
  let runs = 0;
  const replaying = { replay: () => Promise.resolve(void runs++), left: () => 1_000 };
  assertEquals(await shrink({ steps, history }, [finding], replaying), undefined);
  assert(runs >= 3 && runs < 100, `${runs} runs`);
});
