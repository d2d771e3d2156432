/**
 * The part of the contract of links that is about how they end.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { assertSame, type Contract, encode, flushed, MIB, pattern, record, TOO_MUCH } from "./link_pair.ts";

/** Registers its tests. */
export function linksEnd({ test }: Contract): void {
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
    { lingerTimeout: 300 },
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
  }, { lingerTimeout: 500 });

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
}
