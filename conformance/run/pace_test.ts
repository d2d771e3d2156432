import { assertEquals } from "@std/assert";
import { Pace } from "./pace.ts";

/** How many may be played at a time, if none of them waits. */
function room(pace: Pace): number {
  let playing = 0;
  while (pace.hasRoom(playing, playing)) playing++;
  return playing;
}

Deno.test("more and more are played at a time while all come through, up to the limit", () => {
  const pace = new Pace(4);
  const seen = [room(pace)];
  for (let i = 0; i < 4; i++) {
    pace.ended(false);
    seen.push(room(pace));
  }
  assertEquals(seen, [2, 3, 4, 4, 4]);
  assertEquals(room(new Pace(1)), 1);
});

Deno.test("who waits long takes up no job as long as the server answers others", () => {
  const [pace, one, other] = [new Pace(2), {}, {}];
  const resume = pace.stall(one, 2);
  assertEquals(pace.hasRoom(2, 2), false);
  assertEquals(pace.heard(one), false, "what it hears itself says nothing of others");
  assertEquals(pace.heard(other), true);
  assertEquals([pace.hasRoom(2, 2), pace.hasRoom(3, 3)], [true, false]);
  resume();
  assertEquals(pace.hasRoom(2, 2), false, "it is at work again");
});

Deno.test("who waits long is never joined by more than so many", () => {
  const pace = new Pace(2);
  for (let i = 0; i < 20; i++) pace.stall({}, i + 1);
  pace.heard({});
  assertEquals([pace.hasRoom(15, 15), pace.hasRoom(16, 16)], [true, false]);
});

Deno.test("where all wait, one more is tried; if that has to wait too, they are played one by one until enough come through", () => {
  const pace = new Pace(4);
  const stalled = [pace.stall({}, 2), pace.stall({}, 2)];
  assertEquals([pace.hasRoom(2, 2), pace.hasRoom(3, 3)], [true, false]);
  stalled.push(pace.stall({}, 3));
  for (const resume of stalled) resume();
  const seen = [room(pace)];
  for (const hasStalled of [false, true, false, false]) {
    pace.ended(hasStalled);
    seen.push(room(pace));
  }
  assertEquals(seen, [1, 1, 1, 2, 2]);
});

Deno.test("with a single job nobody ever begins beside another", () => {
  const pace = new Pace(1);
  pace.stall({}, 1);
  assertEquals([pace.heard({}), pace.hasRoom(1, 1)], [false, false]);
});
