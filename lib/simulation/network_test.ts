import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ChatError } from "../core/error.ts";
import type { Link } from "../core/link.ts";
import { LinkRecorder } from "../transport/testing/link_recorder.ts";
import { CALM_ACCEPTING, CALM_WIRE, type WireConditions } from "./conditions.ts";
import { World } from "./world.ts";

const SERVER = { hostname: "192.0.2.9", port: 4000 };
const encode = (text: string) => new TextEncoder().encode(text);

/** A server that writes back what it reads, and counts its links. */
function startEcho(world: World, errors: unknown[] = []) {
  const links: Link[] = [];
  const listener = world.net.host(SERVER.hostname).listen(SERVER, {
    onAcceptError: (error) => errors.push(error),
  }, (link) => {
    links.push(link);
    link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
  });
  return { links, listener };
}

/** Sends bytes there and back, and says how long that took and in how many pieces they came, in milliseconds. */
async function roundTrip(conditions: Partial<WireConditions>, bytes: Uint8Array, seed = 1) {
  const world = new World({ seed });
  world.net.conditions = { ...CALM_WIRE, ...conditions };
  const { listener } = startEcho(world);
  return await world.run(async () => {
    const link = await world.network.connect(SERVER, { maxQueue: 1 << 24 });
    const began = world.runtime.now();
    let pieces = 0;
    const recorder = new LinkRecorder(link, { receive: () => pieces++ });
    link.start(recorder);
    link.write(bytes);
    while (recorder.received.length < bytes.length && recorder.reason === undefined) {
      await new Promise<void>((resolve) => void world.runtime.after(1, resolve));
    }
    const took = world.runtime.now() - began;
    link.end("done");
    listener.close();
    return { took, pieces, recorder, world };
  });
}

Deno.test("bytes take as long as the latency, the jitter and the bandwidth say", async () => {
  const { took: latency } = await roundTrip({ latency: 50 }, encode("x"));
  assert(latency >= 100 && latency <= 101, `${latency} ms`);
  const { took: jitter } = await roundTrip({ latency: 10, jitter: 500 }, encode("x"));
  assert(jitter > 30 && jitter < 1020, `${jitter} ms`);
  const { took: bandwidth } = await roundTrip({ bandwidth: 100 }, new Uint8Array(50_000));
  assert(bandwidth >= 500 && bandwidth < 1_100, `${bandwidth} ms`);
});

Deno.test("what is written at once arrives in pieces, and pieces arrive at once, as the conditions say", async () => {
  const cutting = { share: 1, sizes: [1, 3] as const };
  const bytes = encode("abcdefghijklmnopqrstuvwxyz");
  const { pieces, recorder } = await roundTrip({ cutting }, bytes);
  assert(pieces >= 9, `${pieces} pieces`);
  assertEquals(recorder.received.text, "abcdefghijklmnopqrstuvwxyz");
  const { pieces: fewer } = await roundTrip({ cutting, coalescing: 1 }, bytes);
  assert(fewer < pieces, `${fewer} pieces of ${pieces}`);
});

Deno.test("a stalled reader takes nothing for a while, and then everything", async () => {
  const { took, recorder } = await roundTrip({ stalling: { share: 1, longest: 1_000 } }, encode("hello"));
  assert(took > 10, `${took} ms`);
  assertEquals(recorder.received.text, "hello");
});

Deno.test("a connection that is reset is lost on both sides", async () => {
  const { recorder, world } = await roundTrip({ resetting: 1 }, encode("hello"));
  assertEquals(recorder.reason, "lost");
  await world.runtime.pass(10_000);
  assertEquals(world.net.open, 0);
});

Deno.test("nobody listens, nobody answers in time, and somebody gives up: connecting says so", async () => {
  const world = new World({ seed: 1 });
  world.net.conditions = { ...CALM_WIRE, latency: 100 };
  const connect = (options?: Parameters<typeof world.network.connect>[1]) =>
    world.run(() => world.network.connect(SERVER, options));
  const refused = await assertRejects(() => connect(), ChatError, "nothing listens there");
  assertEquals([refused.code, world.runtime.now()], ["unreachable", 200]);
  await assertRejects(() => connect({ connectTimeout: 50 }), ChatError, "no answer within 0.05 s");
  const controller = new AbortController();
  world.runtime.after(10, () => controller.abort(new Error("given up")));
  await assertRejects(() => connect({ signal: controller.signal }), Error, "given up");
  await assertRejects(() => connect({ signal: AbortSignal.abort(new Error("before")) }), Error, "before");
});

Deno.test("two cannot listen in one place, and port 0 is any that is free", async () => {
  const world = new World({ seed: 1 });
  const { listener } = startEcho(world);
  const error = assertThrows(() => startEcho(world), ChatError);
  assertEquals(error.code, "port-in-use");
  const any = world.network.listen({ hostname: "192.0.2.1", port: 0 }, {}, () => {});
  assert(any.endpoint.port > 0);
  listener.close();
  any.close();
  startEcho(world).listener.close();
  await world.runtime.pass(1);
  assertEquals([world.net.left(), world.runtime.pending], [[], 0]);
});

Deno.test("who cannot be accepted at once is accepted later, and the server hears why", async () => {
  const world = new World({ seed: 1 });
  world.net.accepting = { ...CALM_ACCEPTING, failures: 0.5 };
  const errors: unknown[] = [];
  const { links, listener } = startEcho(world, errors);
  for (let i = 0; i < 10; i++) (await world.run(() => world.network.connect(SERVER))).abort("done");
  await world.runtime.pass(10_000);
  assertEquals(links.length, 10);
  assert(errors.length > 0);
  listener.close();
});

Deno.test("where there may be no more connections they wait, and too many of them are refused", async () => {
  const world = new World({ seed: 1 });
  world.net.accepting = { failures: 0, maxConnections: 2, backlog: 3 };
  const { links, listener } = startEcho(world);
  const connected: Link[] = [];
  for (let i = 0; i < 5; i++) {
    connected.push(await world.run(() => world.network.connect(SERVER)));
    await world.runtime.pass(100);
  }
  await assertRejects(() => world.run(() => world.network.connect(SERVER)), ChatError, "refused");
  assertEquals(links.length, 2);
  for (const link of connected) link.abort("done");
  await world.runtime.pass(20_000);
  assertEquals(links.length, 5);
  listener.close();
  await world.runtime.pass(20_000);
  assertEquals([world.net.left(), world.runtime.pending], [[], 0]);
});
