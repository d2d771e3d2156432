import { assertEquals } from "@std/assert";
import { Baseline } from "./baseline.ts";
import { SOME_FAILURE, someResult, someRun } from "../reports/testing/results.ts";
import { judgementsOf } from "./judgement.ts";
import type { Result } from "./verdict.ts";

function judgements(results: readonly Result[], strict = false, known?: string): string[] {
  return [...judgementsOf(someRun(results), strict, known === undefined ? undefined : new Baseline(known, "known.txt"))]
    .map(([{ fixture }, judgement]) => `${fixture.name} ${judgement}`);
}

const RESULTS = [
  someResult({ name: "relay/a", verdict: "fail" }),
  someResult({ name: "relay/b", verdict: "blocked", reason: "needs relay/a" }),
  someResult({ name: "relay/c", verdict: "fail", level: "should" }),
  someResult({ name: "relay/d", verdict: "fail", level: "may" }),
  someResult({ name: "relay/e", verdict: "unsupported", level: "may" }),
  someResult({ name: "relay/f", verdict: "error" }),
  someResult({ name: "relay/g" }),
];

Deno.test("a failure counts by its level, and what it blocks is not a failure of its own", () => {
  assertEquals(judgements(RESULTS), [
    "relay/a fail",
    "relay/b blocked",
    "relay/c not counted",
    "relay/d not counted",
    "relay/e unsupported",
    "relay/f error",
    "relay/g pass",
  ]);
  assertEquals(judgements(RESULTS, true)[2], "relay/c fail");
});

Deno.test("what is blocked by something that does not count counts itself", () => {
  assertEquals(judgements(RESULTS.slice(1, 3)), ["relay/b fail", "relay/c not counted"]);
});

Deno.test("a choice that is made in two ways counts at every level", () => {
  const failure = { ...SOME_FAILURE, kind: "inconsistent" as const };
  assertEquals(judgements([someResult({ name: "relay/a", verdict: "fail", level: "may", failure })]), [
    "relay/a fail",
  ]);
});

Deno.test("with a baseline, expected failures do not count, new ones do, and so does a listed one that is none", () => {
  const known = "fail relay/a\nblocked relay/b\nfail relay/g\nfail relay/e\n";
  assertEquals(judgements(RESULTS, true, known), [
    "relay/a expected failure",
    "relay/b expected failure",
    "relay/c fail",
    "relay/d not counted",
    "relay/e unexpected pass",
    "relay/f error",
    "relay/g unexpected pass",
  ]);
  // What an expected failure blocks all at once, a crash perhaps, is not what was listed.
  assertEquals(judgements(RESULTS.slice(0, 2), false, "fail relay/a\n"), ["relay/a expected failure", "relay/b fail"]);
});

Deno.test("what fails now and then is neither a failure that counts nor one that is none any more, and what it blocks is neither", () => {
  const known = "flaky relay/a 1 of 9\nflaky relay/g 2 of 9\n";
  const results = [RESULTS[0]!, { ...RESULTS[1]!, blockedBy: "relay/a" }, RESULTS[6]!];
  assertEquals(judgements(results, false, known), ["relay/a expected failure", "relay/b blocked", "relay/g pass"]);
  assertEquals(judgements([{ ...RESULTS[1]!, blockedBy: "relay/x" }], false, known), ["relay/b fail"]);
});

Deno.test("variants are expected, new and unexpected together, by their clause", () => {
  const failing = [
    someResult({ name: "relay/a" }),
    someResult({ name: "relay/a", variation: "bytewise" }),
    someResult({ name: "relay/a", variation: "cut-1", verdict: "fail" }),
    someResult({ name: "relay/b", variation: "cut-7", verdict: "blocked" }),
  ];
  const known = "fail relay/stream-split~*\n";
  assertEquals(judgements(failing, false, known), [
    "relay/a pass",
    "relay/a~bytewise pass",
    "relay/a~cut-1 expected failure",
    "relay/b~cut-7 blocked",
  ]);
  assertEquals(judgements(failing, false, "").slice(2), ["relay/a~cut-1 fail", "relay/b~cut-7 blocked"]);
  const passing = [0, 1].map((i) => someResult({ name: "relay/a", variation: `cut-${i}` }));
  assertEquals(judgements(passing, false, known), ["relay/a~cut-0 unexpected pass", "relay/a~cut-1 pass"]);
  // A run without --segmentation says nothing about them.
  assertEquals(judgements(failing.slice(0, 1), false, known), ["relay/a pass"]);
});
