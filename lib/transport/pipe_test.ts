import { assertEquals, assertRejects } from "@std/assert";
import { Pipe } from "./pipe.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function read(pipe: Pipe, most = 100): Promise<string | null> {
  const buffer = new Uint8Array(most);
  const count = await pipe.read(buffer);
  return count === null ? null : new TextDecoder().decode(buffer.subarray(0, count));
}

Deno.test("a read gives no more than one piece, and no more than fits", async () => {
  const pipe = new Pipe();
  await pipe.write(encode("abcde"));
  await pipe.write(encode("fg"));
  assertEquals([await read(pipe, 3), await read(pipe), await read(pipe)], ["abc", "de", "fg"]);
});

Deno.test("what is written arrives in the pieces it is cut into; empty ones do not count", async () => {
  const pipe = new Pipe({ segment: (bytes) => [bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1)] });
  await pipe.write(encode("abc"));
  assertEquals([await read(pipe), await read(pipe)], ["a", "bc"]);
});

Deno.test("a write into a full pipe waits until half of it is free, or all fits, and takes what there is room for", async () => {
  const pipe = new Pipe({ capacity: 4 });
  assertEquals(await pipe.write(encode("abcdef")), 4);
  const second = pipe.write(encode("ef"));
  assertEquals([await read(pipe, 1), pipe.held], ["a", 3]);
  assertEquals([await read(pipe, 1), await second, pipe.held], ["b", 2, 4]);
  const third = pipe.write(encode("ghi"));
  assertEquals([await read(pipe), await third], ["cd", 2]);
  assertEquals([await read(pipe), await read(pipe)], ["ef", "gh"]);
});

Deno.test("nothing comes out of a stalled pipe until it is released, not even the end", async () => {
  const pipe = new Pipe();
  pipe.stall();
  const seen: (string | null)[] = [];
  const first = read(pipe).then((text) => seen.push(text));
  await pipe.write(encode("a"));
  pipe.finish();
  await Promise.resolve();
  assertEquals(seen, []);
  pipe.release();
  await first;
  assertEquals([...seen, await read(pipe)], ["a", null]);
});

Deno.test("after finish the reader gets what is held and then the end, and the writer fails", async () => {
  const pipe = new Pipe({ capacity: 1 });
  await pipe.write(encode("a"));
  const waiting = pipe.write(encode("b"));
  pipe.finish();
  await assertRejects(() => waiting);
  await assertRejects(() => pipe.write(encode("c")));
  assertEquals([await read(pipe), await read(pipe), await read(pipe)], ["a", null, null]);
});

Deno.test("once it is broken, everybody fails and what was held is lost", async () => {
  const [reading, writing] = [new Pipe(), new Pipe({ capacity: 1 })];
  const pendingRead = read(reading);
  await writing.write(encode("a"));
  const pendingWrite = writing.write(encode("b"));
  reading.break();
  writing.break();
  await assertRejects(() => pendingRead);
  await assertRejects(() => pendingWrite);
  await assertRejects(() => read(writing));
  await assertRejects(() => writing.write(encode("c")));
  assertEquals(writing.held, 0);
});
