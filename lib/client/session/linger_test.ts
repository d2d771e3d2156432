import { assertEquals } from "@std/assert";
import { FakeTimer } from "../testing/fake_timer.ts";
import { Linger } from "./linger.ts";

Deno.test("linger begins once, and is over when its time is up", async () => {
  const time = new FakeTimer();
  using linger = new Linger(time.timer, 100);
  const begun = linger.begin();
  time.advance(60);
  linger.begin();
  assertEquals(linger.isOver, false);
  time.advance(40);
  await begun;
  assertEquals([linger.isOver, time.pending], [true, 0]);
});

Deno.test("no linger is over at once, and one that is given up leaves no timer", async () => {
  const time = new FakeTimer();
  await new Linger(time.timer, 0).begin();
  const linger = new Linger(time.timer, 100);
  linger.begin();
  linger[Symbol.dispose]();
  assertEquals(time.pending, 0);
});
