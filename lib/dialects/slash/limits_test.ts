import { assert, assertEquals } from "@std/assert";
import { DELIVERED, GONE, refused, TIMED_OUT } from "../../core/outcome.ts";
import type { BroadcastLimit } from "../dialect.ts";
import { ACK_TIMEOUT, takeAll } from "../text/testing/text_world.ts";
import { SlashWorld } from "./testing/slash_world.ts";
import { closingWords, HELP, LINE_TOO_LONG } from "./words.ts";

Deno.test("a list of users that is longer than a client may leave unread is said as it reads", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const names = Array.from({ length: 3000 }, (_, i) => `${"x".repeat(100)}${i}`);
  for (const name of names) world.joinElsewhere(name);
  alice.take();
  for (let i = 0; i < 20; i++) alice.flush();
  alice.feed("/users\n/help\n");
  const pieces: string[] = [];
  while (!pieces.at(-1)?.endsWith(HELP + "\n")) {
    const piece = alice.take();
    assert(piece.length > 0 && piece.length < 100_000, `${piece.length} characters at once`);
    pieces.push(piece);
    alice.flush();
    // That much is more than a client may ask for at once: the next request is read a moment later.
    if (pieces.length === 6) world.deadlines.advance(1_000);
  }
  assert(pieces.length > 6);
  const listed = pieces.join("").split("\n").filter((line) => line.startsWith("*   x"));
  assertEquals(listed, names.map((name) => `*   ${name} (other)`));
  assertEquals(alice.paused, false);
});

Deno.test("a list that is being said when the client stops sending is said to its end", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  for (let i = 0; i < 3000; i++) world.joinElsewhere(`${"x".repeat(100)}${i}`);
  alice.feed("/users\n");
  alice.feedEnd();
  let said = "";
  for (let i = 0; i < 100; i++) {
    said += alice.take();
    alice.flush();
  }
  assertEquals(said.match(/^\* {3}x/gm)?.length, 3000);
  assertEquals(alice.finish, { how: "end", reason: "left" });
});

Deno.test("a line that is too long is told and closes, and the others are told who left", () => {
  const world = new SlashWorld();
  const [alice, bob] = [world.join("alice"), world.join("bob")];
  takeAll(alice, bob);
  alice.feed(`/bm ${"x".repeat(4092)}\n`);
  assertEquals(takeAll(bob), [`alice to all: ${"x".repeat(4092)}\n`]);
  takeAll(alice);
  alice.feed("x".repeat(5000));
  assertEquals([takeAll(alice), alice.finish], [[`${LINE_TOO_LONG}\n`], { how: "end", reason: "malformed" }]);
  assertEquals(takeAll(bob), ["* alice has left.\n"]);
});

Deno.test("what slash cannot carry is refused and not altered", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  other.send("alice", new Uint8Array([0xff]));
  other.send("alice", "x".repeat(4097));
  other.send("alice", "\n".repeat(60_000));
  assertEquals(other.outcomes, [refused("not-text"), refused("too-long"), refused("too-long")]);
  assertEquals(takeAll(alice), [""]);
});

Deno.test("a message is lost with the connection, and its sender is told", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  other.send("alice", "hi");
  alice.close();
  assertEquals(other.outcomes, [GONE]);
});

Deno.test("a client that does not read is sent a bounded backlog, and its senders are told", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  for (let i = 0; i < 200; i++) other.send("alice", "x".repeat(4000));
  const sent = alice.takeBytes().length;
  assert(sent > 400_000 && sent <= 512 * 1024, `${sent} bytes`);
  assertEquals(other.outcomes.at(-1), refused("overloaded"));
  world.deadlines.advance(ACK_TIMEOUT + 20);
  assertEquals([other.outcomes.length, other.outcomes.filter(({ kind }) => kind === "timed-out").length > 0], [
    200,
    true,
  ]);
  alice.flush();
  other.send("alice", "better now");
  assertEquals(takeAll(alice), ["other to you: better now\n"]);
  assertEquals(other.outcomes.at(-1), DELIVERED);
  assertEquals(
    other.outcomes.filter(({ kind }) => kind === "timed-out").every((outcome) => outcome === TIMED_OUT),
    true,
  );
});

Deno.test("the bounds follow that of the server: one message always passes, more than half of it waits for nobody", () => {
  const world = new SlashWorld(8_000);
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  const marked = `other to you: ${"x".repeat(1_000)}\n`.repeat(5);
  other.send("alice", `${"x".repeat(1_000)}\n`.repeat(5));
  other.send("alice", "no room");
  assertEquals([takeAll(alice), other.outcomes], [[marked], [refused("overloaded"), DELIVERED]]);
  other.send("alice", `${"x".repeat(1_000)}\n`.repeat(8));
  assertEquals(other.outcomes.at(-1), refused("too-long"));
  alice.feed("/help\n".repeat(100));
  assertEquals([alice.paused, alice.takeBytes().length < 4_000], [true, true]);
});

Deno.test("a flood of messages is read no faster than it is passed on, whatever arrives in one piece", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  alice.feed(Array.from({ length: 300 }, (_, i) => `/bm ${i}\n`).join(""));
  assertEquals([other.received.length, alice.paused], [64, true]);
  alice.feed("/bm last\n");
  assertEquals(other.received.length, 64);
  for (let i = 0; i < other.received.length; i++) {
    other.received[i]!.settle(DELIVERED);
    alice.flush();
  }
  assertEquals(other.texts, [
    ...Array.from({ length: 300 }, (_, i) => `${i}`),
    "last",
  ]);
  assertEquals([alice.take(), alice.paused], ["* Delivered to all.\n".repeat(301), false]);
});

Deno.test("a flood of requests is answered no faster than the answers are read", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  alice.feed("/help\n".repeat(10_000));
  assertEquals(alice.paused, true);
  let answers = "";
  for (let round = 0; alice.paused; round++) {
    const piece = alice.take();
    assert(piece === "" || piece === `${HELP}\n`, "one answer at a time");
    assert(round < 20_000);
    answers += piece;
    alice.flush();
    world.deadlines.advance(world.deadlines.now + 10);
  }
  assertEquals(answers + alice.take(), `${HELP}\n`.repeat(10_000));
});

Deno.test("who has others answer more than a mebibyte a second is read later, whatever is asked", () => {
  for (const request of ["/users\n", "/x\n", "/dm nobody x\n", "\xff\n"]) {
    const world = new SlashWorld();
    const alice = world.join("alice");
    for (let i = 0; i < 500; i++) world.joinElsewhere(`${"x".repeat(200)}${i}`);
    takeAll(alice);
    const bytes = Uint8Array.from(request.repeat(20_000), (character) => character.charCodeAt(0));
    alice.feed(bytes);
    let said = 0;
    for (let second = 0; second < 2; second++) {
      for (let tick = 0; tick < 100; tick++) {
        for (let before = -1; before !== said;) {
          before = said;
          said += alice.take().length;
          alice.flush();
        }
        world.deadlines.advance(world.deadlines.now + 10);
      }
      assert(said < 500_000 + (second + 1) * 1_100_000, `${request} ${second} ${said}`);
    }
    alice.close();
    assertEquals(world.deadlines.pending, 0);
  }
});

Deno.test("what a client has said before it stops sending is all handled, also while it is held", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  alice.feed("/dm other x\n".repeat(100));
  alice.feedEnd();
  assertEquals(other.received.length, 64);
  for (let i = 0; i < other.received.length; i++) {
    other.received[i]!.settle(DELIVERED);
    alice.flush();
  }
  assertEquals(other.received.length, 100);
  assertEquals([alice.take(), alice.finish], ["* Delivered to other.\n".repeat(100), { how: "end", reason: "left" }]);
});

Deno.test("a server that drains reads no further, and one that closes says goodbye when all is told", () => {
  const world = new SlashWorld();
  const [alice, bob, newcomer] = [world.join("alice"), world.join("bob"), world.connect().link];
  const other = world.joinElsewhere("other");
  takeAll(alice, bob);
  alice.feed("/dm other hi\n");
  world.server.drain();
  assertEquals([alice.paused, bob.paused, newcomer.paused, world.server.isBusy], [true, true, true, true]);
  alice.feed("/dm other more\n");
  assertEquals(other.received.length, 1);
  other.received[0]!.settle(DELIVERED);
  assertEquals([takeAll(alice), world.server.isBusy, alice.paused], [["* Delivered to other.\n"], false, true]);
  world.server.close();
  for (const link of [alice, bob, newcomer]) {
    assertEquals([link.take(), link.finish], [`${closingWords("shutdown")}\n`, { how: "end", reason: "shutdown" }]);
  }
});

Deno.test("a session knows whether it is amid a line", () => {
  const world = new SlashWorld();
  const { link, session } = world.connect();
  link.feed("al");
  assertEquals(session.unfinished, 1);
  link.feed("ice\n");
  link.flush();
  link.feed("/he");
  assertEquals(session.unfinished, 2);
  link.feed("lp\n");
  assertEquals(session.unfinished, 0);
});

Deno.test("a broadcast is spelled and marked once for all who get it, however many there are", () => {
  const world = new SlashWorld();
  const links = ["alice", "bob", "carol"].map((name) => world.join(name));
  const other = world.joinElsewhere("other");
  takeAll(...links);
  let marks = 0;
  Object.defineProperty(other.presence, "name", { get: () => (marks++, "other") });
  other.send(undefined, "one\x07\ntwo");
  assertEquals(takeAll(...links), Array(3).fill("other to all: one\\x07\nother to all: two\n"));
  assertEquals(marks, 1);
});

Deno.test("of a long message no more than 32 KiB are handed over at a time, and nothing passes it", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  const line = `${"x".repeat(1_000)}\n`;
  other.send("alice", "before");
  other.send("alice", line.repeat(60));
  for (const text of ["one", line.repeat(50), "two", "three"]) other.send("alice", text);
  let said = "";
  for (let rounds = 0; rounds < 10; rounds++) {
    const piece = alice.take();
    assert(piece.length < 33_000, `${piece.length} bytes at once`);
    said += piece;
    alice.flush();
  }
  const marked = (text: string) => text.replace(/^/gm, "other to you: ") + "\n";
  const long = (lines: number) => marked(line.repeat(lines).trimEnd());
  assertEquals(said, marked("before") + long(60) + marked("one") + long(50) + marked("two") + marked("three"));
  assertEquals(other.outcomes, Array(6).fill(DELIVERED));
  other.send("alice", line.repeat(60));
  other.send("alice", "lost as well");
  alice.feed("/quit\n");
  assertEquals(alice.finish, undefined, "what is under way is finished");
  alice.flush();
  alice.close("lost");
  assertEquals(other.outcomes.slice(6), [GONE, GONE]);
});

Deno.test("a broadcast is charged to its sender, and what it sends next is handled when that is made up for", () => {
  const world = new SlashWorld();
  const bob = world.join("bob");
  const charged: [number, number][] = [];
  let goOn = () => {};
  const limit: BroadcastLimit = {
    charge: (recipients, bytes, resume) => {
      charged.push([recipients, bytes]);
      goOn = resume;
      return true;
    },
  };
  const alice = world.connect(limit).link;
  alice.feed("alice\n");
  takeAll(alice, bob);
  alice.feed("/bm one\n/bm two\n/dm bob three\n");
  assertEquals(takeAll(alice, bob)[1], "alice to all: one\n");
  assertEquals([charged, alice.paused], [[[1, 3]], true]);
  goOn();
  assertEquals(takeAll(alice, bob)[1], "alice to all: two\n");
  goOn();
  assertEquals(takeAll(alice, bob)[1], "alice to you: three\n");
  assertEquals([charged.length, alice.paused], [2, false]);
});
