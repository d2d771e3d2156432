import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EventQueue } from "./event_queue.ts";

Deno.test("events come in the order of time, those of one time in the order in which they were added, and cancelled ones not at all", () => {
  const steps = fc.array(fc.record({ time: fc.nat(20), isCancelled: fc.boolean() }), { maxLength: 100 });
  fc.assert(fc.property(steps, (steps) => {
    const queue = new EventQueue();
    const happened: number[] = [];
    const added = steps.map(({ time }, i) => queue.add(time, () => happened.push(i)));
    steps.forEach(({ isCancelled }, i) => isCancelled && queue.cancel(added[i]!));
    const expected = steps.map(({ time, isCancelled }, i) => ({ time, isCancelled, i }))
      .filter(({ isCancelled }) => !isCancelled).sort((a, b) => a.time - b.time || a.i - b.i).map(({ i }) => i);
    assertEquals(queue.size, expected.length);
    for (let event = queue.take(); event !== undefined; event = queue.take()) event.act!();
    assertEquals(happened, expected);
    assertEquals(queue.size, 0);
  }));
});
