import { assertEquals } from "@std/assert";
import type { Finding, Life, OperationHistory, Sending } from "../history.ts";
import { type Smallest, tellHistory, toldLines } from "./told_history.ts";

function life(id: number, name: string): Life {
  return { id, user: id, name, begin: 1 + id, held: 5 + id, faults: [] };
}

function sending(id: number, life: number, to: string, begin: number): Sending {
  return { id, life, to, size: 24, begin, end: begin + 3, outcome: "ok", words: `SENT ${to}` };
}

/** alice, carol and dave send to bob; eve to alice, long before. */
const HISTORY: OperationHistory = {
  lives: ["alice", "bob", "carol", "dave", "eve"].map((name, id) => life(id, name)),
  claims: [],
  sendings: [
    sending(0, 4, "alice", 20),
    sending(1, 0, "bob", 100),
    sending(2, 2, "bob", 101),
    sending(3, 3, "bob", 200),
  ],
  arrivals: [{ life: 1, at: 102, from: "alice", garbled: "FORWARD \\x1b (9 bytes, from alice)" }],
  groupOperations: [],
  hasAcknowledgements: true,
  settling: 1_000,
  end: 1_000,
};
const FINDING: Finding = {
  clause: "concurrent-whole",
  text: "bob got what nobody has sent",
  at: 102,
  lives: [1],
  sendings: [],
};

Deno.test("what led to a finding is what whom it is about did, and what was sent to it at that time", () => {
  const told = tellHistory("5 users", FINDING, HISTORY, undefined);
  assertEquals(told.clients, ["user 1 (alice)", "user 2 (bob)", "user 3 (carol)"]);
  assertEquals(told.events.map(({ client, kind, message }) => [client, kind, message]), [
    [1, "own", undefined],
    [1, "own", undefined],
    [0, "sends", 1],
    [2, "sends", 2],
    [1, "gets", undefined],
  ]);
  assertEquals(toldLines(told).slice(0, 2), ["5 users; what led to it:", "      2.000 ms  user 2 (bob)    connects"]);
});

Deno.test("of the smallest run all is told since it was begun for the last time", () => {
  const smallest: Smallest = { told: "found in 7 of 10 runs", history: HISTORY, finding: FINDING, begun: 90 };
  const told = tellHistory("5 users", FINDING, HISTORY, smallest);
  assertEquals(told.smallest, "found in 7 of 10 runs");
  assertEquals(told.events.map(({ at, text }) => `${at} ${text}`), [
    "100 sends message 1 to bob (24 bytes)",
    "101 sends message 2 to bob (24 bytes)",
    "102 gets FORWARD \\x1b (9 bytes, from alice)",
  ]);
});

Deno.test("of much only the last is told", () => {
  const sendings = Array.from({ length: 99 }, (_, i) => sending(i, 0, "bob", 100 + i / 100));
  assertEquals(tellHistory("", FINDING, { ...HISTORY, sendings }, undefined).events.length, 30);
});
