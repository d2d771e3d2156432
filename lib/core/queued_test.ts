import { assertEquals } from "@std/assert";
import { type Queued, TotalQueued } from "./queued.ts";

/** Queues of owners who note that they were told to give up. */
function startQueues(limit: number, ...names: string[]) {
  const all = new TotalQueued(limit);
  const gaveUp: string[] = [];
  const queues: Queued[] = names.map((name) => all.open({ giveUp: () => gaveUp.push(name) }));
  return { all, gaveUp, queues };
}

Deno.test("as long as no more waits than may, nobody is given up, however full one queue is", () => {
  const { all, gaveUp, queues: [a, b] } = startQueues(100, "a", "b");
  a!.set(90);
  b!.set(10);
  assertEquals([gaveUp, all.bytes], [[], 100]);
});

Deno.test("past the limit the fullest queues are given up, whoever fills one, until it is kept", () => {
  const { all, gaveUp, queues: [a, b, c, d] } = startQueues(100, "a", "b", "c", "d");
  a!.set(30);
  b!.set(40);
  c!.set(30);
  d!.set(45);
  assertEquals([gaveUp, all.bytes], [["d"], 100]);
  a!.set(31);
  assertEquals([gaveUp, all.bytes], [["d", "b"], 61]);
});

Deno.test("one who alone fills all of it is given up itself", () => {
  const { all, gaveUp, queues: [a] } = startQueues(100, "a");
  a!.set(101);
  assertEquals([gaveUp, all.bytes], [["a"], 0]);
});

Deno.test("what is given up or closed counts no more, whatever is said of it", () => {
  const { all, gaveUp, queues: [a, b] } = startQueues(100, "a", "b");
  a!.set(101);
  a!.set(500);
  b!.set(50);
  b!.close();
  b!.set(60);
  assertEquals([gaveUp, all.bytes], [["a"], 0]);
});

Deno.test("a queue that nobody owns is counted, and others make way for it", () => {
  const { all, gaveUp, queues: [a] } = startQueues(100, "a");
  const nobodys = all.open();
  nobodys.set(90);
  a!.set(10);
  assertEquals(gaveUp, []);
  a!.set(20);
  assertEquals([gaveUp, all.bytes], [["a"], 90]);
});

Deno.test("who gives up may empty its queue, or fill another one, on the way", () => {
  const all = new TotalQueued(100);
  const other = all.open({ giveUp: () => {} });
  const one: Queued = all.open({
    giveUp: () => {
      one.set(0);
      other.set(10);
    },
  });
  one.set(200);
  assertEquals([one.bytes, other.bytes, all.bytes], [0, 10, 10]);
});
