import { assertEquals } from "@std/assert";
import { FakeTimer } from "./fake_timer.ts";
import { Waiter } from "./waiter.ts";

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
