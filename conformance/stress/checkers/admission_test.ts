import { assertEquals, assertMatch } from "@std/assert";
import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import type { Surroundings } from "../../../lib/core/runtime.ts";
import { type Behaviour, Serving, ServingDialect } from "../../mutants/serving.ts";
import { RELAY_DRIVER } from "../drivers/relay.ts";
import { simulateStress } from "../testing/simulated_stress.ts";
import { untested, usersLeftOut } from "./admission.ts";
import { check } from "./checkers.ts";

const [USERS, DURATION, TIMEOUT] = [60, 3, 500];
const TERMS = { dialect: "relay", users: USERS, duration: DURATION, timeout: TIMEOUT, isInterrupted: false };
const OPTIONS = { seed: 1, users: USERS, duration: DURATION, timeout: TIMEOUT, faults: [] };
const LIMITS = { ackTimeout: 2_000, maxMessage: 65_536 };

const ours = (surroundings: Surroundings) =>
  new ServingDialect((context) => new RelayServer(context, { reply: "SENT" }), LIMITS, surroundings);

Deno.test("a right server into which nobody could come in so little time is not blamed: it was too short", async () => {
  const { history } = await simulateStress(RELAY_DRIVER, ours, { ...OPTIONS, duration: 1 });
  const nothing = untested(history, { ...TERMS, duration: 1 });
  assertEquals(nothing?.verdict, "error");
  assertMatch(
    nothing!.reason,
    /^too short for so many users: none of 60 was in .* after 0\.001 s; .*--stress.*--users/,
  );
  assertEquals(check(history), []);
});

Deno.test("a server that says nothing lets nobody in, however many come", async () => {
  const silent = (surroundings: Surroundings) =>
    new Serving(surroundings.network, (link) => ({
      receive: () => {},
      ended: () => link.end("left"),
      closed: () => {},
    }));
  const { history } = await simulateStress(RELAY_DRIVER, silent, OPTIONS);
  const nothing = untested(history, TERMS);
  assertEquals(nothing, { verdict: "blocked", reason: "no client was accepted: does it speak relay?" });
});

/** What our server says, with other words for what went well. */
function inOtherWords(bytes: Uint8Array): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const other = text.replace(/^REGISTERED /, "WELCOME ").replace(/^SENT /, "DELIVERED ");
  return Uint8Array.from(other, (char) => char.charCodeAt(0));
}

Deno.test("a server that registers and confirms in words of its own is blamed for nothing else", async () => {
  const other = (behave: Behaviour): Behaviour => (link) => {
    const write = link.write.bind(link);
    link.write = (bytes) => write(inOtherWords(bytes));
    return behave(link);
  };
  const start = (surroundings: Surroundings) =>
    new ServingDialect((context) => new RelayServer(context, { reply: "SENT" }), LIMITS, surroundings, other);
  const { history } = await simulateStress(RELAY_DRIVER, start, { ...OPTIONS, users: 4, duration: 200 });
  assertEquals(check(history), []);
  assertEquals(history.sendings.some(({ outcome, words }) => outcome === "ok" && /^DELIVERED /.test(words!)), true);
});

Deno.test("whoever was never in is counted, and where some have done something it was tested", async () => {
  const { history } = await simulateStress(RELAY_DRIVER, ours, { ...OPTIONS, duration: 12, users: 100 });
  assertEquals(untested(history, TERMS), undefined);
  const left = usersLeftOut(history, 100, 12);
  assertEquals(left > 0 && left < 100, true, `${left} left out`);
});
