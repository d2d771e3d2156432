import { assert, assertEquals } from "@std/assert";
import { REAL_TIME } from "./real_time.ts";

Deno.test("a timer calls back after its delay, never from within the call that sets it, and not when it is cancelled", async () => {
  const calls: string[] = [];
  const began = REAL_TIME.now();
  const cancelled = REAL_TIME.after(1, () => calls.push("cancelled"));
  await new Promise<void>((resolve) => {
    REAL_TIME.after(20, () => {
      calls.push("called");
      resolve();
    });
    calls.push("set");
    cancelled.cancel();
    cancelled.cancel();
  });
  assertEquals(calls, ["set", "called"]);
  assert(REAL_TIME.now() - began >= 19);
});

Deno.test("an interval calls back until it is cancelled", async () => {
  let calls = 0;
  await new Promise<void>((resolve) => {
    const timer = REAL_TIME.every(1, () => {
      if (++calls < 3) return;
      timer.cancel();
      REAL_TIME.after(20, resolve);
    });
  });
  assertEquals(calls, 3);
});

Deno.test("the next turn comes behind everything that is already to be done", async () => {
  const order: string[] = [];
  const turn = new Promise<void>((resolve) =>
    REAL_TIME.nextTurn(() => {
      order.push("turn");
      resolve();
    })
  );
  await undefined;
  queueMicrotask(() => queueMicrotask(() => order.push("microtask")));
  await turn;
  assertEquals(order, ["microtask", "turn"]);
});

Deno.test("random numbers are from 0 to 1, and the time of day is after this was written", () => {
  const number = REAL_TIME.random();
  assert(number >= 0 && number < 1);
  assert(REAL_TIME.wallClock() > Date.UTC(2025, 0));
});

Deno.test("the time of a turn is looked at once, and again in the next", async () => {
  const turnNow = REAL_TIME.turnNow!;
  const first = turnNow();
  while (REAL_TIME.now() === first);
  assertEquals(turnNow(), first);
  await Promise.resolve();
  assert(turnNow() > first);
});
