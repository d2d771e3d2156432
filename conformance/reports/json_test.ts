import { assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import schema from "../../docs/report.schema.json" with { type: "json" };
import { reportDataOf } from "./testing/report_data.ts";
import { fullJsonReport, JSON_SCHEMA_ID, jsonReport } from "./json.ts";
import { ANY_RUN, SOME_WIRE, someResult, someRun } from "./testing/results.ts";

const isValid = new Ajv2020({ allErrors: true, strictTypes: false }).compile(closed(schema));

/** The schema with all objects closed: the reports of this version have no members that it does not know. */
function closed(part: unknown): object {
  return JSON.parse(JSON.stringify(part), (_key, value) => {
    return value?.type === "object" && value.properties !== undefined
      ? { ...value, unevaluatedProperties: false }
      : value;
  });
}

function assertValid(report: unknown): void {
  assertEquals(isValid(report) ? [] : isValid.errors, []);
}

const BAD = someResult({ name: "relay/bad.case", verdict: "fail", wire: SOME_WIRE });

Deno.test("the schema in the documentation is the one that reports name", () => {
  assertEquals([schema.$id, schema.properties.schema.const], [JSON_SCHEMA_ID, JSON_SCHEMA_ID]);
});

Deno.test("a report has all that is known of a failure", () => {
  const reproducers = new Map([[BAD, "out/relay-bad.case.py"]]);
  const report = JSON.parse(jsonReport(reportDataOf([someRun([BAD])], { reproducers })));
  assertValid(report);
  const { targets, ...about } = report;
  assertEquals(about, { schema: JSON_SCHEMA_ID, began: "2026-11-20T12:00:00.123Z", strict: false, status: 1 });
  const [{ clauses, fixtures, ...target }] = targets;
  assertEquals(target, {
    dialect: "relay",
    hostname: "127.0.0.1",
    port: 4000,
    duration: 345,
    first: "First: the server breaks relay/bad (what relay/bad.case says): the server says SEND (1 failure).",
    causes: [{
      name: "clause",
      text: "breaks relay/bad (what relay/bad.case says): the server says SEND",
      fixtures: ["relay/bad.case"],
      blocks: [],
    }],
    choices: [{ choice: "success", value: "SENT" }],
    points: 0,
    most: 2,
  });
  assertEquals(clauses, [
    {
      slug: "relay/bad",
      level: "must",
      text: "what relay/bad.case says",
      verdict: "fail",
      points: 0,
      most: 2,
      fixtures: ["relay/bad.case"],
    },
  ]);
  const [{ failure, wire, ...fixture }] = fixtures;
  assertEquals(fixture, {
    name: "relay/bad.case",
    clause: "relay/bad",
    level: "must",
    title: "It works",
    file: "fixtures/relay/bad.case.chat",
    needs: [],
    verdict: "fail",
    judgement: "fail",
    reproducer: "out/relay-bad.case.py",
    choices: [],
    duration: 12.5,
  });
  assertEquals(failure, {
    kind: "mismatch",
    at: [{ file: "fixtures/relay/send-confirmed.chat", line: 7 }],
    step: "alice.out < SENT {bob}\\n\\n",
    reason: "something else arrived on alice.out",
    attempts: [{
      ...{ connection: "alice.out", fits: "SEN", wanted: ["T bobk3x9f2\\n\\n"], wantsClose: false },
      ...{ got: "D bobk3x9f2\\n\\n", isClosed: false },
    }],
    hint: "the server says SEND",
  });
  assertEquals(wire, {
    names: { bob: "bobk3x9f2" },
    events: [
      { at: 0.4, connection: "alice.out", kind: "connected" },
      {
        ...{ at: 0.6, connection: "alice.out", kind: "sent" },
        ...{ bytes: "SEND bobk3x9f2\\nContent-length: 2\\n\\nhi", cut: 0 },
      },
      { at: 1.25, connection: "alice.out", kind: "received", bytes: "SEND bobk3x9f2\\n\\n", cut: 3 },
    ],
    omitted: 2,
  });
});

Deno.test("what passed is told by its name, and in full where that is asked for", () => {
  const data = reportDataOf([someRun([someResult({ name: "relay/good", wire: SOME_WIRE })])]);
  const [short, full] = [jsonReport(data), fullJsonReport(data)].map((text) => JSON.parse(text));
  assertValid(short);
  assertValid(full);
  const [brief] = short.targets[0].fixtures;
  assertEquals(Object.keys(brief), ["name", "clause", "level", "verdict", "judgement", "duration"]);
  const [{ wire, title }] = full.targets[0].fixtures;
  assertEquals([wire.events.length, title], [3, "It works"]);
});

Deno.test("a place in a macro is told with all that called it", () => {
  const calledFrom = { file: "a.chat", line: 4 };
  const place = { file: "prelude.chat", line: 2, calledFrom };
  const failed = someResult({ verdict: "fail", failure: { ...BAD.failure!, place } });
  const report = JSON.parse(jsonReport(reportDataOf([someRun([failed])])));
  assertEquals(report.targets[0].fixtures[0].failure.at, [{ file: "prelude.chat", line: 2 }, calledFrom]);
});

Deno.test("what results mean is told: expected failure, unexpected pass, not counted, blocked, unsupported", () => {
  const results = [
    BAD,
    someResult({ name: "relay/good" }),
    someResult({ name: "relay/soft", verdict: "fail", level: "should" }),
    someResult({ name: "relay/held", verdict: "blocked", level: "should", reason: "needs relay/soft" }),
    someResult({ name: "relay/open", verdict: "unsupported", level: "may", reason: "no empty bodies" }),
  ];
  const known = "fail relay/bad.case\nfail relay/good\n";
  const report = JSON.parse(jsonReport(reportDataOf([someRun(results)], { known })));
  assertValid(report);
  assertEquals(report.baseline, "known.txt");
  const fixtures = report.targets[0].fixtures as { judgement: string; note: string }[];
  assertEquals(fixtures.map(({ judgement, note }) => [judgement, note]), [
    ["expected failure", "an expected failure, in known.txt"],
    ["unexpected pass", "known.txt lists relay/good as a failure, and it is none any more: take it out there"],
    ["not counted", "a should clause does not count in a run without --strict"],
    ["blocked", "blocked: needs relay/soft"],
    ["unsupported", "unsupported: no empty bodies"],
  ]);
});

Deno.test("whatever a server sends, the report keeps its schema", () => {
  fc.assert(fc.property(fc.array(ANY_RUN, { maxLength: 2 }), fc.boolean(), (runs, strict) => {
    assertValid(JSON.parse(jsonReport(reportDataOf(runs, { strict }))));
    assertValid(JSON.parse(fullJsonReport(reportDataOf(runs, { strict }))));
  }));
});
