import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Fifo } from "./fifo.ts";

Deno.test("a queue gives back what an array would", () => {
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant("push" as const), value: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("shift" as const) }) },
    fc.record({ do: fc.constant("take" as const), value: fc.nat(9) }),
  );
  fc.assert(fc.property(fc.array(command, { minLength: 50, maxLength: 400 }), (commands) => {
    const queue = new Fifo<number>();
    const model: number[] = [];
    for (const step of commands) {
      if (step.do === "push") {
        queue.push(step.value);
        model.push(step.value);
      } else if (step.do === "shift") {
        assertEquals(queue.shift(), model.shift());
      } else {
        const at = model.indexOf(step.value);
        assertEquals(queue.take((value) => value === step.value), at < 0 ? undefined : model.splice(at, 1)[0]);
      }
      assertEquals([queue.size, queue.peek()], [model.length, model[0]]);
    }
  }));
});

Deno.test("each that waits can be looked at, from either end, however many have left", () => {
  const queue = new Fifo<number>();
  for (let i = 0; i < 100; i++) queue.push(i);
  for (let i = 0; i < 97; i++) queue.shift();
  assertEquals([0, 1, 2, 3].map((index) => queue.at(index)), [97, 98, 99, undefined]);
  assertEquals([-1, -2, -3, -4].map((index) => queue.at(index)), [99, 98, 97, undefined]);
});
