/**
 * `chat conform --stress` against small servers with threads, over real sockets.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { conform } from "../conformance/conform.ts";

/** What a server with threads gets wrong, and the clause that shows it. */
const RACES = {
  "unlocked-write": "relay/concurrent-whole",
  "check-then-act": "relay/concurrent-names",
  "wrong-acknowledgement": "relay/concurrent-confirmed",
};

async function run(race: string, duration: number) {
  let out = "";
  const status = await conform({
    targets: [{ dialect: "relay", hostname: "127.0.0.1" }],
    dialect: "relay",
    filters: ["*/concurrent-*"],
    list: false,
    strict: false,
    timeout: 5_000,
    jobs: 8,
    fixtures: [],
    embedded: true,
    serverCommand: `python3 tests/fakes/relay_threads.py ${race} {port}`,
    stress: { duration, users: 16, faults: ["reset", "half-close", "cut", "stall", "freeze"], shrink: 0 },
  }, { out: (text) => out += text, err: () => {}, isTerminal: false, color: false });
  return { status, out };
}

for (const [race, clause] of Object.entries(RACES)) {
  Deno.test({
    ...needs(["python3"], `a server in Python with the race ${race} is found out`),
    fn: async () => {
      // A race is a matter of chance, and one run in ten does not come upon it.
      let told = await run(race, 4_000);
      for (let tries = 1; tries < 4 && told.status === 0; tries++) told = await run(race, 4_000);
      assertEquals(told.status, 1, told.out);
      assertMatch(told.out, new RegExp(`FAIL +must +${clause}`));
    },
  });
}

Deno.test({
  ...needs(["python3"], "the same server without a race passes"),
  fn: async () => {
    const told = await run("right", 2_000);
    assertEquals(told.status, 0, told.out);
    if (Deno.build.os !== "windows") assertMatch(told.out, /pass +should +relay\/concurrent-leftovers/);
  },
});

Deno.test({
  ...needs(["python3"], "a server that keeps a thread for each that was there is told so with figures"),
  // No program there tells what others take.
  ...Deno.build.os === "windows" && { ignore: true },
  fn: async () => {
    const { out } = await run("kept-threads", 2_000);
    assertMatch(out, /FAIL +should +relay\/concurrent-leftovers/);
    assertMatch(out, /the server still takes [0-9]+ threads, [0-9]+ before/);
  },
});
