import { assert, assertEquals } from "@std/assert";
import { REAL_TIME } from "../../../lib/transport/real_time.ts";
import { linkPair } from "../../../lib/simulation/connection.ts";
import { spell } from "../../transcript/escape.ts";
import { Recording } from "./recording.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A recorded link, its other end, and promises of what the recorded side is told. */
function pair(recording: Recording, name = "x") {
  const [near, far] = linkPair({ lingerTimeout: 100 });
  const link = recording.opened(name, near);
  const told = { received: Promise.withResolvers<void>(), ended: Promise.withResolvers<void>() };
  const closed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  link.start({
    receive: () => told.received.resolve(),
    ended: () => told.ended.resolve(),
    closed: () => closed[0].resolve(),
  });
  far.start({ receive: () => {}, ended: () => far.end("left"), closed: () => closed[1].resolve() });
  return { link, far, told, closed: Promise.all(closed.map(({ promise }) => promise)) };
}

function shown({ wire }: Recording): string[] {
  return wire.events.map(({ connection, kind, bytes }) => `${connection} ${kind} ${spell(bytes)}`.trimEnd());
}

Deno.test("what is sent and received is recorded in order, with its connection and its time", async () => {
  const recording = new Recording(REAL_TIME);
  const { link, far, told, closed } = pair(recording, "alice.out");
  link.write(bytes("hi\n"));
  far.write(bytes("hello\n"));
  await told.received.promise;
  link.end("done");
  await closed;
  assertEquals(shown(recording), [
    "alice.out connected",
    "alice.out sent hi\\n",
    "alice.out received hello\\n",
    "alice.out closed",
  ]);
  const times = recording.wire.events.map(({ at }) => at);
  assertEquals(times, times.toSorted((a, b) => a - b));
  assert(times[0]! >= 0);
});

Deno.test("a server that closes, and our own half-close and reset, are recorded as what they are, once", async () => {
  const recording = new Recording(REAL_TIME);
  const first = pair(recording, "a");
  first.far.end("left");
  await first.told.ended.promise;
  first.link.end("done");
  await first.closed;
  const second = pair(recording, "b");
  second.link.finish();
  await second.told.ended.promise;
  second.link.end("done");
  await second.closed;
  const third = pair(recording, "c");
  third.link.abort("done");
  await third.closed;
  const fourth = pair(recording, "d");
  fourth.far.cut();
  await fourth.closed;
  assertEquals(shown(recording), [
    ...["a connected", "a server-closed"],
    ...["b connected", "b ended", "b server-closed"],
    ...["c connected", "c reset"],
    ...["d connected", "d lost"],
  ]);
});

Deno.test("what happens when the fixture is over is not recorded", () => {
  const recording = new Recording(REAL_TIME);
  recording.note("x", "refused");
  recording.finish();
  recording.note("x", "sent", bytes("late"));
  assertEquals(shown(recording), ["x refused"]);
});

Deno.test("bytes are copied, and kept only up to a bound, for one event and for the whole fixture", () => {
  const recording = new Recording(REAL_TIME);
  const large = new Uint8Array(10_000).fill(97);
  for (let i = 0; i < 20; i++) recording.note("x", "received", large);
  large.fill(98);
  const { events } = recording.wire;
  assertEquals(events.map(({ bytes, cut }) => bytes.length + cut), Array(20).fill(10_000));
  assertEquals([events[0]!.bytes.length, events[0]!.bytes[0], events[19]!.bytes.length], [4096, 97, 0]);
  assertEquals(events.reduce((sum, { bytes }) => sum + bytes.length, 0), 65_536);
});

Deno.test("a flood of events is counted and not kept", () => {
  const recording = new Recording(REAL_TIME);
  for (let i = 0; i < 3000; i++) recording.note("x", "received", bytes("."));
  assertEquals([recording.wire.events.length, recording.wire.omitted], [2048, 952]);
});
