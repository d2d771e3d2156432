import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Parser } from "tap-parser";
import { reportDataOf } from "./testing/report_data.ts";
import { ANY_RUN, SOME_RESULTS, someRun } from "./testing/results.ts";
import { tapReport } from "./tap.ts";

/** What another program reads in a report. */
function parsed(text: string) {
  const events = Parser.parse(text, { strict: true });
  const complete = events.find(([kind]) => kind === "complete")![1] as {
    ok: boolean;
    failures: { tapError?: string }[];
  };
  const points = events.flatMap(([kind, point]) => kind === "assert" ? [point as Record<string, unknown>] : []);
  return { complete, points, events };
}

Deno.test("each fixture is a test point; what does not count is TODO, what could not be shown SKIP", () => {
  const { complete, points } = parsed(tapReport(reportDataOf([someRun(SOME_RESULTS)])));
  const told = points.map(({ ok, id, name, todo, skip }) => [ok, id, name, todo || skip]);
  assertEquals(told, [
    [true, 1, "relay/good: It works", false],
    [false, 2, "relay/bad: It works", false],
    [true, 3, "relay/held: It works", "blocked: needs relay/bad"],
    [false, 4, "relay/soft: It works", "a should clause does not count in a run without --strict"],
    [true, 5, "relay/left-open: It works", "unsupported: no empty bodies"],
    [false, 6, "relay/broken: It works", false],
  ]);
  assertEquals(complete.ok, false);
});

Deno.test("a failure comes with what was expected, what came, and what went over the wire", () => {
  const { points } = parsed(tapReport(reportDataOf([someRun(SOME_RESULTS)])));
  assertEquals(points[1]!.diag, {
    message: "something else arrived on alice.out",
    severity: "fail",
    clause: "relay/bad",
    level: "must",
    at: { file: "fixtures/relay/send-confirmed.chat", line: 7 },
    details: [
      "fixtures/relay/send-confirmed.chat:7",
      "    alice.out < SENT {bob}\\n\\n",
      "something else arrived on alice.out",
      "    expected  SENT bobk3x9f2\\n\\n",
      "    received  SEND bobk3x9f2\\n\\n",
      "                 ^",
      "probably: the server says SEND",
    ],
    wire: [
      "  0.4 ms  alice.out connected",
      "  0.6 ms  alice.out > SEND bobk3x9f2\\nContent-length: 2\\n\\nhi",
      "  1.3 ms  alice.out < SEND bobk3x9f2\\n\\n… (3 more bytes)",
      "          (2 more that are not shown)",
    ],
  });
});

Deno.test("a run without failures is a report without failures, several targets are counted through", () => {
  const { complete, points } = parsed(
    tapReport(reportDataOf([someRun([SOME_RESULTS[0]!]), someRun([SOME_RESULTS[3]!])])),
  );
  assertEquals([complete.ok, points.length, points[1]!.id], [true, 2, 2]);
});

Deno.test("a listed failure is TODO, one that is none any more fails, and so does a target that cannot be reached", () => {
  const known = "fail relay/bad\nfail relay/good\n";
  const gone = someRun([], { unreachable: "cannot reach 127.0.0.1:4000: connection refused" });
  const { points } = parsed(tapReport(reportDataOf([someRun(SOME_RESULTS.slice(0, 2)), gone], { known })));
  assertEquals(points.map(({ ok, todo }) => [ok, todo]), [
    [false, false],
    [false, "an expected failure, in known.txt"],
    [false, false],
  ]);
  assertEquals(points[2]!.name, "relay at 127.0.0.1:4000: cannot reach 127.0.0.1:4000: connection refused");
});

Deno.test("whatever a server sends, the report is well-formed and has a point for each fixture", () => {
  fc.assert(fc.property(fc.array(ANY_RUN, { maxLength: 2 }), fc.boolean(), (runs, strict) => {
    const { complete, points } = parsed(tapReport(reportDataOf(runs, { strict })));
    const expected = runs.map(({ results, unreachable, isBrokenOff }) => {
      return results.length + Number(unreachable !== undefined) + (isBrokenOff ? 1 : 0);
    });
    assertEquals(points.length, expected.reduce((sum, number) => sum + number, 0));
    assertEquals(complete.failures.filter(({ tapError }) => tapError), []);
  }));
});
