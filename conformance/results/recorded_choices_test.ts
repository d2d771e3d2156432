import { assertEquals } from "@std/assert";
import type { Fixture } from "../fixtures/fixture.ts";
import { reconcile } from "./recorded_choices.ts";
import { countsAgainst, type Result } from "./verdict.ts";

function result(name: string, choices: Readonly<Record<string, string>>, verdict: Result["verdict"] = "pass"): Result {
  const fixture: Fixture = {
    name,
    clause: { slug: `demo/${name}`, level: "may", text: name },
    title: name,
    file: `${name}.chat`,
    needs: [],
    exclusive: false,
    patient: false,
    steps: [],
  };
  const place = { file: `${name}.chat`, line: 9 };
  const chosen = Object.entries(choices).map(([choice, value]) => ({ choice, value, place }));
  return { fixture, verdict, chosen, duration: 0 };
}

Deno.test("choices that are made the same way throughout are recorded once", () => {
  const { results, recorded } = reconcile([
    result("a", { word: "SENT" }),
    result("b", { word: "SENT", self: "refused" }),
  ]);
  assertEquals(results.map(({ verdict }) => verdict), ["pass", "pass"]);
  assertEquals(recorded, [{ choice: "word", value: "SENT" }, { choice: "self", value: "refused" }]);
});

Deno.test("a choice that is made differently fails the later fixture, and counts although it is a may", () => {
  const { results } = reconcile([
    result("a", { word: "SENT" }),
    result("b", { word: "SEND" }),
    result("c", { word: "SENT" }),
  ]);
  assertEquals(results.map(({ verdict }) => verdict), ["pass", "fail", "pass"]);
  assertEquals(results[1]?.failure?.kind, "inconsistent");
  assertEquals(results[1]?.failure?.reason, "word is SEND here, but was SENT at a.chat:9");
  assertEquals(countsAgainst(results[1]!, false), true);
});

Deno.test("a fixture that failed anyway keeps its own failure", () => {
  const { results } = reconcile([result("a", { word: "SENT" }), result("b", { word: "SEND" }, "fail")]);
  assertEquals(results[1]?.failure, undefined);
});

Deno.test("without strictness only a must counts, with it a should as well, and a may never", () => {
  const level = (level: "must" | "should" | "may", verdict: Result["verdict"]): Result => {
    const { fixture, ...rest } = result("a", {}, verdict);
    return { ...rest, fixture: { ...fixture, clause: { ...fixture.clause, level } } };
  };
  const table = (["must", "should", "may"] as const).map((one) =>
    (["pass", "fail", "blocked", "unsupported", "error"] as const).map((verdict) =>
      [false, true].map((strict) => countsAgainst(level(one, verdict), strict) ? "x" : "-").join("")
    ).join(" ")
  );
  assertEquals(table, ["-- xx xx -- --", "-- -x -x -- --", "-- -- -- -- --"]);
});
