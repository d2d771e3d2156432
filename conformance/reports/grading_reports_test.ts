import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readGrading } from "../grading/grading.ts";
import { classroom50Report } from "./classroom50.ts";
import { csvReport } from "./csv.ts";
import { gradescopeReport } from "./gradescope.ts";
import { reportDataOf } from "./testing/report_data.ts";
import { ANY_RUN, someResult, someRun } from "./testing/results.ts";

const RESULTS = [
  someResult({ name: "relay/good" }),
  someResult({ name: "relay/bad", verdict: "fail" }),
  someResult({ name: "relay/secret", verdict: "fail", level: "should" }),
  someResult({ name: "relay/open", verdict: "fail", level: "may" }),
];
const GRADING = readGrading("clauses: { relay/secret: { hidden: yes }, relay/good: { hidden: until-due } }", "g.yaml");
const DATA = reportDataOf([someRun(RESULTS)], { grading: GRADING });

/** What Gradescope's specification has (grading formats): no other members, each of its kind. */
const GRADESCOPE = {
  top: ["score", "execution_time", "output", "extra_data", "output_format", "test_output_format", "tests"],
  test: ["score", "max_score", "status", "name", "output", "tags", "visibility"],
};

Deno.test("Gradescope gets a test for each clause that is worth anything, and sees of a hidden one the name alone", () => {
  const { tests, ...about } = JSON.parse(gradescopeReport(DATA));
  assertEquals(about.output_format, "text");
  assertEquals(
    tests.map(({ name, score, max_score: most, status, visibility, tags }: Record<string, unknown>) => {
      return [name, score, most, status, visibility, tags];
    }),
    [
      ["relay/good", 2, 2, "passed", "after_due_date", ["must"]],
      ["relay/bad", 0, 2, "failed", "visible", ["must"]],
      ["relay/secret", 0, 1, "failed", "visible", ["should"]],
    ],
  );
  const [good, bad, secret] = tests;
  assertEquals([good.output, secret.output], ["what relay/good says", undefined]);
  assertEquals(bad.output.split("\n").slice(0, 4), [
    "what relay/bad says",
    "0 of 1",
    "",
    "It works",
  ]);
});

Deno.test("Classroom 50 gets whole numbers, and passed for full marks", () => {
  assertEquals(JSON.parse(classroom50Report(DATA)), {
    schema: "classroom50/result/v1",
    ...{ classroom: "", assignment: "", submission: "", commit: "", release: "", review: "" },
    datetime: "2026-11-20T12:00:00.123Z",
    score: 2,
    "max-score": 5,
    tests: [
      { "test-name": "relay/good", passed: true, score: 2, "max-score": 2 },
      { "test-name": "relay/bad", passed: false, score: 0, "max-score": 2 },
      { "test-name": "relay/secret", passed: false, score: 0, "max-score": 1 },
    ],
  });
});

Deno.test("a table has a row for each clause, and nothing that a spreadsheet takes for a formula", () => {
  const results = [
    someResult({ name: "relay/good" }),
    someResult({ name: "relay/held", verdict: "unsupported", reason: '=1+1, "so"' }),
  ];
  assertEquals(csvReport(reportDataOf([someRun(results)])).split("\r\n"), [
    "target,clause,level,verdict,fixtures,passed,points,most,note",
    "relay at 127.0.0.1:4000,relay/good,must,pass,1,1,2,2,",
    `relay at 127.0.0.1:4000,relay/held,must,unsupported,1,0,0,2,"'=1+1, ""so"""`,
    "",
  ]);
});

Deno.test("whatever a server sends, what Gradescope reads is as specified, and below 100 KB", () => {
  fc.assert(fc.property(fc.array(ANY_RUN, { maxLength: 2 }), (runs) => {
    const text = gradescopeReport(reportDataOf(runs));
    assert(new TextEncoder().encode(text).length < 100_000);
    const { tests, ...about } = JSON.parse(text);
    assertEquals(Object.keys(about).filter((name) => !GRADESCOPE.top.includes(name)), []);
    assertEquals(tests.length > 0 || about.score === 0, true);
    for (const test of tests) {
      assertEquals(Object.keys(test).filter((name) => !GRADESCOPE.test.includes(name)), []);
      assertEquals(
        test.score <= test.max_score && (test.status === "passed") === (test.score === test.max_score),
        true,
      );
    }
  }));
});

Deno.test("what to do first is not told where it would tell of a hidden clause", () => {
  const secret = someRun([someResult({ name: "relay/good" }), someResult({ name: "relay/secret", verdict: "fail" })]);
  const outputOf = (grading: string) =>
    JSON.parse(gradescopeReport(reportDataOf([secret], { grading: readGrading(grading, "g.yaml") }))).output;
  assertEquals(outputOf("clauses: { relay/secret: { hidden: no } }").includes("First:"), true);
  assertEquals(outputOf("clauses: { relay/secret: { hidden: yes } }").includes("First:"), false);
});
