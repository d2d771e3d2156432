/**
 * The part of the contract of links that is about bytes: they arrive, and what waits for a peer is bounded.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Holder, Link } from "../../core/link.ts";
import { TotalQueued } from "../../core/queued.ts";
import { LinkRecorder } from "./link_recorder.ts";
import { assertSame, type Contract, encode, flushed, MIB, pattern, record, TOO_MUCH } from "./link_pair.ts";

/** Registers its tests. */
export function linksPassBytes({ makePair, name, test }: Contract): void {
  test("what is written arrives, in order, in both directions", async ({ near, far }) => {
    const [atNear, atFar] = [record(near), record(far)];
    for (let i = 0; i < 100; i++) {
      near.write(encode(`to far ${i}\n`));
      far.write(encode(`to near ${i}\n`));
      if (i % 10 === 0) await atFar.untilReceived(1);
    }
    const expected = (to: string) => Array.from({ length: 100 }, (_, i) => `to ${to} ${i}\n`).join("");
    await Promise.all([
      atFar.untilReceived(expected("far").length),
      atNear.untilReceived(expected("near").length),
    ]);
    assertEquals(atFar.received.text, expected("far"));
    assertEquals(atNear.received.text, expected("near"));
  });

  test("what is written before the link is started arrives", async ({ near, far }) => {
    near.write(encode("early"));
    const atFar = record(far);
    await atFar.untilReceived(5);
    assertEquals(atFar.received.text, "early");
  });

  test("bytes are copied when they are written", async ({ near, far }) => {
    const atFar = record(far);
    const bytes = encode("before");
    near.write(bytes);
    bytes.fill(0x21);
    near.write(bytes.subarray(0, 1));
    await atFar.untilReceived(7);
    assertEquals(atFar.received.text, "before!");
  });

  test("writes of any sizes, in any turns, to a reader that pauses, arrive whole", async () => {
    const sizes = fc.array(fc.oneof(fc.nat(40), fc.nat(3000), fc.nat(200_000)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.infiniteStream(fc.boolean()), async (sizes, coin) => {
        const pair = await makePair({ maxQueue: 8 * MIB });
        const pausing = (link: Link) =>
          record(link, {
            receive: () => {
              if (!coin.next().value) return;
              link.pause();
              queueMicrotask(() => link.resume());
            },
          });
        const [atNear, atFar] = [record(pair.near), pausing(pair.far)];
        const all = pattern(sizes.reduce((sum, size) => sum + size, 0));
        let written = 0;
        for (const size of sizes) {
          pair.near.write(all.subarray(written, written += size));
          if (coin.next().value) await flushed(pair.near);
        }
        pair.near.end("done");
        assertEquals(await atFar.untilClosed(), "left");
        assertEquals(await atNear.untilClosed(), "done");
        pair.dispose();
        assertSame(atFar.received.bytes, all);
      }),
      { numRuns: 25 },
    );
  });

  test("8 MiB arrive complete and in order at a reader that pauses after each piece", async ({ near, far }) => {
    const all = pattern(8 * MIB);
    const atFar = record(far, { receive: () => far.pause() });
    near.write(all);
    while (atFar.received.length < all.length) {
      far.resume();
      await atFar.untilReceived(atFar.received.length + 1);
    }
    assertSame(atFar.received.bytes, all);
  }, { maxQueue: 8 * MIB });

  test("1 MiB comes back whole from a peer that writes back what it reads", async ({ near, far }) => {
    const all = pattern(MIB);
    record(far, { receive: (bytes) => far.write(bytes) });
    const atNear = record(near);
    near.write(all);
    await atNear.untilReceived(all.length);
    assertSame(atNear.received.bytes, all);
  });

  test("nothing arrives at a link that has paused, and everything once it is resumed", async ({ near, far }) => {
    const atNear = record(near);
    const atFar = record(far, { receive: () => atFar.received.length === 1 && far.pause() });
    near.write(encode("a"));
    await atFar.untilReceived(1);
    near.write(encode("bcdef"));
    await flushed(near);
    // The way back is a fence: what goes there and back again was overtaken by nothing that waits at the far end.
    far.write(encode("1"));
    await atNear.untilReceived(1);
    assertEquals(atFar.received.text, "a");
    far.resume();
    await atFar.untilReceived(6);
    assertEquals(atFar.received.text, "abcdef");
  });

  test("a link that two have paused is read when both have resumed it", async ({ near, far }) => {
    const atNear = record(near);
    const holders: Holder[] = ["session", "server"];
    const atFar = record(far, { receive: () => holders.splice(0).forEach((by) => far.pause(by)) });
    near.write(encode("a"));
    await atFar.untilReceived(1);
    far.resume("session");
    near.write(encode("bc"));
    far.write(encode("1"));
    await atNear.untilReceived(1);
    assertEquals(atFar.received.text, "a");
    far.resume("server");
    await atFar.untilReceived(3);
    assertEquals(atFar.received.text, "abc");
  });

  test("no handler and no callback is called from within a call of the link", async ({ near, far }) => {
    const inside = { call: false };
    const calledInside: string[] = [];
    const note = (what: string) => () => void (inside.call && calledInside.push(what));
    const within = (call: () => void) => {
      inside.call = true;
      call();
      inside.call = false;
    };
    far.write(encode("early"));
    const atNear = new LinkRecorder(near, { receive: note("receive"), ended: note("ended"), closed: note("closed") });
    const atFar = record(far);
    within(() => near.start(atNear));
    await atNear.untilReceived(5);
    within(() => near.pause());
    far.write(encode("late"));
    await flushed(far);
    within(() => near.flushed(note("flushed")));
    within(() => near.write(encode("x")));
    within(() => near.flushed(note("flushed")));
    within(() => near.resume());
    await atNear.untilReceived(9);
    within(() => near.end("done"));
    within(() => near.flushed(note("flushed")));
    within(() => near.abort("done"));
    within(() => near.flushed(note("flushed")));
    await Promise.all([atNear.untilClosed(), atFar.untilClosed()]);
    assertEquals(calledInside, []);
  });

  test("flushed tells in order, once each, that the bytes were handed over", async ({ near, far }) => {
    const atFar = record(far);
    const told: string[] = [];
    near.flushed((ok) => told.push(`nothing ${ok}`));
    near.write(encode("a"));
    near.flushed((ok) => told.push(`a ${ok}`));
    near.write(pattern(300_000));
    near.flushed((ok) => told.push(`much ${ok}`));
    near.flushed((ok) => told.push(`much again ${ok}`));
    assertEquals(told, []);
    await flushed(near);
    assertEquals(told, ["nothing true", "a true", "much true", "much again true"]);
    await atFar.untilReceived(300_001);
    assertEquals(told.length, 4);
  });

  test("flushed tells, before the link is closed, that bytes were not handed over", async ({ near }) => {
    const told: string[] = [];
    const atNear = record(near, { closed: () => told.push("closed") });
    near.write(pattern(TOO_MUCH));
    near.flushed((ok) => told.push(`first ${ok}`));
    near.flushed((ok) => told.push(`second ${ok}`));
    near.abort("done");
    near.flushed((ok) => told.push(`third ${ok}`));
    await atNear.untilClosed();
    assertEquals(told, ["first false", "second false", "third false", "closed"]);
    assertEquals(await flushed(near), false);
  }, { maxQueue: TOO_MUCH });

  test("what is queued may be as much as the bound, and one byte more closes as slow-reader", async ({ near, far }) => {
    const [atNear, atFar] = [record(near), record(far)];
    near.write(pattern(1000));
    assertEquals(await flushed(near), true);
    near.write(pattern(400));
    near.write(pattern(600));
    assertEquals(await flushed(near), true);
    await atFar.untilReceived(2000);
    near.write(pattern(1000));
    near.write(pattern(1));
    assertEquals(await flushed(near), false);
    assertEquals(await atNear.untilClosed(), "slow-reader");
    await atFar.untilClosed();
  }, { maxQueue: 1000 });

  test("a peer that does not read is closed once more than the bound is queued", async ({ near }) => {
    const atNear = record(near);
    const piece = pattern(MIB);
    let written = 0;
    while (atNear.reason === undefined && written < TOO_MUCH) {
      near.write(piece);
      written += piece.length;
      // Gives the system the time to take what it does take.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assertEquals(await atNear.untilClosed(), "slow-reader");
  }, { maxQueue: 2 * MIB });

  Deno.test(`${name}: past what may wait for all, the peer for whom the most waits is closed, and others stay`, async () => {
    const options = { maxQueue: 8 * MIB, queued: new TotalQueued(8 * MIB) };
    const pairs = [await makePair(options), await makePair(options)] as const;
    const [slow, slower] = pairs.map(({ near }) => record(near));
    const [little, much] = [pattern(MIB), pattern(3 * MIB)];
    pairs[0].near.write(little);
    pairs[1].near.write(much);
    pairs[1].near.write(much);
    assertEquals(await flushed(pairs[1].near), false);
    assertEquals([await slower!.untilClosed(), slow!.reason], ["slow-reader", undefined]);
    const far = record(pairs[0].far);
    await far.untilReceived(MIB);
    assertEquals(await flushed(pairs[0].near), true);
    assertEquals(options.queued.bytes, 0);
    for (const pair of pairs) {
      pair.near.abort("done");
      pair.far.abort("done");
      pair.dispose();
    }
    record(pairs[1].far);
    await Promise.all([slow!.untilClosed(), far.untilClosed()]);
  });

  test("a peer that takes nothing for the write timeout is closed as slow-reader", async ({ near }) => {
    const atNear = record(near);
    near.write(pattern(TOO_MUCH));
    const told = flushed(near);
    assertEquals(await atNear.untilClosed(), "slow-reader");
    assertEquals(await told, false);
  }, { maxQueue: TOO_MUCH, writeTimeout: 80 });

  Deno.test(`${name}: a link that is idle for longer than the write timeout stays open`, async () => {
    const options = { writeTimeout: 40, maxQueue: TOO_MUCH };
    const [idle, stalled] = [await makePair(options), await makePair(options)];
    const [atIdle, atFar, atStalled] = [record(idle.near), record(idle.far), record(stalled.near)];
    idle.near.write(encode("a"));
    await atFar.untilReceived(1);
    stalled.near.write(pattern(TOO_MUCH));
    assertEquals(await atStalled.untilClosed(), "slow-reader");
    idle.near.write(encode("b"));
    await atFar.untilReceived(2);
    assertEquals(atIdle.calls, []);
    idle.near.end("done");
    stalled.far.abort("done");
    assertEquals(await atIdle.untilClosed(), "done");
    await atFar.untilClosed();
    idle.dispose();
    stalled.dispose();
  });
}
