import { assertEquals } from "@std/assert";
import { linkPair } from "../../../lib/simulation/connection.ts";
import { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { RoundTripEstimator } from "../round_trip_estimator.ts";
import { Connection } from "./connection.ts";
import { KeptOpen } from "./kept_open.ts";

const runtime = new VirtualTime(1);

/** A connection, and what its server has seen of its end. */
function open() {
  const [near, far] = linkPair({ lingerTimeout: 100, runtime });
  const seen = { hasLeft: false };
  far.start({
    receive: () => {},
    ended: () => {
      seen.hasLeft = true;
      far.end("left");
    },
    closed: () => {},
  });
  const connection = new Connection("x", near, {
    runtime,
    changed: () => {},
    flooded: () => {},
    roundTrips: new RoundTripEstimator(1_000),
  });
  return { connection, far, seen };
}

Deno.test("connections stay open until they are released, and none stays afterwards", async () => {
  const kept = new KeptOpen();
  const [one, other] = [open(), open()];
  assertEquals([kept.keep(one.connection), kept.keep(other.connection)], [true, true]);
  one.far.write(new TextEncoder().encode("whatever is said to them"));
  await Promise.resolve();
  assertEquals([kept.isEmpty, one.seen.hasLeft, one.connection.unread.length], [false, false, 0]);
  await kept.release({ runtime, roundTrips: new RoundTripEstimator(5_000) });
  assertEquals([kept.isEmpty, one.seen.hasLeft, other.seen.hasLeft], [true, true, true]);
  const late = open();
  assertEquals(kept.keep(late.connection), false);
  late.connection.part("close");
  await late.connection.gone;
});

Deno.test("what the server closes is not kept, and no more are kept than there are places", async () => {
  const kept = new KeptOpen();
  const closed = open();
  closed.far.end("left");
  await closed.connection.gone;
  assertEquals(kept.keep(closed.connection), false);
  const many = Array.from({ length: 201 }, () => open());
  assertEquals(many.filter(({ connection }) => kept.keep(connection)).length, 200);
  many[200]!.connection.part("close");
  await kept.release({ runtime, roundTrips: new RoundTripEstimator(5_000) });
  assertEquals(many.every(({ seen }) => seen.hasLeft), true);
});
