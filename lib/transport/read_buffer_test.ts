import { assertEquals } from "@std/assert";
import { BufferPool, LARGE_BUFFER, SMALLEST_BUFFER } from "./buffers.ts";
import { ReadBuffer, SHORT_READS } from "./read_buffer.ts";

/** The sizes of the buffers for the reads that give these counts, and for the one after them. */
function sizes(counts: readonly number[], pool = new BufferPool()): number[] {
  const buffer = new ReadBuffer(pool);
  return [
    ...counts.map((count) => {
      const size = buffer.get().length;
      buffer.wasRead(count);
      return size;
    }),
    buffer.get().length,
  ];
}

const [SMALL, LARGE] = [SMALLEST_BUFFER, LARGE_BUFFER];

Deno.test("short reads go on with the small buffer", () => {
  assertEquals(sizes([1, 100, SMALL - 1]), [SMALL, SMALL, SMALL, SMALL]);
});

Deno.test("a read that fills the small buffer is followed by a large one", () => {
  assertEquals(sizes([SMALL]), [SMALL, LARGE]);
});

Deno.test("whoever receives much at once stays with the large buffer, until so many reads in a row were short", () => {
  const short = new Array<number>(SHORT_READS).fill(10);
  const held = new Array<number>(SHORT_READS).fill(LARGE);
  assertEquals(sizes([SMALL, 16_000, ...short]), [SMALL, LARGE, ...held, SMALL]);
  const almost = short.slice(1);
  assertEquals(
    sizes([SMALL, ...almost, SMALL, ...almost]),
    new Array<number>(2 * SHORT_READS + 1).fill(LARGE).with(0, SMALL),
  );
});

Deno.test("where too many hold a large buffer, the next one has it only while more bytes wait", () => {
  const pool = new BufferPool();
  while (pool.holdLarge());
  assertEquals(sizes([SMALL, LARGE, 16_000, SMALL, 10], pool), [SMALL, LARGE, LARGE, SMALL, LARGE, SMALL]);
});

Deno.test("giving back makes room for another, once", () => {
  const pool = new BufferPool();
  const buffer = new ReadBuffer(pool);
  buffer.get();
  buffer.wasRead(SMALL);
  while (pool.holdLarge());
  buffer.giveBack();
  buffer.giveBack();
  assertEquals([pool.holdLarge(), pool.holdLarge()], [true, false]);
});
