import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { type OutgoingDatagram, ReliableSender } from "./reliable_sender.ts";
import { Lifetime } from "./times.ts";

/** An outbox for a peer far away, or on this machine's loopback. */
function startOutbox(hostname = "192.0.2.1") {
  const deadlines = new Deadlines(0);
  const sent: string[] = [];
  const fates: string[] = [];
  const outbox = new ReliableSender(deadlines, new Lifetime(deadlines, hostname), (datagram, goes) => {
    if (goes()) sent.push(new TextDecoder().decode(datagram));
  });
  const letter = (text: string, awaited: string): OutgoingDatagram => ({
    datagram: new TextEncoder().encode(text),
    awaited,
    settled: (fate) => fates.push(`${text} ${fate}`),
  });
  return { deadlines, sent, fates, outbox, letter };
}

Deno.test("letters go out one at a time, each when the one before is acknowledged", () => {
  const { outbox, letter, sent, fates } = startOutbox();
  outbox.post(letter("one", "got one"));
  outbox.post(letter("two", "got two"));
  assertEquals(sent, ["one"]);
  assertEquals(outbox.acknowledged("got two"), false);
  assertEquals(outbox.acknowledged("got one  "), true);
  assertEquals([sent, fates], [["one", "two"], ["one acknowledged"]]);
});

Deno.test("a letter that is not acknowledged within 500 ms is told so, and the next is sent", () => {
  const { outbox, letter, sent, fates, deadlines } = startOutbox();
  outbox.post(letter("one", "got one"));
  outbox.post(letter("two", "got two"));
  deadlines.advance(490);
  assertEquals(fates, []);
  deadlines.advance(510);
  assertEquals([sent, fates], [["one", "two"], ["one unacknowledged"]]);
  assertEquals(outbox.acknowledged("got one"), false, "what comes late confirms nothing");
});

Deno.test("a letter that awaits the same words waits until no copy of them can come any more", () => {
  const { outbox, letter, sent, fates, deadlines } = startOutbox();
  outbox.post(letter("one", "got it"));
  outbox.post(letter("two", "got it"));
  outbox.acknowledged("got it");
  assertEquals(outbox.acknowledged("got it"), false, "a copy of the acknowledgement");
  deadlines.advance(490);
  assertEquals(sent, ["one"]);
  deadlines.advance(510);
  assertEquals(sent, ["one", "two"]);
  outbox.acknowledged("got it");
  assertEquals(fates, ["one acknowledged", "two acknowledged"]);
});

Deno.test("a letter that is held back keeps its place before those behind it", () => {
  const { outbox, letter, sent, deadlines } = startOutbox();
  for (const [text, awaited] of [["one", "a"], ["two", "a"], ["three", "b"]] as const) {
    outbox.post(letter(text, awaited));
  }
  outbox.acknowledged("a");
  assertEquals(sent, ["one"]);
  deadlines.advance(510);
  outbox.acknowledged("a");
  assertEquals(sent, ["one", "two", "three"]);
});

Deno.test("on loopback, where nothing arrives twice, the next letter goes out at once, but for the very first", () => {
  const { outbox, letter, sent, deadlines } = startOutbox("127.0.0.1");
  outbox.post(letter("one", "got it"));
  outbox.post(letter("two", "got it"));
  outbox.acknowledged("got it");
  assertEquals(sent, ["one"]);
  deadlines.advance(60);
  assertEquals(sent, ["one", "two"]);
  outbox.post(letter("three", "got it"));
  outbox.acknowledged("got it");
  assertEquals(sent, ["one", "two", "three"]);
});

Deno.test("whoever acknowledges twice on loopback gets no two letters acknowledged by that, now or later", () => {
  const { outbox, letter, sent, fates, deadlines } = startOutbox("127.0.0.1");
  outbox.post(letter("one", "got it"));
  outbox.post(letter("two", "got it"));
  outbox.acknowledged("got it");
  outbox.acknowledged("got it");
  deadlines.advance(490);
  outbox.acknowledged("got it");
  assertEquals([sent, fates], [["one"], ["one acknowledged"]]);
  deadlines.advance(510);
  assertEquals([sent, fates], [["one", "two"], ["one acknowledged"]]);
  outbox.acknowledged("got it");
  outbox.post(letter("three", "got it"));
  deadlines.advance(900);
  assertEquals(sent, ["one", "two"], "the exception for loopback is lost for good");
});

Deno.test("a letter that has to wait before it goes cannot be acknowledged meanwhile, and its time begins when it goes", () => {
  const deadlines = new Deadlines(0);
  const fates: string[] = [];
  const waiting: (() => boolean)[] = [];
  const outbox = new ReliableSender(
    deadlines,
    new Lifetime(deadlines, "192.0.2.1"),
    (_datagram, goes) => waiting.push(goes),
  );
  const settled = (fate: string) => void fates.push(fate);
  outbox.post({ datagram: new Uint8Array(1), awaited: "got it", settled });
  assertEquals(outbox.acknowledged("got it"), false);
  deadlines.advance(5_000);
  assertEquals([fates, waiting.splice(0).map((goes) => goes())], [[], [true]]);
  deadlines.advance(5_490);
  assertEquals(fates, []);
  assertEquals(outbox.acknowledged("got it"), true);
  outbox.post({ datagram: new Uint8Array(1), awaited: "other", settled, isWanted: () => fates.length < 1 });
  outbox.post({ datagram: new Uint8Array(1), awaited: "third", settled });
  assertEquals(fates, ["acknowledged", "dropped"]);
  outbox.close();
  assertEquals(waiting.map((goes) => goes()), [false], "it is closed by now");
});

Deno.test("a letter that is not wanted any more when its turn comes is dropped", () => {
  const { outbox, letter, sent, fates } = startOutbox();
  outbox.post(letter("one", "got one"));
  let isWanted = true;
  outbox.post({ ...letter("two", "got two"), isWanted: () => isWanted });
  outbox.post(letter("three", "got three"));
  isWanted = false;
  outbox.acknowledged("got one");
  assertEquals([sent, fates], [["one", "three"], ["one acknowledged", "two dropped"]]);
});

Deno.test("closing drops what waits and leaves no deadline behind", () => {
  const { outbox, letter, fates, deadlines } = startOutbox();
  outbox.post(letter("one", "got it"));
  outbox.acknowledged("got it");
  outbox.post(letter("two", "got two"));
  outbox.post(letter("three", "got three"));
  outbox.close();
  outbox.post(letter("four", "got four"));
  assertEquals(fates, ["one acknowledged", "two dropped", "three dropped", "four dropped"]);
  assertEquals([deadlines.pending, outbox.isBusy], [0, false]);
});

Deno.test("what waits is bounded, in letters and in bytes", () => {
  const { outbox, letter } = startOutbox();
  assertEquals(outbox.hasRoomFor(256, 256 * 1024), true);
  assertEquals(outbox.hasRoomFor(257, 0), false);
  outbox.post(letter("one", "a"));
  for (let i = 0; i < 256; i++) outbox.post(letter("x".repeat(1024), "a"));
  assertEquals([outbox.hasRoomFor(1, 0), outbox.hasRoomFor(0, 1)], [false, false]);
});

Deno.test("a peer that acknowledges quickly does not make us keep its words without bound", () => {
  const { outbox, letter, sent, deadlines } = startOutbox();
  for (let i = 0; i < 100; i++) outbox.post(letter(`${i}`, `got ${i}`));
  for (let i = 0; i < 100; i++) outbox.acknowledged(`got ${i}`);
  assertEquals(sent.length, 64);
  deadlines.advance(510);
  for (let i = 64; i < 100; i++) outbox.acknowledged(`got ${i}`);
  assertEquals(sent.length, 100);
});
