import { assertEquals, assertThrows } from "@std/assert";
import type { Marks } from "../grading/marks.ts";
import { JSON_SCHEMA_ID } from "../reports/json.ts";
import { outcomeOf, unplayedOutcome } from "./outcome.ts";
import { submissionsIn } from "./submission.ts";

const [ANN] = submissionsIn("/course", ["ann"]);
const MARKS: Marks = {
  points: 0,
  most: 5,
  clauses: (["relay/a", "relay/b", "relay/c"] as const).map((slug, i) => ({
    clause: { slug, level: "must", text: slug },
    points: 0,
    most: [2, 2, 1][i]!,
    isHidden: false,
    isHiddenUntilDue: false,
    note: "",
  })),
};

/** A report on one server, of which `more` is known. */
function report(more: object, status = 1): unknown {
  const target = { points: 0, most: 5, causes: [], clauses: [], fixtures: [], ...more };
  return { schema: JSON_SCHEMA_ID, status, targets: [target] };
}

const PARTLY = report({
  points: 3,
  first: "First: the server crashes.",
  causes: [{ name: "crashes", text: "crashes in relay/b", fixtures: ["relay/b.x"], blocks: [] }],
  clauses: [
    { slug: "relay/a", verdict: "pass", points: 2, most: 2 },
    { slug: "relay/b", verdict: "fail", points: 1, most: 2 },
    { slug: "relay/not-selected", verdict: "none" },
  ],
  fixtures: [
    { name: "relay/a", clause: "relay/a", verdict: "pass" },
    { name: "relay/b.x", clause: "relay/b", verdict: "fail", recurrence: { when: "sometimes" } },
    { name: "relay/b.y", clause: "relay/b", verdict: "blocked" },
    { name: "relay/b.z", clause: "relay/b", verdict: "error" },
  ],
});

Deno.test("what became of a submission is what the report of its run says", () => {
  const outcome = outcomeOf(ANN!, PARTLY, MARKS, { duration: 7 });
  const { ending, conforms, points, most, first, fixtures, blocked, sometimes, errors, duration } = outcome;
  assertEquals([ending, conforms, points, most, duration], ["played", false, 3, 5, 7]);
  assertEquals([first, fixtures, blocked], ["First: the server crashes.", 4, 1]);
  assertEquals([sometimes, errors], [["relay/b.x"], ["relay/b.z"]]);
  assertEquals(outcome.causes, [{ name: "crashes", text: "crashes in relay/b", clause: "relay/b" }]);
});

Deno.test("each clause that was asked for has its marks, also one that the report does not have", () => {
  assertEquals(outcomeOf(ANN!, PARTLY, MARKS, { duration: 7 }).clauses, {
    "relay/a": { verdict: "pass", points: 2, most: 2 },
    "relay/b": { verdict: "fail", points: 1, most: 2 },
    "relay/c": { verdict: "none", points: 0, most: 1 },
  });
});

Deno.test("a run that was broken off is one, and keeps what it got until then", () => {
  const { ending, points, why } = outcomeOf(ANN!, report({ brokenOff: true, points: 2 }), MARKS, {
    duration: 1,
    why: "it ran for more than 120 s",
  });
  assertEquals([ending, points, why], ["broken off", 2, "it ran for more than 120 s"]);
});

Deno.test("a server that takes no connection does not start", () => {
  const { ending, why, most } = outcomeOf(ANN!, report({ unreachable: "it ends" }, 3), MARKS, { duration: 1 });
  assertEquals([ending, why, most], ["does not start", "it ends", 5]);
});

Deno.test("what conforms has status 0, and nothing else has", () => {
  assertEquals([0, 1, 2, 3].map((status) => outcomeOf(ANN!, report({}, status), MARKS, { duration: 1 }).conforms), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("of what was not played all clauses are worth nothing, of all that there is", () => {
  const { ending, why, points, most, clauses } = unplayedOutcome(ANN!, MARKS, {
    ending: "does not build",
    why: "it ends",
    duration: 1,
  });
  assertEquals([ending, why, points, most], ["does not build", "it ends", 0, 5]);
  assertEquals(Object.values(clauses).map(({ verdict, points, most }) => [verdict, points, most]), [
    ["none", 0, 2],
    ["none", 0, 2],
    ["none", 0, 1],
  ]);
});

Deno.test("what is no report of this version is told, and not read", () => {
  for (const odd of [undefined, null, "", [], {}, { schema: "urn:chat:conform-report:1", targets: [] }]) {
    assertThrows(() => outcomeOf(ANN!, odd, MARKS, { duration: 1 }), TypeError, "no report in JSON");
  }
});
