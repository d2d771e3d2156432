import { assertEquals } from "@std/assert";
import { FakeTimer } from "../testing/fake_timer.ts";
import { catchingUp, Waiter } from "./waiter.ts";

Deno.test("what holds already is not waited for", async () => {
  const time = new FakeTimer();
  assertEquals(await new Waiter(time.timer).until(() => true, 100), true);
  assertEquals(time.pending, 0);
});

Deno.test("a change that brings it about ends the waiting, and the timer with it", async () => {
  const time = new FakeTimer();
  const waiter = new Waiter(time.timer);
  let done = false;
  const waiting = waiter.until(() => done, 100);
  done = true;
  waiter.changed();
  assertEquals(await waiting, true);
  assertEquals(time.pending, 0);
});

Deno.test("patience ends when nothing changes, and begins anew with each change", async () => {
  const time = new FakeTimer();
  const waiter = new Waiter(time.timer);
  let outcome: boolean | undefined;
  const waiting = waiter.until(() => false, 100).then((held) => outcome = held);
  time.advance(99);
  waiter.changed();
  time.advance(99);
  await Promise.resolve();
  assertEquals(outcome, undefined);
  time.advance(1);
  await waiting;
  assertEquals(outcome, false);
  assertEquals(time.pending, 0);
});

Deno.test("a timer that is late, as after a suspension, first lets what has arrived be seen", () => {
  const time = new FakeTimer();
  let now = 0;
  const timer = catchingUp(time.timer, () => now);
  const rung: string[] = [];
  const pass = (milliseconds: number) => {
    now += milliseconds;
    time.advance(milliseconds);
  };
  timer(100, () => rung.push("on time"));
  pass(150);
  assertEquals(rung, ["on time"]);
  timer(100, () => rung.push("late"));
  const stop = timer(100, () => rung.push("stopped"));
  pass(60_000);
  assertEquals(rung, ["on time"]);
  stop();
  pass(1_000);
  assertEquals(rung, ["on time", "late"]);
});
