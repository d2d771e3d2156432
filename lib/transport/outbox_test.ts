import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { QUEUED_OVERHEAD, TotalQueued } from "../core/queued.ts";
import { BufferPool } from "./buffers.ts";
import { DEFAULT_MAX_QUEUE, Outbox } from "./outbox.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const next = (outbox: Outbox) => new TextDecoder().decode(outbox.next());

/** Counts what is lent. */
class CountingPool extends BufferPool {
  lent = 0;

  override borrow(size: number): Uint8Array<ArrayBuffer> {
    this.lent++;
    return super.borrow(size);
  }

  override giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    this.lent--;
    super.giveBack(buffer);
  }
}

Deno.test("what is pushed while a write is under way waits for it, and then goes in one piece", () => {
  const outbox = new Outbox(new BufferPool());
  outbox.push(encode("ab"));
  assertEquals(next(outbox), "ab");
  outbox.push(encode("cd"));
  outbox.push(encode("ef"));
  assertEquals(next(outbox), "ab");
  outbox.advance(2);
  assertEquals(next(outbox), "cdef");
  outbox.advance(4);
  assertEquals(outbox.next(), undefined);
});

Deno.test("what is pushed while a write is under way does not change its bytes", () => {
  const outbox = new Outbox(new BufferPool());
  outbox.push(encode("a".repeat(512)));
  const writing = outbox.next()!;
  outbox.push(encode("b".repeat(100_000)));
  assertEquals(new TextDecoder().decode(writing), "a".repeat(512));
});

Deno.test("an empty queue holds no buffer, and neither does one that was cleared amid a write, but for that write", () => {
  const pool = new CountingPool();
  const outbox = new Outbox(pool);
  outbox.push(encode(""));
  assertEquals([pool.lent, outbox.next()], [0, undefined]);
  for (const size of [1, 600, 5_000, 1_000_000]) {
    outbox.push(new Uint8Array(size / 2));
    outbox.push(new Uint8Array(size / 2));
    for (let bytes = outbox.next(); bytes !== undefined; bytes = outbox.next()) {
      outbox.advance(Math.min(bytes.length, 999));
    }
    assertEquals([pool.lent, outbox.queued], [0, 0]);
  }
  outbox.push(encode("being written"));
  outbox.next();
  outbox.push(encode("waiting"));
  outbox.clear();
  assertEquals(pool.lent, 1);
});

Deno.test("as much as the bound may be queued, what is being written included, and no byte more", () => {
  const outbox = new Outbox(new BufferPool(), 10);
  assertEquals(outbox.push(encode("123456")), true);
  outbox.next();
  assertEquals(outbox.push(encode("78901")), false);
  assertEquals(outbox.push(encode("7890")), true);
  assertEquals([outbox.queued, outbox.push(encode("!"))], [10, false]);
  outbox.advance(6);
  assertEquals(outbox.push(encode("!")), true);
  assertEquals(next(outbox), "7890!");
});

Deno.test("the bound is 1 MiB where none is given", () => {
  const outbox = new Outbox(new BufferPool());
  assertEquals(DEFAULT_MAX_QUEUE, 1_048_576);
  assertEquals([outbox.push(new Uint8Array(1_048_576)), outbox.push(new Uint8Array(1))], [true, false]);
});

Deno.test("each who waits is called back once its own bytes are handed over, and not before", () => {
  const outbox = new Outbox(new BufferPool());
  const told: string[] = [];
  const wait = (who: string) => outbox.whenHandedOver((ok) => told.push(`${who} ${ok}`));
  wait("nobody");
  outbox.push(encode("abc"));
  wait("abc");
  outbox.next();
  outbox.push(encode("de"));
  wait("de");
  assertEquals(told, []);
  outbox.advance(2);
  assertEquals(told, ["nobody true"]);
  outbox.advance(1);
  assertEquals(told, ["nobody true", "abc true"]);
  outbox.next();
  outbox.advance(2);
  assertEquals(told, ["nobody true", "abc true", "de true"]);
});

Deno.test("clear tells the truth to each who waits", () => {
  const outbox = new Outbox(new BufferPool());
  const told: string[] = [];
  outbox.push(encode("ab"));
  outbox.next();
  outbox.advance(2);
  outbox.whenHandedOver((ok) => told.push(`written ${ok}`));
  outbox.push(encode("cd"));
  outbox.whenHandedOver((ok) => told.push(`queued ${ok}`));
  outbox.drop(1);
  outbox.whenHandedOver((ok) => told.push(`dropped ${ok}`));
  outbox.clear();
  outbox.clear();
  assertEquals(told, ["written true", "queued false", "dropped false"]);
});

Deno.test("whoever waits for bytes that were dropped is not told that they were handed over", () => {
  const outbox = new Outbox(new BufferPool());
  const told: boolean[] = [];
  outbox.push(encode("ab"));
  outbox.drop(2);
  outbox.whenHandedOver((ok) => told.push(ok));
  outbox.next();
  outbox.advance(2);
  assertEquals([told, outbox.next()], [[], undefined]);
  outbox.clear();
  assertEquals(told, [false]);
});

Deno.test("a callback may push and wait anew", () => {
  const outbox = new Outbox(new BufferPool());
  const told: string[] = [];
  outbox.push(encode("a"));
  outbox.whenHandedOver(() => {
    outbox.push(encode("b"));
    outbox.whenHandedOver(() => told.push("b"));
    told.push("a");
  });
  outbox.next();
  outbox.advance(1);
  assertEquals([told, next(outbox)], [["a"], "b"]);
  outbox.advance(1);
  assertEquals(told, ["a", "b"]);
});

Deno.test("a callback that throws keeps nobody from being called back", () => {
  const outbox = new Outbox(new BufferPool());
  const told: string[] = [];
  outbox.push(encode("a"));
  outbox.whenHandedOver(() => {
    throw new Error("a mistake");
  });
  outbox.whenHandedOver(() => told.push("the next"));
  outbox.next();
  assertThrows(() => outbox.advance(1), Error, "a mistake");
  outbox.advance(0);
  assertEquals(told, ["the next"]);
});

Deno.test("any pushes and partial writes give the bytes that were pushed, within the bound", () => {
  const step = fc.oneof(
    fc.record({ push: fc.uint8Array({ maxLength: 1500 }) }),
    fc.record({ write: fc.nat(2000) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4000 }), (steps, bound) => {
    const pool = new CountingPool();
    const outbox = new Outbox(pool, bound);
    const pushed: number[] = [];
    const written: number[] = [];
    const write = (most: number) => {
      const bytes = outbox.next();
      if (bytes === undefined) return;
      const count = Math.min(most, bytes.length);
      written.push(...bytes.subarray(0, count));
      outbox.advance(count);
    };
    for (const step of steps) {
      if ("write" in step) write(step.write);
      else {
        const fits = pushed.length - written.length + step.push.length <= bound;
        assertEquals(outbox.push(step.push), fits);
        if (fits) pushed.push(...step.push);
      }
      assertEquals(outbox.queued, pushed.length - written.length);
    }
    while (outbox.queued > 0) write(Infinity);
    assertEquals(written, pushed);
    assertEquals(outbox.handedOver, pushed.length);
    outbox.advance(0);
    assertEquals(pool.lent, 0);
  }));
});

Deno.test("the memory of a queue is counted: its buffers whole, and all who wait", () => {
  const all = new TotalQueued();
  const outbox = new Outbox(new BufferPool(), 10_000, all.open());
  outbox.push(encode("a"));
  assertEquals(all.bytes, 1024);
  outbox.whenHandedOver(() => {});
  outbox.whenHandedOver(() => {});
  assertEquals(all.bytes, 1024 + 2 * QUEUED_OVERHEAD);
  outbox.next();
  outbox.push(encode("b".repeat(3_000)));
  assertEquals(all.bytes, 1024 + 4096 + 2 * QUEUED_OVERHEAD);
  outbox.advance(1);
  assertEquals(all.bytes, 4096);
  outbox.next();
  outbox.advance(3_000);
  assertEquals(all.bytes, 0);
});

Deno.test("a queue that is cleared holds no memory", () => {
  const all = new TotalQueued();
  const outbox = new Outbox(new BufferPool(), 10_000, all.open());
  outbox.push(encode("a"));
  outbox.whenHandedOver(() => {});
  outbox.next();
  outbox.push(encode("b"));
  outbox.clear();
  assertEquals(all.bytes, 0);
});
