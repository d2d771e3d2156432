import { assert, assertEquals } from "@std/assert";
import { RoundTripEstimator } from "./round_trip_estimator.ts";

/** A target with these round trips, in milliseconds. */
function paced(...times: readonly number[]): RoundTripEstimator {
  const roundTrips = new RoundTripEstimator(5_000);
  for (const time of times) roundTrips.sample(time);
  return roundTrips;
}

Deno.test("what is said is waited for longer while nothing is known of a target", () => {
  const known = paced(0.3, 0.3, 0.3, 0.3);
  for (const unknown of [paced(), paced(0.3), paced(0.3, 0.3)]) {
    assert(unknown.settlingWindow > known.settlingWindow);
    assert(unknown.aftermath > 0);
  }
});

Deno.test("windows grow with the round trip, and with how much it varies", () => {
  const steady = paced(20, 20, 20, 20, 20, 20);
  const erratic = paced(20, 0, 40, 0, 40, 20);
  for (const window of ["window", "settlingWindow", "decidingWindow", "aftermath"] as const) {
    assert(steady[window] > paced(1, 1, 1, 1, 1, 1)[window], window);
    assert(erratic[window] > steady[window], window);
  }
});

Deno.test("windows follow each other: nothing comes, all is said, it is decided; none is longer than a tenth of the deadline", () => {
  for (const roundTrip of [0.1, 1, 10, 100, 1_000]) {
    const { window, settlingWindow, decidingWindow, aftermath } = paced(...Array<number>(8).fill(roundTrip));
    assert(
      aftermath <= window && window <= settlingWindow && settlingWindow <= decidingWindow && decidingWindow <= 500,
    );
  }
});

Deno.test("who has left a fast target is not waited for", () => {
  assertEquals(paced(...Array<number>(20).fill(0.3)).aftermath, 0);
});

Deno.test("how long connecting took is how far away a target is, until a round trip is known", () => {
  const roundTrips = new RoundTripEstimator(5_000);
  roundTrips.connected(40);
  assertEquals([roundTrips.window, roundTrips.gap], [160, 40]);
  for (let i = 0; i < 50; i++) roundTrips.sample(10);
  const known = roundTrips.window;
  roundTrips.connected(1_000);
  assertEquals(roundTrips.window, known);
});

Deno.test("a server that never closes its side of a closed connection is not waited for as long each time", () => {
  const roundTrips = paced(0.3, 0.3, 0.3, 0.3);
  const whole = roundTrips.closingWindow;
  for (let i = 0; i < 3; i++) {
    assertEquals(roundTrips.closingWindow, whole);
    roundTrips.closed(false);
  }
  assert(roundTrips.closingWindow < whole / 4);
  const slow = paced(...Array<number>(8).fill(100));
  for (let i = 0; i < 3; i++) slow.closed(false);
  assert(slow.closingWindow > roundTrips.closingWindow);
  roundTrips.closed(true);
  assertEquals(roundTrips.closingWindow, whole);
});
