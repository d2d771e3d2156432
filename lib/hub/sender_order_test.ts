import { assertEquals } from "@std/assert";
import { SenderOrder } from "./sender_order.ts";

Deno.test("what a sender says behind what waits is sent behind it, and again behind the next that has to wait", () => {
  const order = new SenderOrder<string>();
  const sent: string[] = [];
  order.hold("alice");
  assertEquals([order.isHeld("alice"), order.isHeld("bob")], [true, false]);
  order.push("alice", () => sent.push("1") === 0);
  order.push("alice", () => sent.push("waits") > 0);
  order.push("alice", () => {
    sent.push("2");
    // What is said because of that goes behind all that was said before.
    order.push("alice", () => sent.push("4") === 0);
    return false;
  });
  order.push("alice", () => sent.push("3") === 0);
  order.goOn("alice");
  assertEquals([sent, order.isHeld("alice")], [["1", "waits"], true]);
  order.goOn("alice");
  assertEquals([sent, order.isHeld("alice")], [["1", "waits", "2", "3", "4"], false]);
});
