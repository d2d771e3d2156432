import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../lib/core/testing/any_text.ts";
import { ChatError } from "../../lib/core/error.ts";
import { paint } from "../reports/text/paint.ts";
import { ANY_RUN, SOME_FAILURE, someResult, someRun } from "../reports/testing/results.ts";
import { reportDataOf } from "../reports/testing/report_data.ts";
import type { Result, TargetRun } from "../results/verdict.ts";
import { afterEvent, beginWatching, type WatchEvent, type WatchState } from "./watch_state.ts";
import { barOf, blockOf, screenOf } from "./watch_view.ts";

const KEPT = someResult({ name: "relay/name" });
const FAILED = someResult({ name: "relay/talk", verdict: "fail" });
const PLAIN = paint(false);
const PAINT = new RegExp("\x1b\\[[0-9;]*m", "g");

function stateAfter(...events: readonly WatchEvent[]): WatchState {
  return events.reduce((state, event) => afterEvent(state, event).state, beginWatching().state);
}

function runOf(results: readonly Result[]): WatchEvent[] {
  return eventsOf(someRun(results));
}

function eventsOf(run: TargetRun): WatchEvent[] {
  const { results } = run;
  const { targets, status } = reportDataOf([run]);
  return [
    { kind: "planned", fixtures: results.map(({ fixture }) => fixture) },
    ...results.map((result) => ({ kind: "played", result } as const)),
    { kind: "ended", played: { status, reports: targets, lastOutput: [] }, duration: 1234 },
  ];
}

Deno.test("a screen has the bar, what to do first, and the keys", () => {
  const rows = screenOf(stateAfter(...runOf([KEPT, FAILED])), { columns: 80, rows: 16 }, PLAIN);
  assertEquals(rows.slice(0, 8), [
    "run 1: the first run",
    "#x",
    "1 of 2 clauses kept, 1 failed",
    "",
    "relay at 127.0.0.1:4000: does not conform to relay: 1 clause failed (1.2 s)",
    "",
    "First: the server breaks relay/talk (what relay/talk says): the server says",
    "      SEND (1 failure).",
  ]);
  assertEquals(rows.length, 16);
  assertEquals(rows.at(-1), "a all   c one clause   q quit   (waiting for a change)");
  const state = stateAfter(...runOf([KEPT, FAILED]));
  const deaf = screenOf(state, { columns: 80, rows: 12, hasNoKeys: true }, PLAIN);
  assertEquals([deaf.at(-1), deaf.join().includes("key")], ["Ctrl-C quits   (waiting for a change)", false]);
});

Deno.test("while it is tried how a server can be played against that fails in what all others need, a screen says so", () => {
  const trying: WatchEvent = { kind: "trying", gate: FAILED.fixture };
  const planned: WatchEvent = { kind: "planned", fixtures: [KEPT.fixture, FAILED.fixture] };
  const head = (...events: WatchEvent[]) => screenOf(stateAfter(...events), { columns: 120, rows: 16 }, PLAIN)[0];
  const doing = "run 1: playing, the first run";
  assertEquals(
    head(planned, trying),
    `${doing} (relay/talk fails: finding out how to play the rest)`,
  );
  assertEquals(head(planned, trying, { kind: "played", result: KEPT }), doing);
});

Deno.test("with stages, it says how far it is, and what to know for the one that is not done", () => {
  const stage = (title: string) => ({ title, text: `All about\n${title}.`, clauses: ["relay/talk"] });
  const stages = [
    { stage: stage("names"), outcome: "done" },
    { stage: stage("talk"), outcome: "failed" },
    { stage: stage("more"), outcome: "later" },
  ] as const;
  const rows = screenOf(stateAfter(...eventsOf(someRun([KEPT, FAILED], { stages }))), { columns: 80, rows: 24 }, PLAIN);
  assertEquals(rows.slice(6, 10), ["1 of 3 stages done", "Stage 2: talk", "All about talk.", ""]);
});

Deno.test("what does not fit is reached with keys", () => {
  const room = { columns: 80, rows: 12 };
  const top = stateAfter(...runOf([KEPT, FAILED]));
  assertStringIncludes(screenOf(top, room, PLAIN).at(-3)!, "more rows: key j or down");
  const down = Array.from({ length: 100 }, () => ({ kind: "key", key: "down" }) as const);
  const rows = screenOf(stateAfter(...runOf([KEPT, FAILED]), ...down), room, PLAIN);
  assertEquals(rows.at(-3), "  probably: the server says SEND");
});

Deno.test("while it is played, what is known of what failed is shown, or else what was there before", () => {
  const run = runOf([KEPT, FAILED]);
  const again: WatchEvent = { kind: "changed", files: ["server.py"] };
  const room = { columns: 80, rows: 16 };
  const before = screenOf(stateAfter(...run, again), room, PLAIN);
  assertEquals([before[0], before[4]], [
    "run 2: playing, server.py changed",
    "As it was before. What failed is played first: 1 fixture.",
  ]);
  const mended = reportDataOf([someRun([someResult({ name: "relay/talk" })])]).targets[0]!;
  const first = screenOf(stateAfter(...run, again, { kind: "played first", report: mended }), room, PLAIN);
  assertEquals(first[4], "What failed passes now. The others are being played.");
  const still = reportDataOf([someRun([FAILED])]).targets[0]!;
  const not = screenOf(stateAfter(...run, again, { kind: "played first", report: still }), room, PLAIN);
  assertMatch(not[4]!, /^First: the server breaks relay\/talk/);
});

Deno.test("the bar has a cell a clause, or the worst of several", () => {
  const clause = (...verdicts: Result["verdict"][]) => ({ slug: "x", left: 0, verdicts });
  const open = { slug: "x", left: 1, verdicts: ["pass"] as const };
  const clauses = [clause("pass"), clause("pass"), clause("pass", "fail"), open, clause("blocked"), clause("pass")];
  const shown = (cells: number) => barOf(clauses, cells).map(({ standing, length }) => `${length} ${standing}`);
  assertEquals(shown(80), ["2 kept", "1 failed", "1 open", "1 blocked", "1 kept"]);
  assertEquals(shown(3), ["1 kept", "1 failed", "1 blocked"]);
  assertEquals(barOf([], 80), []);
});

Deno.test("a program that does not start is shown with its error", () => {
  const error = new ChatError("unreachable", "the server has ended with exit status 1");
  const played = { status: 3, error, reports: [], lastOutput: ["SyntaxError: \\x1b[2J"] };
  const state = stateAfter({ kind: "ended", played, duration: 5 });
  const rows = screenOf(state, { columns: 80, rows: 24 }, PLAIN);
  assertEquals(rows.slice(4, 6), ["the server has ended with exit status 1", "  SyntaxError: \\x1b[2J"]);
  assertEquals(
    blockOf(state, state.last!, "12:00:00"),
    "run 1, 12:00:00: the first run\nthe server has ended with exit status 1\n  SyntaxError: \\x1b[2J\n",
  );
});

Deno.test("whatever a program says, a screen is as large as it is, and nothing acts in it", () => {
  fc.assert(
    fc.property(
      ANY_RUN,
      anyText(),
      fc.integer({ min: 20, max: 90 }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      (run, said, columns, rows, hasEnded) => {
        const events = eventsOf(run);
        const note: WatchEvent = { kind: "note", text: said };
        const file: WatchEvent = { kind: "changed", files: [said] };
        const state = stateAfter(...hasEnded ? events : events.slice(0, -1), file, note);
        const shown = screenOf(state, { columns, rows }, paint(true));
        assert(shown.length <= rows);
        for (const row of shown) {
          const text = row.replaceAll(PAINT, "");
          assert(!/[\p{Cc}]/u.test(text), JSON.stringify(row));
          // What is drawn above or below another takes no cell.
          assert([...text.replace(/[\p{Mn}\p{Me}\u200B-\u200D]/gu, "")].length <= columns);
        }
        if (state.last === undefined) return;
        assert(!/[^\P{Cc}\n]/u.test(blockOf(state, state.last, "12:00:00")));
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("what came in full is shown with the failure", () => {
  const rows = screenOf(stateAfter(...runOf([FAILED])), { columns: 80, rows: 40 }, PLAIN).join("\n");
  for (const text of [SOME_FAILURE.step, SOME_FAILURE.reason, "probably: the server says SEND"]) {
    assertStringIncludes(rows, text);
  }
});
