import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, type Outcome, TIMED_OUT } from "../core/outcome.ts";
import { BroadcastOutcome } from "./broadcast_outcome.ts";
import type { BroadcastReach } from "./delivery.ts";

/** A broadcast, and what is told of it. */
function startBroadcast() {
  const told: [string, BroadcastReach | undefined][] = [];
  const settled = (outcome: Outcome, reach?: BroadcastReach) => told.push([outcome.kind, reach]);
  return { broadcast: new BroadcastOutcome({ settled }), told };
}

Deno.test("how many have a broadcast is told with its outcome, once all are known", () => {
  const { broadcast, told } = startBroadcast();
  for (let i = 0; i < 3; i++) broadcast.expect();
  broadcast.settled(DELIVERED);
  broadcast.settled(GONE);
  broadcast.complete();
  assertEquals(told, []);
  broadcast.settled(TIMED_OUT);
  assertEquals(told, [["gone", { delivered: 1, recipients: 3 }]]);
});

Deno.test("those on another node, of whom one outcome is told, count as many as they are, or as none", () => {
  const { broadcast, told } = startBroadcast();
  broadcast.expect();
  const [far, farther, nobody] = [broadcast.expectAll(10), broadcast.expectAll(5), broadcast.expectAll(1)];
  broadcast.complete();
  broadcast.settled(DELIVERED);
  far!.settled(DELIVERED);
  farther!.settled(TIMED_OUT);
  nobody!.exempted!();
  assertEquals(told, [["timed-out", { delivered: 11, recipients: 16 }]]);
});

Deno.test("with nobody who counts it is unknown, and has reached none of none", () => {
  const { broadcast, told } = startBroadcast();
  const far = broadcast.expectAll(4);
  broadcast.complete();
  far.exempted!();
  assertEquals(told, [["unknown", { delivered: 0, recipients: 0 }]]);
});
