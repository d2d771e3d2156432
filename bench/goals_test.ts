import { assertEquals } from "@std/assert";
import { cost, type Medians, quicker, tail, throughput } from "./goals.ts";

const ROWS = new Map<string, Medians>([
  ["raw byte relay", { rate: 1000, p50: 10, p99: 20, processor: 5 }],
  ["chat", { rate: 800, p50: 12, p99: 61, processor: 6 }],
]);

Deno.test("a share of somebody's throughput is reached from that share on", () => {
  const judged = [0.8, 0.81, 1].map((times) => throughput("aim", times, "raw byte relay").judge(ROWS)?.isReached);
  assertEquals(judged, [true, false, false]);
});

Deno.test("who was not measured is not judged", () => {
  assertEquals(throughput("aim", 1, "nats-server").judge(ROWS), undefined);
  assertEquals(quicker("aim", "nats-server").judge(ROWS), undefined);
});

Deno.test("latencies are ahead when both are lower", () => {
  assertEquals(quicker("aim", "raw byte relay").judge(ROWS)?.isReached, false);
  const rows = new Map([...ROWS, ["chat", { rate: 1, p50: 9, p99: 19 }]]);
  assertEquals(quicker("aim", "raw byte relay").judge(rows)?.isReached, true);
});

Deno.test("a tail is measured against its own median", () => {
  assertEquals(tail("at least", 5).judge(ROWS), { figure: "5.08 ×", isReached: false });
  assertEquals(tail("at least", 6).judge(ROWS)?.isReached, true);
});

Deno.test("cost is processor time, from the first line to the last, and throughput where that is not known", () => {
  assertEquals(cost("aim", 1.2).judge(ROWS), { figure: "1.20 ×", isReached: true });
  const rows = new Map([["1", { rate: 100, p50: 1, p99: 1 }], ["2", { rate: 50, p50: 1, p99: 1 }]]);
  assertEquals(cost("aim", 1.2).judge(rows), { figure: "2.00 ×", isReached: false });
});
