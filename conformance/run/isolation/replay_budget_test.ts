import { assert, assertEquals } from "@std/assert";
import { SOME_FAILURE, someResult } from "../../reports/testing/results.ts";
import { ReplayBudget } from "./replay_budget.ts";

const place = { file: "prelude.chat", line: 7, calledFrom: { file: "a.chat", line: 3 } };
const failed = (name: string) => someResult({ name, verdict: "fail", failure: { ...SOME_FAILURE, place } });

Deno.test("what others have begun with, and gone on, is played again when all time is spent, until it has failed twice", () => {
  const budget = new ReplayBudget();
  budget.confirmed(someResult({ name: "relay/dear", verdict: "fail", failure: SOME_FAILURE }), 60_000);
  assertEquals(budget.allows(failed("relay/a"), 1_000), false);
  assert(budget.allows(failed("relay/a"), 1_000, { isInProvenSetUp: true }));
  budget.confirmed(failed("relay/a"), 5_000);
  assert(budget.allows(failed("relay/b"), 1_000, { isInProvenSetUp: true }));
  budget.confirmed(failed("relay/b"), 5_000);
  assertEquals(budget.allows(failed("relay/c"), 1_000, { isInProvenSetUp: true }), false);
});

Deno.test("what is played again beside the run may take as much more time as it is several at a time", () => {
  const budget = new ReplayBudget();
  for (let i = 0; i < 4; i++) budget.confirmed(failed(`relay/a${i}`), 1_000);
  assertEquals(budget.allows(failed("relay/b"), 1_000), false);
  assert(budget.allows(failed("relay/b"), 1_000, { width: 4 }));
});
