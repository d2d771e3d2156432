import { assertEquals } from "@std/assert";
import { wireEvent } from "../testing/results.ts";
import { gatherWire, showWire } from "./wire_lines.ts";

const wire = (...events: ReturnType<typeof wireEvent>[]) => ({ events, omitted: 0, names: new Map<string, string>() });

Deno.test("bytes that were sent one by one on one connection are one line, others are not", () => {
  const gathered = gatherWire(wire(
    wireEvent(1, "a", "sent", "whole"),
    wireEvent(2, "a", "sent", "x"),
    wireEvent(3, "a", "sent", "y"),
    wireEvent(4, "b", "sent", "z"),
    wireEvent(5, "b", "received", "z"),
    wireEvent(6, "b", "received", "z"),
    wireEvent(7, "a", "sent", "x"),
    wireEvent(8, "a", "sent", "yz"),
  ));
  const told = gathered.map(({ at, connection, bytes, pieces }) => [at, connection, bytes.length, pieces]);
  assertEquals(told, [
    [1, "a", 5, 1],
    [2, "a", 2, 2],
    [4, "b", 1, 1],
    [5, "b", 1, 1],
    [6, "b", 1, 1],
    [7, "a", 1, 1],
    [8, "a", 2, 1],
  ]);
});

Deno.test("lines tell when, where, which way and what", () => {
  const events = [
    wireEvent(0.04, "alice.out", "connected"),
    wireEvent(1.25, "alice.out", "sent", "S"),
    wireEvent(2, "alice.out", "sent", "E"),
    { ...wireEvent(12345.678, "alice.out", "received", "\x1b[31m\n"), cut: 9 },
    wireEvent(12346, "alice.out", "server-closed"),
  ];
  assertEquals(showWire({ ...wire(...events), omitted: 4 }), [
    "    0.0 ms  alice.out connected",
    "    1.3 ms  alice.out >> SE",
    "12345.7 ms  alice.out < \\x1b[31m\\n… (9 more bytes)",
    "12346.0 ms  alice.out closed by the server",
    "            (4 more that are not shown)",
  ]);
});
