import { assertEquals, assertStrictEquals } from "@std/assert";
import { BufferPool, SMALLEST_BUFFER } from "../transport/buffers.ts";
import { SHORT_READS } from "../transport/read_buffer.ts";
import { LinkRecorder } from "../transport/testing/link_recorder.ts";
import { linkPair, type LinkPairOptions, type SimulatedLink } from "./connection.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function recordedPair(options?: LinkPairOptions): [SimulatedLink, LinkRecorder, SimulatedLink, LinkRecorder] {
  const [near, far] = linkPair(options);
  const [atNear, atFar] = [new LinkRecorder(near), new LinkRecorder(far)];
  near.start(atNear);
  far.start(atFar);
  return [near, atNear, far, atFar];
}

async function endBoth(near: SimulatedLink, atNear: LinkRecorder, atFar: LinkRecorder): Promise<void> {
  near.end("done");
  await Promise.all([atNear.untilClosed(), atFar.untilClosed()]);
}

Deno.test("nothing arrives at a stalled link until it is released", async () => {
  const [near, atNear, far, atFar] = recordedPair();
  far.stall();
  near.write(encode("held back"));
  far.write(encode("the way back is free"));
  await atNear.untilReceived(20);
  assertEquals(atFar.calls, []);
  far.release();
  await atFar.untilReceived(9);
  assertEquals(atFar.received.text, "held back");
  await endBoth(near, atNear, atFar);
});

Deno.test("cutting the connection loses both links and what was on its way", async () => {
  const [near, atNear, far, atFar] = recordedPair();
  far.stall();
  near.write(encode("lost"));
  assertEquals(await new Promise((resolve) => near.flushed(resolve)), true);
  near.cut();
  assertEquals([await atNear.untilClosed(), await atFar.untilClosed()], ["lost", "lost"]);
  assertEquals(atFar.calls, ["closed"]);
});

Deno.test("a link that breaks after its peer has ended was left, not lost", async () => {
  const [near, far] = linkPair();
  const atNear = new LinkRecorder(near, { ended: () => {} });
  const atFar = new LinkRecorder(far);
  near.start(atNear);
  far.start(atFar);
  far.end("done");
  await atNear.until(() => atNear.calls.includes("ended"), "the peer's last byte");
  near.cut();
  near.write(encode("x"));
  assertEquals([await atNear.untilClosed(), await atFar.untilClosed()], ["left", "done"]);
});

Deno.test("a peer that takes little, but something, is not closed for it", async () => {
  const [near, atNear, far, atFar] = recordedPair({ capacity: 100, writeTimeout: 400 });
  far.stall();
  near.write(new Uint8Array(3000));
  // A piece in 50 ms: in all this takes more than twice the write timeout.
  const timer = setInterval(() => {
    far.release();
    queueMicrotask(() => far.stall());
  }, 50);
  await atFar.untilReceived(2000);
  clearInterval(timer);
  far.release();
  await atFar.untilReceived(3000);
  await endBoth(near, atNear, atFar);
});

/** Counts the bytes that are lent. */
class CountingPool extends BufferPool {
  lent = 0;

  override borrow(size: number): Uint8Array<ArrayBuffer> {
    const buffer = super.borrow(size);
    this.lent += buffer.length;
    return buffer;
  }

  override giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    this.lent -= buffer.length;
    super.giveBack(buffer);
  }
}

Deno.test("an idle link holds no buffer but a small one to read into, also some lines after a burst; a paused one holds none", async () => {
  const pool = new CountingPool();
  const [near, atNear, far, atFar] = recordedPair({ pool, maxQueue: 2_000_000 });
  near.resume();
  assertEquals(pool.lent, 2 * SMALLEST_BUFFER);
  near.write(new Uint8Array(1_000_000));
  far.write(new Uint8Array(1_000_000));
  await Promise.all([atNear.untilReceived(1_000_000), atFar.untilReceived(1_000_000)]);
  for (let line = 1; line <= SHORT_READS; line++) {
    for (const [from, to] of [[near, atFar], [far, atNear]] as const) {
      from.write(encode("one line"));
      await to.untilReceived(1_000_000 + 8 * line);
    }
  }
  assertEquals(pool.lent, 2 * SMALLEST_BUFFER);
  far.pause();
  near.write(encode("what was being read already"));
  await atFar.untilReceived(1_000_000 + 8 * SHORT_READS + 1);
  assertEquals(pool.lent, SMALLEST_BUFFER);
  far.resume();
  await endBoth(near, atNear, atFar);
  assertEquals(pool.lent, 0);
});

Deno.test("an error in onFault's absence is reported as uncaught", async () => {
  const reported = Promise.withResolvers<unknown>();
  const listener = (event: ErrorEvent) => {
    event.preventDefault();
    reported.resolve(event.error);
  };
  addEventListener("error", listener);
  const [near, far] = linkPair();
  const error = new Error("a mistake of the test's");
  near.start({
    receive: () => {},
    ended: () => {},
    closed: () => {
      throw error;
    },
  });
  near.abort("done");
  far.abort("done");
  assertStrictEquals(await reported.promise, error);
  removeEventListener("error", listener);
});
