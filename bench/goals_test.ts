import { assertEquals } from "@std/assert";
import { cost, LIMIT, type Medians, OURS, processor, quicker, rate, slowest } from "./goals.ts";

const ROWS = new Map<string, Medians>([
  [LIMIT, { rate: 1000, p50: 10, p99: 20, processor: 5 }],
  [OURS, { rate: 800, p50: 12, p99: 61, processor: 6 }],
]);

Deno.test("processor time is measured against the limit, and reaches its goal up to that figure", () => {
  const judged = [1.1, 1.2, 1.3].map((times) => processor("aim", times).judge(ROWS)?.isReached);
  assertEquals(judged, [false, true, true]);
  assertEquals(processor("aim", 1.2).judge(ROWS)?.figure, "1.20 ×");
});

Deno.test("whoever costs as much as somebody else is not ahead", () => {
  const rows = new Map([["other", ROWS.get(OURS)!], [OURS, ROWS.get(OURS)!]]);
  assertEquals(processor("aim", 1, "other").judge(rows)?.isReached, false);
});

Deno.test("who was not measured is not judged", () => {
  for (const goal of [processor("aim", 1, "nats-server"), quicker("aim", "nats-server")]) {
    assertEquals(goal.judge(ROWS), undefined);
  }
  assertEquals(rate("aim", 1).judge(new Map()), undefined);
});

Deno.test("latencies are ahead when both are lower", () => {
  assertEquals(quicker("aim", LIMIT).judge(ROWS)?.isReached, false);
  const rows = new Map([...ROWS, [OURS, { rate: 1, p50: 9, p99: 19, processor: 1 }]]);
  assertEquals(quicker("aim", LIMIT).judge(rows)?.isReached, true);
});

Deno.test("a rate is reached from that rate on", () => {
  assertEquals(rate("aim", 800).judge(ROWS), { figure: "800", isReached: true });
  assertEquals(rate("aim", 801).judge(ROWS)?.isReached, false);
});

Deno.test("the slowest of one line are measured against those of another", () => {
  assertEquals(slowest("at least", 3, OURS, LIMIT).judge(ROWS), { figure: "3.05 ×", isReached: false });
  assertEquals(slowest("at least", 3.1, OURS, LIMIT).judge(ROWS)?.isReached, true);
});

Deno.test("what a message costs is compared from the first line to the last", () => {
  assertEquals(cost("aim", 1.2).judge(ROWS), { figure: "1.20 ×", isReached: true });
  assertEquals(cost("aim", 1.1).judge(ROWS)?.isReached, false);
});
