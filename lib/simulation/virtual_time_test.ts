import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Hung, VirtualTime } from "./virtual_time.ts";

Deno.test("a year passes in no time, in the order of its events", async () => {
  const time = new VirtualTime(1);
  const year = 365 * 24 * 3_600_000;
  const happened: [string, number][] = [];
  const note = (what: string) => () => happened.push([what, time.now()]);
  await time.run(() =>
    new Promise<void>((resolve) => {
      time.after(year, resolve);
      time.after(500, note("later"));
      time.after(10, note("soon"));
      time.after(10, note("soon, behind it"));
    })
  );
  assertEquals(happened, [["soon", 10], ["soon, behind it", 10], ["later", 500]]);
  assertEquals([time.now(), time.wallClock() - Date.UTC(2026, 0)], [year, year]);
});

Deno.test("between two times everything that promises have to do is done", async () => {
  const time = new VirtualTime(1);
  let hops = 0;
  time.after(1, async () => {
    for (let i = 0; i < 1000; i++) {
      await undefined;
      hops++;
    }
  });
  const seen = await time.run(() => new Promise<number>((resolve) => void time.after(1.001, () => resolve(hops))));
  assertEquals(seen, 1000);
});

Deno.test("whoever comes to wait only by many promises is waited for, from the first moment on", async () => {
  const time = new VirtualTime(1);
  await time.run(async () => {
    for (let i = 0; i < 1000; i++) await undefined;
    await new Promise<void>((resolve) => void time.after(1, resolve));
  });
  assertEquals(time.now(), 1);
});

Deno.test("the next turn comes behind all that is due now, and takes no time", async () => {
  const time = new VirtualTime(1);
  const order: string[] = [];
  time.after(5, () => {
    time.nextTurn(() => order.push(`turn at ${time.now()}`));
    queueMicrotask(() => order.push("microtask"));
  });
  time.after(5, () => order.push("second"));
  await time.pass(10);
  assertEquals(order, ["second", "microtask", "turn at 5"]);
});

Deno.test("a timer that was cancelled does not call back, also if that is done by another of the same turn", async () => {
  const time = new VirtualTime(1);
  const calls: string[] = [];
  time.after(5, () => {
    second.cancel();
    second.cancel();
  });
  const second = time.after(5, () => calls.push("second"));
  const ticking = time.every(2, () => calls.push(`tick at ${time.now()}`) === 3 && ticking.cancel());
  await time.pass(100);
  assertEquals([calls, time.pending, time.now()], [["tick at 2", "tick at 4", "tick at 6"], 0, 100]);
});

Deno.test("whoever waits for what cannot come any more is told so, and not kept waiting", async () => {
  const time = new VirtualTime(1);
  time.after(5, () => {});
  await assertRejects(() => time.run(() => new Promise(() => {})), Hung, "nothing is left that could happen");
  assertEquals(time.now(), 5);
});

Deno.test("what an event throws ends the run", async () => {
  const time = new VirtualTime(1);
  const fail = () => {
    throw new TypeError("a mistake of the test's");
  };
  time.after(5, fail);
  await assertRejects(() => time.run(() => new Promise(() => {})), TypeError, "a mistake");
  time.after(5, fail);
  assertThrows(() => time.advance(5), TypeError);
});

Deno.test("what knows no promises can be moved on at once", () => {
  const time = new VirtualTime(1);
  const calls: number[] = [];
  time.every(10, () => calls.push(time.now()));
  time.advance(25);
  time.advance(5);
  assertEquals([calls, time.now()], [[10, 20, 30], 30]);
});

Deno.test("random numbers are the seed's", () => {
  const draw = (seed: number) => {
    const time = new VirtualTime(seed);
    return [time.random(), time.random()];
  };
  assertEquals(draw(1), draw(1));
  assertEquals(`${draw(1)}` === `${draw(2)}`, false);
});

Deno.test("virtual time needs few turns of the real loop, and lets it have some", async () => {
  const time = new VirtualTime(1);
  let realTurns = 0;
  let watching = setImmediate(function count() {
    realTurns++;
    watching = setImmediate(count);
  });
  let turns = 0;
  await time.run(() =>
    new Promise<void>((resolve) => {
      const ticking = time.every(1, () => {
        if (++turns < 10_000) return;
        ticking.cancel();
        resolve();
      });
    })
  );
  clearImmediate(watching);
  assert(realTurns >= 5 && realTurns <= 50, `${realTurns} turns of the real loop in ${turns} of virtual time`);
});
