import { assertEquals } from "@std/assert";
import { Phases } from "./phases.ts";

async function renewals(isByTurns: boolean, ...entered: readonly number[]): Promise<number> {
  let count = 0;
  const phases = new Phases(() => () => Promise.resolve(void count++), isByTurns);
  for (const phase of entered) await phases.enter(phase);
  return count;
}

Deno.test("each phase has a fresh server, on one that plays fixtures by turns an earlier one behind a later one as well", async () => {
  assertEquals(await renewals(false, 0, 0, 1, 1, 3, 3), 2);
  assertEquals(await renewals(true, 0, 0, 3, 4, 4, 1, 1), 3);
});
