import { assertEquals } from "@std/assert";
import { FakeTimer } from "../testing/fake_timer.ts";
import { Linger } from "./linger.ts";

Deno.test("overtime begins once, and is over when its time is up", async () => {
  const time = new FakeTimer();
  using overtime = new Linger(time.timer, 100);
  const begun = overtime.begin();
  time.advance(60);
  overtime.begin();
  assertEquals(overtime.isOver, false);
  time.advance(40);
  await begun;
  assertEquals([overtime.isOver, time.pending], [true, 0]);
});

Deno.test("no overtime is over at once, and one that is given up leaves no timer", async () => {
  const time = new FakeTimer();
  await new Linger(time.timer, 0).begin();
  const overtime = new Linger(time.timer, 100);
  overtime.begin();
  overtime[Symbol.dispose]();
  assertEquals(time.pending, 0);
});
