import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Deadline, Deadlines } from "./deadlines.ts";

/** How late a deadline may be, in milliseconds. */
const LATENESS = 10;
/** How long the wheel takes to turn round once, in milliseconds. */
const ROUND = 10_240;

/** Sets a deadline that writes its name down. */
function set(deadlines: Deadlines, fired: string[], name: string, delay: number): Deadline {
  return deadlines.set(delay, { expired: () => fired.push(name) });
}

Deno.test("a deadline fires once, at the first advance to its time or up to 10 ms later", () => {
  for (const start of [0, 3, 9.99, 1_732_000_000_123.4]) {
    for (const delay of [0, 0.5, 1, 10, 15, 5000, ROUND - 1, ROUND, ROUND + 1, 10 * ROUND + 5]) {
      const deadlines = new Deadlines(start);
      const fired: string[] = [];
      set(deadlines, fired, "it", delay);
      deadlines.advance(start + delay - 0.01);
      assertEquals(fired, [], `early, ${delay} ms from ${start}`);
      deadlines.advance(start + delay + LATENESS);
      assertEquals(fired, ["it"], `late, ${delay} ms from ${start}`);
      deadlines.advance(start + delay + 3 * ROUND);
      assertEquals([fired, deadlines.pending], [["it"], 0]);
    }
  }
});

Deno.test("what is due at once fires earliest first, however long the gap and whatever the order of setting", () => {
  const deadlines = new Deadlines(0);
  const fired: string[] = [];
  for (const delay of [700, 50_000, 20, ROUND, 3 * ROUND, 90]) set(deadlines, fired, `${delay}`, delay);
  deadlines.advance(1_000_000);
  assertEquals(fired, ["20", "90", "700", `${ROUND}`, `${3 * ROUND}`, "50000"]);
});

Deno.test("deadlines of the same time fire in the order in which they were set", () => {
  const deadlines = new Deadlines(0);
  const fired: string[] = [];
  for (const name of ["a", "b", "c"]) set(deadlines, fired, name, 100);
  deadlines.advance(200);
  assertEquals(fired, ["a", "b", "c"]);
});

Deno.test("a cancelled deadline never fires, and cancelling again does nothing", () => {
  const deadlines = new Deadlines(0);
  const fired: string[] = [];
  const cancelled = set(deadlines, fired, "cancelled", 50);
  set(deadlines, fired, "other", 50);
  cancelled.cancel();
  cancelled.cancel();
  assertEquals(deadlines.pending, 1);
  deadlines.advance(1000);
  assertEquals(fired, ["other"]);
  cancelled.cancel();
  assertEquals(deadlines.pending, 0);
});

Deno.test("what fires first may cancel what is due at the same time", () => {
  const deadlines = new Deadlines(0);
  const fired: string[] = [];
  const later: Deadline[] = [];
  deadlines.set(20, {
    expired: () => {
      fired.push("first");
      later[0]!.cancel();
    },
  });
  later.push(set(deadlines, fired, "second", 30));
  set(deadlines, fired, "third", 40);
  deadlines.advance(100);
  assertEquals([fired, deadlines.pending], [["first", "third"], 0]);
});

Deno.test("a deadline set by one that fires is never due in the same advance", () => {
  const deadlines = new Deadlines(0);
  const times: number[] = [];
  const again = {
    expired: () => {
      times.push(deadlines.now);
      deadlines.set(0, again);
    },
  };
  deadlines.set(0, again);
  for (const now of [10, 20, 5000]) deadlines.advance(now);
  assertEquals(times, [10, 20, 5000]);
});

Deno.test("time does not go back", () => {
  const deadlines = new Deadlines(1000);
  const fired: string[] = [];
  set(deadlines, fired, "it", 100);
  deadlines.advance(500);
  assertEquals([deadlines.now, fired], [1000, []]);
  deadlines.advance(1110);
  assertEquals(fired, ["it"]);
});

Deno.test("with a source of time, a delay counts from its time, and the source hears when there is something to wait for", () => {
  const clock = { time: 0, arms: 0 };
  const deadlines = new Deadlines(0, { now: () => clock.time, armed: () => clock.arms++ });
  const fired: string[] = [];
  // Nobody has moved the time forward, for there was no need to.
  clock.time = 5 * ROUND;
  const first = set(deadlines, fired, "first", 100);
  set(deadlines, fired, "second", 200);
  assertEquals(clock.arms, 1);
  deadlines.advance(5 * ROUND + 99);
  assertEquals(fired, []);
  first.cancel();
  deadlines.advance(5 * ROUND + 210);
  assertEquals([fired, clock.arms], [["second"], 1]);
  set(deadlines, fired, "third", 10).cancel();
  set(deadlines, fired, "fourth", 10);
  assertEquals(clock.arms, 3);
});

/** A deadline as a list would keep it. */
interface Expected {
  readonly due: number;
  readonly order: number;
  state: "pending" | "fired" | "cancelled";
}

type Step =
  | { readonly set: number; readonly then?: Step | undefined }
  | { readonly cancel: number }
  | { readonly wait: number }
  | { readonly advance: number };

const delay = fc.oneof(fc.nat(60), fc.nat(12_000), fc.nat(100_000), fc.double({ min: 0, max: 500, noNaN: true }));
const cancel = fc.record({ cancel: fc.nat() });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      set: delay,
      then: fc.option(fc.oneof(cancel, fc.record({ set: delay })), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: cancel },
  { weight: 1, arbitrary: fc.record({ wait: delay }) },
  { weight: 3, arbitrary: fc.record({ advance: delay }) },
);

Deno.test("any setting, cancelling and advancing, from within too, does what a list would", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.array(step, { maxLength: 80 }), (start, steps) => {
      const clock = { time: start, arms: 0, expectedArms: 0 };
      const deadlines = new Deadlines(start, { now: () => clock.time, armed: () => clock.arms++ });
      const model: Expected[] = [];
      const handles: Deadline[] = [];
      /** Those that have fired in this advance. */
      let fired: Expected[] = [];

      const take = (step: Step): void => {
        if ("advance" in step) {
          fired = [];
          clock.time += step.advance;
          deadlines.advance(clock.time);
          for (const one of model) {
            if (one.state === "pending") assert(one.due + LATENESS > deadlines.now, "one is overdue");
          }
          for (const [i, one] of fired.entries()) {
            const next = fired[i + 1];
            if (next === undefined) continue;
            assert(one.due <= next.due + LATENESS, "a later one has fired before an earlier one");
            if (one.due === next.due) assert(one.order < next.order, "two of the same time have changed places");
          }
        } else if ("wait" in step) {
          clock.time += step.wait;
        } else if ("cancel" in step) {
          const index = step.cancel % Math.max(1, handles.length);
          handles[index]?.cancel();
          const one = model[index];
          if (one?.state === "pending") one.state = "cancelled";
        } else {
          const one: Expected = { due: clock.time + step.set, order: model.length, state: "pending" };
          if (deadlines.pending === 0) clock.expectedArms++;
          model.push(one);
          const expired = () => {
            assertEquals(one.state, "pending");
            assert(deadlines.now >= one.due, "one has fired early");
            one.state = "fired";
            fired.push(one);
            if (step.then !== undefined) take(step.then);
          };
          handles.push(deadlines.set(step.set, { expired }));
        }
        assertEquals(deadlines.pending, model.filter((one) => one.state === "pending").length);
      };

      for (const step of steps) take(step);
      assertEquals(clock.arms, clock.expectedArms);
    }),
    { numRuns: 300 },
  );
});
