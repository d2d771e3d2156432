import { assertEquals, assertRejects } from "@std/assert";
import { REAL_TIME } from "../transport/real_time.ts";
import { Chance } from "./chance.ts";
import { CALM_WIRE } from "./conditions.ts";
import { Wire, type WireOptions } from "./wire.ts";

const unheard = { taken: () => {}, given: () => {}, stalled: () => {}, reset: () => {} };

/** A wire on which nothing takes time. */
function calm(options: Partial<WireOptions> = {}): Wire {
  return new Wire(REAL_TIME, new Chance(1), { ...CALM_WIRE, ...options }, unheard);
}

const encode = (text: string) => new TextEncoder().encode(text);

async function read(wire: Wire, most = 100): Promise<string | null> {
  const buffer = new Uint8Array(most);
  const count = await wire.read(buffer);
  return count === null ? null : new TextDecoder().decode(buffer.subarray(0, count));
}

Deno.test("a read gives no more than one piece, and no more than fits", async () => {
  const wire = calm();
  await wire.write(encode("abcde"));
  await wire.write(encode("fg"));
  assertEquals([await read(wire, 3), await read(wire), await read(wire)], ["abc", "de", "fg"]);
});

Deno.test("what is written arrives in the pieces it is cut into; empty ones do not count", async () => {
  const wire = calm({ segment: (bytes) => [bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1)] });
  await wire.write(encode("abc"));
  assertEquals([await read(wire), await read(wire)], ["a", "bc"]);
});

Deno.test("a write into a full wire waits until half of it is free, or all fits, and takes what there is room for", async () => {
  const wire = calm({ capacity: 4 });
  assertEquals(await wire.write(encode("abcdef")), 4);
  const second = wire.write(encode("ef"));
  assertEquals([await read(wire, 1), wire.held], ["a", 3]);
  assertEquals([await read(wire, 1), await second, wire.held], ["b", 2, 4]);
  const third = wire.write(encode("ghi"));
  assertEquals([await read(wire), await third], ["cd", 2]);
  assertEquals([await read(wire), await read(wire)], ["ef", "gh"]);
});

Deno.test("nothing comes out of a stalled wire until it is released, not even the end", async () => {
  const wire = calm();
  wire.stall();
  const seen: (string | null)[] = [];
  const first = read(wire).then((text) => seen.push(text));
  await wire.write(encode("a"));
  wire.finish();
  await Promise.resolve();
  assertEquals(seen, []);
  wire.release();
  await first;
  assertEquals([...seen, await read(wire)], ["a", null]);
});

Deno.test("after finish the reader gets what is held and then the end, and the writer fails", async () => {
  const wire = calm({ capacity: 1 });
  await wire.write(encode("a"));
  const waiting = wire.write(encode("b"));
  wire.finish();
  await assertRejects(() => waiting);
  await assertRejects(() => wire.write(encode("c")));
  assertEquals([await read(wire), await read(wire), await read(wire)], ["a", null, null]);
});

Deno.test("once it is broken, everybody fails and what was held is lost", async () => {
  const [reading, writing] = [calm(), calm({ capacity: 1 })];
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
