import { assertEquals } from "@std/assert";
import { keptText } from "./leftovers.ts";

const FEW = { processes: 1, threads: 2, descriptors: 9, memory: 10_000, processorTime: 1 };

Deno.test("a thread for each that was there is told with figures, a pool and memory are not", () => {
  const told = (more: Partial<typeof FEW>, idle = 0) => keptText({ before: FEW, after: { ...FEW, ...more }, idle }, 16);
  assertEquals(told({}), undefined);
  assertEquals(told({ threads: 66, descriptors: 70, memory: 90_000 }), undefined);
  assertEquals(told({ threads: 771 }), "when all have left, the server still takes 771 threads, 2 before");
  const all =
    "when all have left, the server still takes 800 descriptors, 9 before; 300 processes, 1 before; 97% of a " +
    "processor, though nobody is there";
  assertEquals(told({ descriptors: 800, processes: 300 }, 0.97), all);
  assertEquals(told({}, 0.1), undefined);
});
