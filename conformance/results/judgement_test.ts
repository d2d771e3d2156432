import { assertEquals } from "@std/assert";
import { Baseline } from "./baseline.ts";
import { SOME_FAILURE, someResult, someRun } from "../reports/testing/results.ts";
import { judgementsOf } from "./judgement.ts";
import type { Result } from "./verdict.ts";

function standings(results: readonly Result[], strict = false, known?: string): string[] {
  return [...judgementsOf(someRun(results), strict, known === undefined ? undefined : new Baseline(known, "known.txt"))]
    .map(([{ fixture }, standing]) => `${fixture.name} ${standing}`);
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
  assertEquals(standings(RESULTS), [
    "relay/a failed",
    "relay/b blocked",
    "relay/c tolerated",
    "relay/d tolerated",
    "relay/e declined",
    "relay/f error",
    "relay/g passed",
  ]);
  assertEquals(standings(RESULTS, true)[2], "relay/c failed");
});

Deno.test("what is blocked by something that does not count counts itself", () => {
  assertEquals(standings(RESULTS.slice(1, 3)), ["relay/b failed", "relay/c tolerated"]);
});

Deno.test("a choice that is made in two ways counts at every level", () => {
  const failure = { ...SOME_FAILURE, kind: "inconsistent" as const };
  assertEquals(standings([someResult({ name: "relay/a", verdict: "fail", level: "may", failure })]), [
    "relay/a failed",
  ]);
});

Deno.test("with a baseline, known failures do not count, new ones do, and so does a listed one that is none", () => {
  const known = "fail relay/a\nblocked relay/b\nfail relay/g\nfail relay/e\n";
  assertEquals(standings(RESULTS, true, known), [
    "relay/a known",
    "relay/b known",
    "relay/c failed",
    "relay/d tolerated",
    "relay/e mended",
    "relay/f error",
    "relay/g mended",
  ]);
  // What a known failure blocks all at once, a crash perhaps, is not what was listed.
  assertEquals(standings(RESULTS.slice(0, 2), false, "fail relay/a\n"), ["relay/a known", "relay/b failed"]);
});

Deno.test("variants are known, new and mended together, by their clause", () => {
  const failing = [
    someResult({ name: "relay/a" }),
    someResult({ name: "relay/a", variation: "bytewise" }),
    someResult({ name: "relay/a", variation: "cut-1", verdict: "fail" }),
    someResult({ name: "relay/b", variation: "cut-7", verdict: "blocked" }),
  ];
  const known = "fail relay/stream-split~*\n";
  assertEquals(standings(failing, false, known), [
    "relay/a passed",
    "relay/a~bytewise passed",
    "relay/a~cut-1 known",
    "relay/b~cut-7 blocked",
  ]);
  assertEquals(standings(failing, false, "").slice(2), ["relay/a~cut-1 failed", "relay/b~cut-7 blocked"]);
  const passing = [0, 1].map((i) => someResult({ name: "relay/a", variation: `cut-${i}` }));
  assertEquals(standings(passing, false, known), ["relay/a~cut-0 mended", "relay/a~cut-1 passed"]);
  // A run without --segmentation says nothing about them.
  assertEquals(standings(failing.slice(0, 1), false, known), ["relay/a passed"]);
});
