import { assertEquals, assertRejects } from "@std/assert";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { sleep } from "../play/sleep.ts";
import { playInTurn, progressOf } from "./schedule.ts";

/** Plays tasks that take so long each, in milliseconds, in virtual time; gives what was said of each, and how long it took. */
async function play(
  lengths: readonly number[],
  { parallel = 1, before = [], stopAt = Infinity }: { parallel?: number; before?: number[]; stopAt?: number } = {},
): Promise<{ told: string[]; took: number; most: number }> {
  const runtime = new VirtualTime(1);
  const interrupted = new AbortController();
  const told: string[] = [];
  let playing = 0;
  let most = 0;
  return await runtime.run(async () => {
    runtime.after(Math.min(stopAt, 1e6), () => interrupted.abort(130));
    await playInTurn({
      tasks: lengths,
      before,
      parallel,
      interrupted: interrupted.signal,
      play: async (length) => {
        most = Math.max(most, ++playing);
        await sleep(runtime, length, interrupted.signal).finally(() => playing--);
        return length;
      },
      durationOf: (length) => length,
      onDone: (length, { done, all, left }) => {
        told.push(`${done}/${all} ${length}, ${left} left`);
        return Promise.resolve();
      },
    });
    return { told, took: runtime.now(), most };
  });
}

Deno.test("submissions are played one after the other, and what is left takes as long as those that are done", async () => {
  const { told, took, most } = await play([100, 300, 200]);
  assertEquals(told, ["1/3 100, 200 left", "2/3 300, 200 left", "3/3 200, 0 left"]);
  assertEquals([took, most], [600, 1]);
});

Deno.test("several are played at a time, and no more than that", async () => {
  const { told, took, most } = await play([100, 100, 100, 100, 100], { parallel: 2 });
  assertEquals([told.length, took, most], [5, 300, 2]);
  assertEquals(told[0], "1/5 100, 200 left");
});

Deno.test("what was done before counts, and is not played again", async () => {
  assertEquals((await play([100], { before: [500, 300] })).told, ["3/3 100, 0 left"]);
});

Deno.test("once it is broken off nothing is begun, and what was begun is not told as done", async () => {
  const { told, took } = await play([100, 100, 100], { stopAt: 150 });
  assertEquals([told.length, took], [1, 150]);
});

Deno.test("an error of the tool ends it, once what was begun has ended", async () => {
  let ended = 0;
  const attempt = playInTurn({
    tasks: [1, 2, 3, 4],
    before: [],
    parallel: 2,
    interrupted: new AbortController().signal,
    play: async (task) => {
      await Promise.resolve();
      ended++;
      if (task === 1) throw new Error("no room on the disk");
      return task;
    },
    durationOf: () => 1,
    onDone: () => Promise.resolve(),
  });
  await assertRejects(() => attempt, Error, "no room");
  assertEquals(ended, 2);
});

Deno.test("nothing is said of what is left before anything is done", () => {
  assertEquals(progressOf([], 60, 2), { done: 0, all: 60 });
});
