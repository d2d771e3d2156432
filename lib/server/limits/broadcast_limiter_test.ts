import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { RecordedLink } from "../../dialects/testing/recorded_link.ts";
import { BroadcastLimiter, BroadcastRate } from "./broadcast_limiter.ts";

/** A peer whose broadcasts may cost 1,000 deliveries a second. */
function limited(shared = new BroadcastRate(1_000, new Deadlines(0))) {
  const link = new RecordedLink();
  const limiter = new BroadcastLimiter(shared, link);
  let resumed = 0;
  const charge = (recipients: number, bytes = 10) => limiter.charge(recipients, bytes, () => void resumed++);
  return { shared, deadlines: shared.deadlines, link, limiter, charge, resumed: () => resumed };
}

Deno.test("a broadcast is charged by its recipients, and its sender is not read until that is made up for", () => {
  const { deadlines, link, charge, resumed } = limited();
  assertEquals(charge(500), true);
  assertEquals(link.paused, true);
  deadlines.advance(480);
  assertEquals([link.paused, resumed()], [true, 0]);
  deadlines.advance(520);
  assertEquals([link.paused, resumed(), deadlines.pending], [false, 1, 0]);
});

Deno.test("a long body counts once for each 4 KiB that it has begun", () => {
  const { deadlines, link, charge } = limited();
  charge(10, 4096 * 16 + 1);
  deadlines.advance(140);
  assertEquals(link.paused, true);
  deadlines.advance(190);
  assertEquals(link.paused, false);
});

Deno.test("what was not used for a while may come at once, a tenth of a second's worth and no more", () => {
  const { deadlines, charge } = limited();
  deadlines.advance(60_000);
  assertEquals([charge(60), charge(40), charge(1)], [false, false, true]);
});

Deno.test("a newcomer may tell a few, and no more, so that coming again gains nothing", () => {
  const { charge } = limited();
  assertEquals([charge(10), charge(1)], [false, true]);
});

Deno.test("what costs nobody anything holds nobody", () => {
  assertEquals(limited().charge(0), false);
});

Deno.test("what is spent while a peer is held is debt as well", () => {
  const { deadlines, charge, limiter, resumed } = limited();
  charge(100);
  charge(100);
  deadlines.advance(120);
  assertEquals([limiter.isHeld, resumed()], [true, 0]);
  deadlines.advance(240);
  assertEquals([limiter.isHeld, resumed()], [false, 1]);
});

Deno.test("who is held again by what was kept stays unread", () => {
  const { deadlines, link, limiter } = limited();
  let again = 1;
  const handleKept = () => {
    if (again-- > 0) limiter.charge(100, 10, handleKept);
  };
  limiter.charge(100, 10, handleKept);
  deadlines.advance(120);
  assertEquals(link.paused, true);
  deadlines.advance(240);
  assertEquals(link.paused, false);
});

Deno.test("those who are held divide the rate of one, however many they are, and others are not held for it", () => {
  const one = limited();
  const two = limited(one.shared);
  const third = limited(one.shared);
  one.charge(100);
  two.charge(100);
  one.deadlines.advance(120);
  assertEquals([one.link.paused, two.link.paused], [false, true]);
  assertEquals(third.charge(50), false);
  one.deadlines.advance(220);
  assertEquals(two.link.paused, false);
});
