import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { Retransmission } from "./retransmission.ts";

function startRetransmission() {
  const deadlines = new Deadlines(0);
  const log: string[] = [];
  const retransmission = new Retransmission(deadlines, {
    interval: 500,
    attempts: 3,
    send: () => log.push(`sent at ${deadlines.now}`),
    exhausted: () => log.push(`exhausted at ${deadlines.now}`),
  });
  retransmission.start();
  return { deadlines, log, retransmission };
}

Deno.test("what is not answered is sent as often as it may be, and the last time is waited for as well", () => {
  const { deadlines, log, retransmission } = startRetransmission();
  assertEquals(log, ["sent at 0"]);
  for (const ms of [490, 500, 1000, 1500, 2000]) deadlines.advance(ms);
  assertEquals(log, ["sent at 0", "sent at 500", "sent at 1000", "exhausted at 1500"]);
  assertEquals([retransmission.sent, deadlines.pending], [3, 0]);
});

Deno.test("what is answered is sent no more", () => {
  const { deadlines, log, retransmission } = startRetransmission();
  deadlines.advance(500);
  retransmission.stop();
  retransmission.stop();
  deadlines.advance(5000);
  assertEquals(log, ["sent at 0", "sent at 500"]);
  assertEquals([retransmission.sent, deadlines.pending], [2, 0]);
});
