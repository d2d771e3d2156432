import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { BufferPool, LARGE_BUFFER, SMALLEST_BUFFER } from "./buffers.ts";

Deno.test("a buffer is the next power of two in size, and never smaller than the smallest", () => {
  const pool = new BufferPool();
  const sizes = [0, 1, 255, 256, 257, 1024, 1025, 2048, 2049, 32768, 32769, 1_000_000, 8 * 1024 * 1024];
  assertEquals(
    sizes.map((size) => pool.borrow(size).length),
    [256, 256, 256, 256, 512, 1024, 2048, 2048, 4096, 32768, 65536, 1_048_576, 8 * 1024 * 1024],
  );
});

Deno.test("what is given back is lent again, to whoever needs that size", () => {
  const pool = new BufferPool();
  const [small, large] = [pool.borrow(1), pool.borrow(LARGE_BUFFER)];
  assertEquals([small.length, large.length], [SMALLEST_BUFFER, LARGE_BUFFER]);
  pool.giveBack(small);
  pool.giveBack(large);
  assertNotStrictEquals(pool.borrow(SMALLEST_BUFFER + 1), small);
  assertStrictEquals(pool.borrow(1), small);
  assertNotStrictEquals(pool.borrow(1), small);
  assertStrictEquals(pool.borrow(LARGE_BUFFER), large);
});

Deno.test("the smallest buffers share memory, and none of it is in two of them", () => {
  const pool = new BufferPool();
  const buffers = Array.from({ length: 1000 }, () => pool.borrow(1));
  for (const [i, buffer] of buffers.entries()) buffer.fill(i % 251);
  for (const [i, buffer] of buffers.entries()) assert(buffer.every((byte) => byte === i % 251));
  assert(new Set(buffers.map((buffer) => buffer.buffer)).size < 10);
});

Deno.test("very large buffers are not kept", () => {
  const pool = new BufferPool();
  const buffer = pool.borrow(LARGE_BUFFER + 1);
  pool.giveBack(buffer);
  assertNotStrictEquals(pool.borrow(LARGE_BUFFER + 1), buffer);
});

Deno.test("no more than 2 MiB of a size are kept", () => {
  const pool = new BufferPool();
  const before = new Set(Array.from({ length: 100 }, () => pool.borrow(LARGE_BUFFER)));
  for (const buffer of before) pool.giveBack(buffer);
  const again = Array.from({ length: 100 }, () => pool.borrow(LARGE_BUFFER));
  assertEquals(again.filter((buffer) => before.has(buffer)).length, 2 * 1024 * 1024 / LARGE_BUFFER);
});

Deno.test("a bounded number of links may hold a large buffer, and each that lets go makes room", () => {
  const pool = new BufferPool();
  const allowed = Array.from({ length: 1000 }, () => pool.holdLarge()).filter(Boolean).length;
  assert(allowed * LARGE_BUFFER <= 8 * 1024 * 1024 && allowed > 100);
  pool.releaseLarge();
  assertEquals([pool.holdLarge(), pool.holdLarge()], [true, false]);
});
