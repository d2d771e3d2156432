import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, refused } from "../../core/outcome.ts";
import { Deadlines } from "../../core/deadlines.ts";
import { TotalQueued } from "../../core/queued.ts";
import { MessageCounters } from "../../hub/message_counters.ts";
import { Hub } from "../../hub/hub.ts";
import { CloseCounters } from "./close_counters.ts";
import { messageCounterLines, statusLines } from "./status.ts";

Deno.test("the books are told a line a dialect, and each line balances", () => {
  const books = new MessageCounters();
  const nobody = { settled: () => {} };
  for (const outcome of [DELIVERED, DELIVERED, GONE, refused("too-long")]) books.open("relay", nobody).settled(outcome);
  books.open("relay", nobody);
  books.open("room", nobody).settled(DELIVERED);
  assertEquals(messageCounterLines(books), [
    "relay  accepted 5 = delivered 2 + gone 1 + too-long 1 + on their way 1",
    "room   accepted 1 = delivered 1 + on their way 0",
  ]);
});

Deno.test("the status says how much waits to be written to all", () => {
  const hub = new Hub({ ackTimeout: 1, deadlines: new Deadlines(0), wallClock: () => 0 });
  const queued = new TotalQueued();
  queued.open().set(2_049);
  assertEquals(statusLines({ hub, closeCounters: new CloseCounters(), queued }).at(-1), "queued 3 KiB");
});
