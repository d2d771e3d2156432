import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { attempt } from "./attempt.ts";

const LONG = 3_600_000;
const never = () => new Promise<never>(() => {});
const notCalled = () => {
  throw new Error("there was nothing to discard");
};

Deno.test("an attempt that succeeds gives its result", async () => {
  assertEquals(await attempt(() => Promise.resolve(7), notCalled, { timeout: LONG }), 7);
});

Deno.test("an attempt that fails rejects with its own error", async () => {
  const error = new Error("no");
  const rejection = await assertRejects(() => attempt(() => Promise.reject(error), notCalled, { timeout: LONG }));
  assertStrictEquals(rejection, error);
});

Deno.test("an attempt that does nothing ends when the time is up", async () => {
  const error = await assertRejects(() => attempt(never, notCalled, { timeout: 10 }), ChatError);
  assertEquals([error.code, error.message], ["timed-out", "no answer within 0.01 s"]);
});

Deno.test("giving up rejects with the caller's reason and aborts what is under way", async () => {
  const reason = new Error("changed my mind");
  const caller = new AbortController();
  const seen: AbortSignal[] = [];
  const act = (signal: AbortSignal) => {
    seen.push(signal);
    return never();
  };
  const pending = attempt(act, notCalled, { timeout: LONG, signal: caller.signal });
  caller.abort(reason);
  assertStrictEquals(await assertRejects(() => pending), reason);
  assertStrictEquals(seen[0]?.reason, reason);
});

Deno.test("with a signal that is aborted already nothing is tried", async () => {
  const act = () => Promise.resolve(notCalled());
  await assertRejects(
    () => attempt(act, notCalled, { timeout: LONG, signal: AbortSignal.abort(new Error("before")) }),
    Error,
    "before",
  );
});

Deno.test("what comes after giving up is discarded", async () => {
  const caller = new AbortController();
  const acting = Promise.withResolvers<string>();
  const discarded = Promise.withResolvers<string>();
  const pending = attempt(() => acting.promise, discarded.resolve, { timeout: LONG, signal: caller.signal });
  caller.abort(new Error("given up"));
  await assertRejects(() => pending, Error, "given up");
  acting.resolve("late");
  assertEquals(await discarded.promise, "late");
});

Deno.test("the signal of an attempt that has succeeded is never aborted, whatever its caller's does", async () => {
  const caller = new AbortController();
  const signal = await attempt((signal) => Promise.resolve(signal), notCalled, {
    timeout: LONG,
    signal: caller.signal,
  });
  caller.abort();
  assertEquals(signal.aborted, false);
});
