/**
 * What every link must keep, whatever carries its bytes: one suite of tests for all of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { HalfClosingLink, Holder, Link } from "../chat/link.ts";
import { type LinkReactions, LinkRecorder } from "./link_recorder.ts";
import type { LinkOptions } from "./stream_link.ts";

/** Two links that are connected to each other and not started, and how to be rid of what made them. */
export interface LinkPair {
  /** One end. */
  readonly near: HalfClosingLink;
  /** The other end. */
  readonly far: Link;
  /** Closes whatever the links do not close themselves, such as a listener. */
  dispose(): void;
}

/** Makes a pair; the options apply to both ends. */
export type MakeLinkPair = (options?: LinkOptions) => Promise<LinkPair>;

const MIB = 1024 * 1024;
/** More than the system takes in for a peer that does not read. */
const TOO_MUCH = 16 * MIB;

/** Registers the tests of the contract under a name. */
export function linkContract(name: string, makePair: MakeLinkPair): void {
  /** A test that aborts both links in the end, so that none is left open by a failure. */
  function test(sentence: string, body: (pair: LinkPair) => Promise<void>, options?: LinkOptions): void {
    Deno.test(`${name}: ${sentence}`, async () => {
      const pair = await makePair(options);
      try {
        await body(pair);
      } finally {
        pair.near.abort("done");
        pair.far.abort("done");
        pair.dispose();
      }
    });
  }

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

  test("the last bytes arrive though their reader had sent what was never read", async ({ near, far }) => {
    const atNear = record(near, { receive: () => near.pause() });
    const atFar = record(far);
    far.write(pattern(300_000));
    await atNear.untilReceived(1);
    near.write(encode("ERROR 103 Header incomplete\n\n"));
    near.end("malformed");
    assertEquals(await atFar.untilClosed(), "left");
    assertEquals(atFar.received.text, "ERROR 103 Header incomplete\n\n");
    assertEquals(await atNear.untilClosed(), "malformed");
  }, { lingerTimeout: 3_600_000 });

  test("what was written before an end arrives though the peer itself has ended", async ({ near, far }) => {
    const all = pattern(8 * MIB);
    const [atNear, atFar] = [record(near), record(far)];
    far.write(all);
    far.end("done");
    near.finish();
    assertEquals(await atNear.untilClosed(), "left");
    assertEquals(await atFar.untilClosed(), "done");
    assertSame(atNear.received.bytes, all);
  }, { maxQueue: 8 * MIB });

  test("after end, nothing more is received, and the peer is told after the last byte", async ({ near, far }) => {
    const atNear = record(near);
    const atFar = record(far);
    far.write(encode("never read"));
    near.write(encode("last"));
    near.end("done");
    near.write(encode("too late"));
    await atFar.untilClosed();
    assertEquals(await atNear.untilClosed(), "done");
    assertEquals(atFar.received.text, "last");
    assertEquals(atFar.calls, ["receive", "ended", "closed"]);
    assertEquals(atNear.calls, ["closed"]);
  });

  test(
    "flushed is true for what was written before an end, and false for what came too late",
    async ({ near, far }) => {
      const atNear = record(near);
      record(far, { ended: () => {} });
      near.write(encode("in time"));
      near.end("done");
      const inTime = flushed(near);
      near.write(encode("too late"));
      const tooLate = flushed(near);
      assertEquals(await inTime, true);
      assertEquals(await tooLate, false);
      assertEquals(await atNear.untilClosed(), "done");
    },
    { lingerTimeout: 30 },
  );

  test("end of a link to a peer that takes nothing comes with the write timeout", async ({ near }) => {
    const atNear = record(near);
    near.write(pattern(TOO_MUCH));
    near.end("shutdown");
    assertEquals(await flushed(near), false);
    assertEquals(await atNear.untilClosed(), "shutdown");
  }, { maxQueue: TOO_MUCH, writeTimeout: 50 });

  test("end of a link to a peer that never ends comes with the linger timeout", async ({ near, far }) => {
    const atNear = record(near);
    const atFar = record(far, { ended: () => {} });
    near.write(encode("bye"));
    near.end("done");
    assertEquals(await flushed(near), true);
    assertEquals(await atNear.untilClosed(), "done");
    assertEquals(atFar.received.text, "bye");
  }, { lingerTimeout: 50 });

  test(
    "end of a link to a peer that never stops sending comes after a bounded number of bytes",
    async ({ near, far }) => {
      const atNear = record(near);
      const piece = pattern(MIB);
      const atFar = record(far, { ended: () => {} });
      const send = () => {
        far.write(piece);
        far.flushed((ok) => ok && send());
      };
      near.end("malformed");
      send();
      assertEquals(await atNear.untilClosed(), "malformed");
      await atFar.untilClosed();
    },
    { lingerTimeout: 3_600_000 },
  );

  test("a peer that has ended can still be written to", async ({ near, far }) => {
    const atNear = record(near, { ended: () => {} });
    const atFar = record(far);
    far.write(encode("question"));
    far.end("done");
    await atNear.until(() => atNear.calls.includes("ended"), "the peer's last byte");
    near.write(encode("answer"));
    assertEquals(await flushed(near), true);
    assertEquals(atNear.calls, ["receive", "ended"]);
    near.end("left");
    assertEquals(await atNear.untilClosed(), "left");
    assertEquals(await atFar.untilClosed(), "done");
  });

  test("after finish, the peer is told behind the last byte, and what it sends still arrives", async ({ near, far }) => {
    const atNear = record(near);
    const atFar = record(far, { ended: () => far.write(encode("answer")) });
    near.write(encode("question"));
    near.finish();
    near.write(encode("this is dropped"));
    await atNear.untilReceived("answer".length);
    assertEquals(atFar.received.text, "question");
    assertEquals(atFar.calls, ["receive", "ended"]);
    near.end("done");
    far.end("left");
    assertEquals(await atNear.untilClosed(), "done");
    assertEquals(await atFar.untilClosed(), "left");
  });

  test("a finished link whose peer has ended is closed by its end", async ({ near, far }) => {
    const atNear = record(near, { ended: () => {} });
    const atFar = record(far);
    near.finish();
    await atNear.until(() => atNear.calls.includes("ended"), "the peer's last byte");
    near.end("done");
    assertEquals(await atNear.untilClosed(), "done");
    assertEquals(await atFar.untilClosed(), "left");
  });

  test("both may end at once", async ({ near, far }) => {
    const [atNear, atFar] = [record(near), record(far)];
    near.end("done");
    far.end("shutdown");
    assertEquals(await atNear.untilClosed(), "done");
    assertEquals(await atFar.untilClosed(), "shutdown");
    assertEquals([atNear.calls, atFar.calls], [["closed"], ["closed"]]);
  });

  test("abort closes at once with its reason, and the peer finds out", async ({ near, far }) => {
    const [atNear, atFar] = [record(near), record(far)];
    near.abort("unresponsive");
    assertEquals(atNear.calls, []);
    assertEquals(await atNear.untilClosed(), "unresponsive");
    assert(["left", "lost"].includes(await atFar.untilClosed()));
  });

  test("abort cuts an end short, and the reason stays that of the end", async ({ near }) => {
    const atNear = record(near);
    near.write(pattern(TOO_MUCH));
    near.end("malformed");
    near.abort("shutdown");
    assertEquals(await atNear.untilClosed(), "malformed");
  }, { maxQueue: TOO_MUCH });

  test("a link that was closed before it is started tells its handler so", async ({ near }) => {
    near.abort("refused");
    const atNear = record(near);
    assertEquals(atNear.calls, []);
    assertEquals(await atNear.untilClosed(), "refused");
    assertEquals(atNear.calls, ["closed"]);
  });

  test("closed comes once and last, whatever is done to the link afterwards", async ({ near, far }) => {
    const [atNear, atFar] = [record(near), record(far)];
    const everything = async () => {
      near.write(encode("x"));
      near.pause();
      near.resume();
      near.end("done");
      near.abort("shutdown");
      assertEquals(await flushed(near), false);
    };
    far.write(encode("never read"));
    near.abort("refused");
    await everything();
    assertEquals(await atNear.untilClosed(), "refused");
    await everything();
    await atFar.untilClosed();
    assertEquals(atNear.calls, ["closed"]);
  });

  for (const how of ["end", "abort"] as const) {
    test(`a handler that calls ${how} while it receives gets no more`, async ({ near, far }) => {
      const atNear = record(near, { receive: () => near[how]("malformed") });
      const atFar = record(far);
      far.write(encode("a"));
      await atNear.untilReceived(1);
      far.write(encode("b"));
      assertEquals(await atNear.untilClosed(), "malformed");
      await atFar.untilClosed();
      assertEquals(atNear.received.text, "a");
      assertEquals(atNear.calls, ["receive", "closed"]);
    });
  }

  for (const where of ["receive", "ended", "closed", "flushed"] as const) {
    Deno.test(`${name}: an error thrown in ${where} is reported and aborts that link alone`, async () => {
      const faults: unknown[] = [];
      const options = { onFault: (error: unknown) => faults.push(error) };
      const pairs = [await makePair(options), await makePair(options)] as const;
      const [{ near, far }, { near: otherNear, far: otherFar }] = pairs;
      const error = new Error("a mistake of the test's");
      const fail = () => {
        throw error;
      };
      const told: boolean[] = [];
      const atNear = record(near, where === "flushed" ? {} : { [where]: fail });
      const [atFar, atOtherFar] = [record(far), record(otherFar)];
      record(otherNear);
      if (where === "flushed") near.flushed(fail);
      near.flushed((ok) => told.push(ok));
      if (where === "receive") far.write(encode("x"));
      if (where === "ended") far.end("done");
      if (where === "closed") near.abort("fault");
      assertEquals(await atNear.untilClosed(), "fault");
      await atFar.untilClosed();
      otherNear.write(encode("unharmed"));
      await atOtherFar.untilReceived(8);
      assertEquals(faults, [error]);
      assertEquals(told.length, 1);
      for (const pair of pairs) {
        pair.near.abort("done");
        pair.far.abort("done");
        pair.dispose();
      }
    });
  }

  Deno.test(`${name}: every callback is called though each of them throws`, async () => {
    const faults: unknown[] = [];
    const pair = await makePair({ onFault: (error) => faults.push(error) });
    const calls: string[] = [];
    const fail = (what: string) => () => {
      calls.push(what);
      throw new Error(what);
    };
    record(pair.far);
    pair.near.flushed(fail("first"));
    pair.near.flushed(fail("second"));
    const atNear = record(pair.near, { closed: fail("closed") });
    await atNear.untilClosed();
    await flushed(pair.near);
    pair.dispose();
    assertEquals(calls, ["first", "second", "closed"]);
    assertEquals(faults.map((error) => (error as Error).message), calls);
  });
}

function record(link: Link, reactions?: LinkReactions): LinkRecorder {
  const recorder = new LinkRecorder(link, reactions);
  link.start(recorder);
  return recorder;
}

function flushed(link: Link): Promise<boolean> {
  return new Promise((resolve) => link.flushed(resolve));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes that are different wherever a piece of them could be lost, doubled or swapped. */
function pattern(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, i) => Math.imul(i, 0x9e3779b1));
  return new Uint8Array(words.buffer, 0, length);
}

/** Compares megabytes; a difference shows as the first place that differs. */
function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assertEquals(actual.length, expected.length);
  assertEquals(actual.findIndex((byte, i) => byte !== expected[i]), -1);
}
