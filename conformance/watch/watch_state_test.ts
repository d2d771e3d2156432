import { assertEquals } from "@std/assert";
import { someResult, someRun } from "../reports/testing/results.ts";
import { reportDataOf } from "../reports/testing/report_data.ts";
import type { Result } from "../results/verdict.ts";
import type { PlayedRun } from "./played.ts";
import { failedFirst } from "./played.ts";
import { afterEvent, beginWatching, type WatchAction, type WatchEvent, type WatchState } from "./watch_state.ts";

const KEPT = someResult({ name: "relay/name" });
const FAILED = someResult({ name: "relay/talk", verdict: "fail" });

function playedOf(results: readonly Result[]): PlayedRun {
  const { targets, status } = reportDataOf([someRun(results)]);
  return { status, reports: targets, lastOutput: [] };
}

function endOf(...results: readonly Result[]): WatchEvent {
  return { kind: "ended", played: playedOf(results), duration: 10 };
}

/** What is done for each of these events, from the beginning on. */
function after(...events: readonly WatchEvent[]): { state: WatchState; actions: readonly WatchAction[] } {
  return events.reduce(({ state }, event) => afterEvent(state, event), beginWatching());
}

function change(...files: readonly string[]): WatchEvent {
  return { kind: "changed", files };
}

function key(...keys: readonly string[]): WatchEvent[] {
  return keys.map((key) => ({ kind: "key", key }));
}

function requestOf(actions: readonly WatchAction[]) {
  const [action] = actions;
  return action?.kind === "play"
    ? [action.request.why, [...action.request.failed], action.request.clauses]
    : action?.kind;
}

Deno.test("all is played first, and what failed is played first when files have changed", () => {
  assertEquals(requestOf(beginWatching().actions), ["the first run", [], undefined]);
  const { state, actions } = after(endOf(KEPT, FAILED));
  assertEquals([state.phase, actions[0]?.kind], ["waiting", "tell"]);
  assertEquals(requestOf(afterEvent(state, change("server.py")).actions), [
    "server.py changed",
    ["relay/talk"],
    undefined,
  ]);
  const many = afterEvent(state, change("a.py", "b.py", "c.py", "d.py"));
  assertEquals(many.state.request.why, "a.py, b.py and 2 more changed");
});

Deno.test("a change during a run ends it, and the next begins once it has ended, with what is known by then", () => {
  const broken = after({ kind: "played", result: FAILED }, change("server.py"));
  assertEquals([broken.state.phase, broken.actions], ["ending", [{ kind: "break off" }]]);
  const again = afterEvent(broken.state, change("other.py"));
  assertEquals(again.actions, []);
  const next = afterEvent(again.state, endOf());
  assertEquals(requestOf(next.actions), ["other.py changed", ["relay/talk"], undefined]);
  assertEquals([next.state.runs, next.state.last], [2, undefined]);
});

Deno.test("a program that writes a file at each start is not started for it for ever; mending it while nothing is played counts", () => {
  let { state } = beginWatching();
  let runs = 0;
  for (; state.phase === "playing" && runs < 20; runs++) {
    ({ state } = afterEvent(state, change("data.db")));
    ({ state } = afterEvent(state, endOf(KEPT)));
  }
  assertEquals([runs, state.phase], [4, "waiting"]);
  assertEquals(requestOf(afterEvent(state, change("data.db")).actions), ["data.db changed", [], undefined]);
  // Another file is as it ever was.
  const playing = afterEvent(state, key("a")[0]!).state;
  assertEquals(afterEvent(playing, change("data.db")).state.phase, "playing");
  assertEquals(
    afterEvent(playing, change("data.db")).state.note,
    "data.db changes whenever the program runs: that is not waited for",
  );
  assertEquals(afterEvent(playing, change("data.db", "server.py")).actions, [{ kind: "break off" }]);
});

Deno.test("what a build writes is no change, and what is written besides while it builds is one", () => {
  const building: WatchEvent = { kind: "building" };
  const built: WatchEvent = { kind: "built" };
  const first = after(building, change("server", "server.o"), built);
  assertEquals([first.state.phase, first.actions], ["playing", []]);
  const again = [building, change("server", "server.o"), built, endOf(KEPT), change("server.c"), building];
  assertEquals(after(...again, change("server")).actions, []);
  assertEquals(after(...again, change("server", "server.c")).actions, [{ kind: "break off" }]);
  assertEquals(after(...again, built, change("server")).actions, [{ kind: "break off" }]);
});

Deno.test("keys play all, or one clause that is typed, and quit", () => {
  const ended = endOf(KEPT, FAILED);
  assertEquals(requestOf(after(ended, ...key("a")).actions), ["asked for", [], undefined]);
  assertEquals(requestOf(after(ended, ...key("c", ..."name", "enter")).actions), ["asked for", [], ["relay/name"]]);
  assertEquals(requestOf(after(ended, ...key("c", "t", "tab")).actions), undefined);
  assertEquals(after(ended, ...key("c", "t", "tab")).state.typed, "relay/talk");
  assertEquals(after(ended, ...key("c", "x", "q", "backspace")).state.typed, "x");
  // Without a name, that which is to be mended first.
  assertEquals(requestOf(after(ended, ...key("c", "enter")).actions), ["asked for", [], ["relay/talk"]]);
  const none = after(ended, ...key("c", "z", "z", "enter"));
  assertEquals([none.state.typed, none.state.note, none.actions], [undefined, "there is no clause zz", []]);
  assertEquals(after(ended, ...key("c", "x", "escape")).state.typed, undefined);
  assertEquals(after(ended, ...key("q")).actions, [{ kind: "end" }]);
});

Deno.test("who quits while something is played waits for its end, and nothing is played after it", () => {
  const quitting = after(...key("q"));
  assertEquals(quitting.actions, [{ kind: "break off" }]);
  const changed = afterEvent(quitting.state, change("server.py"));
  assertEquals(changed.actions, []);
  assertEquals(afterEvent(changed.state, endOf()).actions, [{ kind: "end" }]);
  assertEquals(after({ kind: "stop" }, endOf()).actions, [{ kind: "end" }]);
});

Deno.test("a clause is known once all of its fixtures are, and a failure that passes when it is played again is none", () => {
  const fixtures = [KEPT.fixture, FAILED.fixture];
  const { state } = after({ kind: "planned", fixtures }, { kind: "played", result: FAILED });
  assertEquals(state.clauses.map(({ slug, left, verdicts }) => [slug, left, verdicts]), [
    ["relay/name", 1, []],
    ["relay/talk", 0, ["fail"]],
  ]);
  assertEquals(state.failure, FAILED);
  const passed = afterEvent(state, endOf(KEPT, someResult({ name: "relay/talk" }))).state;
  assertEquals(passed.clauses.map(({ verdicts }) => verdicts), [["pass"], ["pass"]]);
  assertEquals(requestOf(afterEvent(passed, change("x")).actions), ["x changed", [], undefined]);
});

Deno.test("what failed is played with what it needs, and not by itself where there is nothing else", () => {
  const needy = { ...FAILED.fixture, needs: ["relay/name"] };
  const other = someResult({ name: "relay/other" }).fixture;
  const all = [KEPT.fixture, needy, other];
  assertEquals(failedFirst(all, new Set(["relay/talk"])), [KEPT.fixture, needy]);
  assertEquals(failedFirst(all, new Set()), []);
  assertEquals(failedFirst([KEPT.fixture, needy], new Set(["relay/talk"])), []);
});
