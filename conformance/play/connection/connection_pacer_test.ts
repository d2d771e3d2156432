import { assertEquals, assertRejects } from "@std/assert";
import { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { sleep } from "../sleep.ts";
import { type Admitted, ConnectionPacer } from "./connection_pacer.ts";

const signal = new AbortController().signal;

/** Runs a test in a time of its own. */
async function inVirtualTime(test: (runtime: VirtualTime) => Promise<void>): Promise<void> {
  const runtime = new VirtualTime(1);
  await runtime.run(() => test(runtime));
}

/** A pacer that is asked for so many places, and those that it has given. */
function ask(runtime: VirtualTime, count: number) {
  const pacer = new ConnectionPacer(runtime);
  const given: Admitted[] = [];
  for (let i = 0; i < count; i++) pacer.admit(signal).then((admitted) => given.push(admitted));
  return { pacer, given };
}

Deno.test("four connections wait to be accepted at most, and the next is opened when the server says something on one", () =>
  inVirtualTime(async (runtime) => {
    const { given } = ask(runtime, 6);
    await sleep(runtime, 1);
    assertEquals(given.length, 4);
    const spoken = Promise.withResolvers<void>();
    given[0]!.opened({ spoken: spoken.promise });
    await sleep(runtime, 1);
    assertEquals(given.length, 4);
    spoken.resolve();
    await sleep(runtime, 1);
    assertEquals(given.length, 5);
    given[1]!.failed();
    await sleep(runtime, 1);
    assertEquals(given.length, 6);
  }));

Deno.test("a server that says nothing delays a connection by a fiftieth of a second", () =>
  inVirtualTime(async (runtime) => {
    const { given } = ask(runtime, 5);
    await sleep(runtime, 1);
    for (const admitted of given) admitted.opened({ spoken: new Promise(() => {}) });
    await sleep(runtime, 19);
    assertEquals(given.length, 4);
    await sleep(runtime, 2);
    assertEquals(given.length, 5);
  }));

Deno.test("who no longer wants a place gives it to the next", () =>
  inVirtualTime(async (runtime) => {
    const { pacer, given } = ask(runtime, 4);
    const over = new AbortController();
    const gone = assertRejects(() => pacer.admit(over.signal), Error, "over");
    const next = pacer.admit(signal);
    over.abort(new Error("over"));
    await gone;
    await sleep(runtime, 1);
    given[0]!.failed();
    (await next).failed();
    await assertRejects(() => pacer.admit(over.signal), Error, "over");
  }));
