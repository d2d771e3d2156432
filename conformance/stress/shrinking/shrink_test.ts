import { assert, assertEquals } from "@std/assert";
import type { Surroundings } from "../../../lib/core/runtime.ts";
import { check } from "../checkers/checkers.ts";
import { RELAY_DRIVER } from "../drivers/relay.ts";
import type { OperationHistory } from "../history.ts";
import { operationsOf } from "./script.ts";
import { type Replaying, shrink, shrunkText } from "./shrink.ts";
import { simulateStress } from "../testing/simulated_stress.ts";
import { type RelayRace, threadedRelay } from "../testing/threaded_relay.ts";

async function shrunk(race: RelayRace) {
  const start = (surroundings: Surroundings) => threadedRelay(surroundings, race);
  const run = await simulateStress(RELAY_DRIVER, start, { seed: 1, duration: 800 });
  const [first] = check(run.history);
  assert(first !== undefined);
  let seed = 100;
  const replay: Replaying["replay"] = async (script) => {
    const options = { seed: seed++, users: script.length, script, repeatFor: 300, duration: 3_000 };
    const { history } = await simulateStress(RELAY_DRIVER, start, options);
    const finding = check(history).find(({ clause }) => clause === first.clause);
    return finding && { history, finding, begun: 0 };
  };
  const findings = check(run.history, [first.clause]);
  const smallest = await shrink(run, findings, { replay, left: () => 600 - seed });
  assert(smallest !== undefined, "not found again");
  return smallest;
}

for (const race of ["unlocked-write", "task-a-message", "shared-sender", "sent-again"] as const) {
  Deno.test(`what was found of ${race} is shrunk to at most 4 users and 6 operations`, async () => {
    const smallest = await shrunk(race);
    const { script, found } = smallest;
    assert(script.length <= 4 && operationsOf(script) <= 6 && found >= 1, shrunkText(smallest));
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
