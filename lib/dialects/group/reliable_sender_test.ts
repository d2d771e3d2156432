import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { type OutgoingDatagram, ReliableSender } from "./reliable_sender.ts";
import { Lifetime } from "./times.ts";

/** A sender to a peer far away, or on this machine's loopback. */
function startSender(hostname = "192.0.2.1") {
  const deadlines = new Deadlines(0);
  const sent: string[] = [];
  const results: string[] = [];
  const sender = new ReliableSender(deadlines, new Lifetime(deadlines, hostname), (datagram, goes) => {
    if (goes()) sent.push(new TextDecoder().decode(datagram));
  });
  const outgoing = (text: string, awaited: string): OutgoingDatagram => ({
    datagram: new TextEncoder().encode(text),
    awaited,
    settled: (result) => results.push(`${text} ${result}`),
  });
  return { deadlines, sent, results, sender, outgoing };
}

Deno.test("datagrams go out one at a time, each when the one before is acknowledged", () => {
  const { sender, outgoing, sent, results } = startSender();
  sender.post(outgoing("one", "got one"));
  sender.post(outgoing("two", "got two"));
  assertEquals(sent, ["one"]);
  assertEquals(sender.acknowledged("got two"), false);
  assertEquals(sender.acknowledged("got one  "), true);
  assertEquals([sent, results], [["one", "two"], ["one acknowledged"]]);
});

Deno.test("a datagram that is not acknowledged within 500 ms counts as unacknowledged, and the next is sent", () => {
  const { sender, outgoing, sent, results, deadlines } = startSender();
  sender.post(outgoing("one", "got one"));
  sender.post(outgoing("two", "got two"));
  deadlines.advance(490);
  assertEquals(results, []);
  deadlines.advance(510);
  assertEquals([sent, results], [["one", "two"], ["one unacknowledged"]]);
  assertEquals(sender.acknowledged("got one"), false, "what comes late confirms nothing");
});

Deno.test("a datagram that awaits the same words waits until no copy of them can come any more", () => {
  const { sender, outgoing, sent, results, deadlines } = startSender();
  sender.post(outgoing("one", "got it"));
  sender.post(outgoing("two", "got it"));
  sender.acknowledged("got it");
  assertEquals(sender.acknowledged("got it"), false, "a copy of the acknowledgement");
  deadlines.advance(490);
  assertEquals(sent, ["one"]);
  deadlines.advance(510);
  assertEquals(sent, ["one", "two"]);
  sender.acknowledged("got it");
  assertEquals(results, ["one acknowledged", "two acknowledged"]);
});

Deno.test("a datagram that is held back keeps its place before those behind it", () => {
  const { sender, outgoing, sent, deadlines } = startSender();
  for (const [text, awaited] of [["one", "a"], ["two", "a"], ["three", "b"]] as const) {
    sender.post(outgoing(text, awaited));
  }
  sender.acknowledged("a");
  assertEquals(sent, ["one"]);
  deadlines.advance(510);
  sender.acknowledged("a");
  assertEquals(sent, ["one", "two", "three"]);
});

Deno.test("on loopback, where nothing arrives twice, the next datagram goes out at once, but for the very first", () => {
  const { sender, outgoing, sent, deadlines } = startSender("127.0.0.1");
  sender.post(outgoing("one", "got it"));
  sender.post(outgoing("two", "got it"));
  sender.acknowledged("got it");
  assertEquals(sent, ["one"]);
  deadlines.advance(60);
  assertEquals(sent, ["one", "two"]);
  sender.post(outgoing("three", "got it"));
  sender.acknowledged("got it");
  assertEquals(sent, ["one", "two", "three"]);
});

Deno.test("whoever acknowledges twice on loopback gets no two datagrams acknowledged by that, now or later", () => {
  const { sender, outgoing, sent, results, deadlines } = startSender("127.0.0.1");
  sender.post(outgoing("one", "got it"));
  sender.post(outgoing("two", "got it"));
  sender.acknowledged("got it");
  sender.acknowledged("got it");
  deadlines.advance(490);
  sender.acknowledged("got it");
  assertEquals([sent, results], [["one"], ["one acknowledged"]]);
  deadlines.advance(510);
  assertEquals([sent, results], [["one", "two"], ["one acknowledged"]]);
  sender.acknowledged("got it");
  sender.post(outgoing("three", "got it"));
  deadlines.advance(900);
  assertEquals(sent, ["one", "two"], "the exception for loopback is lost for good");
});

Deno.test("a datagram that has to wait before it goes cannot be acknowledged meanwhile, and its time begins when it goes", () => {
  const deadlines = new Deadlines(0);
  const results: string[] = [];
  const waiting: (() => boolean)[] = [];
  const sender = new ReliableSender(
    deadlines,
    new Lifetime(deadlines, "192.0.2.1"),
    (_datagram, goes) => waiting.push(goes),
  );
  const settled = (result: string) => void results.push(result);
  sender.post({ datagram: new Uint8Array(1), awaited: "got it", settled });
  assertEquals(sender.acknowledged("got it"), false);
  deadlines.advance(5_000);
  assertEquals([results, waiting.splice(0).map((goes) => goes())], [[], [true]]);
  deadlines.advance(5_490);
  assertEquals(results, []);
  assertEquals(sender.acknowledged("got it"), true);
  sender.post({ datagram: new Uint8Array(1), awaited: "other", settled, isWanted: () => results.length < 1 });
  sender.post({ datagram: new Uint8Array(1), awaited: "third", settled });
  assertEquals(results, ["acknowledged", "dropped"]);
  sender.close();
  assertEquals(waiting.map((goes) => goes()), [false], "it is closed by now");
});

Deno.test("a datagram that is not wanted any more when its turn comes is dropped", () => {
  const { sender, outgoing, sent, results } = startSender();
  sender.post(outgoing("one", "got one"));
  let isWanted = true;
  sender.post({ ...outgoing("two", "got two"), isWanted: () => isWanted });
  sender.post(outgoing("three", "got three"));
  isWanted = false;
  sender.acknowledged("got one");
  assertEquals([sent, results], [["one", "three"], ["one acknowledged", "two dropped"]]);
});

Deno.test("closing drops what waits and leaves no deadline behind", () => {
  const { sender, outgoing, results, deadlines } = startSender();
  sender.post(outgoing("one", "got it"));
  sender.acknowledged("got it");
  sender.post(outgoing("two", "got two"));
  sender.post(outgoing("three", "got three"));
  sender.close();
  sender.post(outgoing("four", "got four"));
  assertEquals(results, ["one acknowledged", "two dropped", "three dropped", "four dropped"]);
  assertEquals([deadlines.pending, sender.isBusy], [0, false]);
});

Deno.test("what waits is bounded, in datagrams and in bytes", () => {
  const { sender, outgoing } = startSender();
  assertEquals(sender.hasRoomFor(256, 256 * 1024), true);
  assertEquals(sender.hasRoomFor(257, 0), false);
  sender.post(outgoing("one", "a"));
  for (let i = 0; i < 256; i++) sender.post(outgoing("x".repeat(1024), "a"));
  assertEquals([sender.hasRoomFor(1, 0), sender.hasRoomFor(0, 1)], [false, false]);
});

Deno.test("a peer that acknowledges quickly does not make us keep its words without bound", () => {
  const { sender, outgoing, sent, deadlines } = startSender();
  for (let i = 0; i < 100; i++) sender.post(outgoing(`${i}`, `got ${i}`));
  for (let i = 0; i < 100; i++) sender.acknowledged(`got ${i}`);
  assertEquals(sent.length, 64);
  deadlines.advance(510);
  for (let i = 64; i < 100; i++) sender.acknowledged(`got ${i}`);
  assertEquals(sent.length, 100);
});
