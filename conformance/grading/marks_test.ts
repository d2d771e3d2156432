import { assertEquals } from "@std/assert";
import { type Some, someResult } from "../reports/testing/results.ts";
import type { Accommodated, TargetRun } from "../results/verdict.ts";
import { DEFAULT_GRADING, readGrading } from "./grading.ts";
import { marksOf } from "./marks.ts";

const NOW = new Date("2026-11-27T12:00:00Z");

/** The marks of some results, all of which were to be played. */
function mark(some: readonly Some[], grading = "", run: Partial<TargetRun> = {}) {
  const results = some.map(someResult);
  const read = grading === "" ? DEFAULT_GRADING : readGrading(grading, "grading.yaml");
  return marksOf({ results, ...run }, results.map(({ fixture }) => fixture), read, NOW);
}

/** The same as points, what all is worth, and why that is not all. */
function marks(...given: Parameters<typeof mark>) {
  return mark(...given).clauses.map(({ clause: { slug }, points, most, note }) => [slug, points, most, note]);
}

Deno.test("a clause gets the share of its points that passes, rounded down, and all of them only for all of it", () => {
  const some: Some[] = [
    { name: "relay/whole.a" },
    { name: "relay/whole.b" },
    { name: "relay/most.a" },
    { name: "relay/most.b" },
    { name: "relay/most.c", verdict: "fail" },
    { name: "relay/none", verdict: "fail" },
    { name: "relay/open", verdict: "fail", level: "may" },
  ];
  assertEquals(marks(some), [
    ["relay/whole", 2, 2, ""],
    ["relay/most", 1, 2, "2 of 3"],
    ["relay/none", 0, 2, "0 of 1"],
    ["relay/open", 0, 0, "0 of 1"],
  ]);
  const { points, most } = mark(some);
  assertEquals([points, most], [3, 6]);
  assertEquals(marks(some, "partial: none").map(([, points]) => points), [2, 0, 0, 0]);
});

Deno.test("what is blocked, or could not be played, is worth nothing, and what may be left out is not missed", () => {
  assertEquals(
    marks([
      { name: "relay/held.a" },
      { name: "relay/held.b", verdict: "blocked", reason: "needs relay/none" },
      { name: "relay/odd", verdict: "error", reason: "no descriptors" },
      { name: "relay/part.a" },
      { name: "relay/part.b", verdict: "unsupported", reason: "no empty bodies" },
      { name: "relay/out", verdict: "unsupported", reason: "no empty bodies" },
    ]),
    [
      ["relay/held", 1, 2, "1 of 2; some of it is blocked"],
      ["relay/odd", 0, 2, "0 of 1; some of it could not be played: look at it by hand"],
      ["relay/part", 2, 2, ""],
      ["relay/out", 0, 2, "no empty bodies"],
    ],
  );
});

Deno.test("a clause that was accommodated gets no more than its cap", () => {
  const accommodation = { name: "one-newline", text: "ends in one newline" } as Accommodated["accommodation"];
  const some: Some[] = [
    { name: "relay/register.a", verdict: "fail" },
    ..."bcdefghij".split("").map((letter) => ({
      name: `relay/register.${letter}`,
    })),
  ];
  const accommodated = [{ accommodation, result: someResult(some[0]) }];
  const note = "9 of 10; it ends in one newline, which was accommodated";
  const worth = (cap: number) => `levels: { must: 10 }\naccommodated: ${cap}`;
  assertEquals(marks(some, worth(50), { accommodated }), [["relay/register", 5, 10, note]]);
  assertEquals(marks(some, worth(0), { accommodated }), [["relay/register", 0, 10, note]]);
  assertEquals(marks(some, worth(100), { accommodated }), [["relay/register", 9, 10, note]]);
});

Deno.test("what was not played counts against it, whether it could not be reached or was broken off", () => {
  const { fixture } = someResult({ name: "relay/forward" });
  const nobody = marksOf({ results: [], unreachable: "nothing listens there" }, [fixture], DEFAULT_GRADING, NOW);
  assertEquals([nobody.points, nobody.most, nobody.clauses[0]?.note], [0, 2, "not played: nothing listens there"]);
  const results = [someResult({ name: "relay/forward.a" })];
  const fixtures = [...results.map(({ fixture }) => fixture), someResult({ name: "relay/forward.b" }).fixture];
  const partly = marksOf({ results, isBrokenOff: true }, fixtures, DEFAULT_GRADING, NOW);
  assertEquals([partly.points, partly.most, partly.clauses[0]?.note], [1, 2, "1 of 2; 1 not played"]);
});

Deno.test("what is due later is not worth anything yet", () => {
  const grading = "clauses:\n  relay/*: { due: 2026-12-01, hidden: until-due }";
  const [before] = mark([{ name: "relay/forward" }], grading).clauses;
  assertEquals([before?.points, before?.most, before?.isHidden], [0, 0, true]);
  assertEquals(before?.note, "counts from 2026-12-01 on");
  const [since] = mark([{ name: "relay/forward" }], grading.replace("2026-12-01", "2026-11-27")).clauses;
  assertEquals([since?.points, since?.most, since?.isHidden, since?.isHiddenUntilDue], [2, 2, false, true]);
});
