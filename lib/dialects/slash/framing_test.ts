import { assertEquals } from "@std/assert";
import { takeAll } from "../text/testing/text_world.ts";
import { SlashWorld } from "./testing/slash_world.ts";
import { GOODBYE, GREETING, HELP, TOO_MANY_TRIES, UNKNOWN_COMMAND } from "./words.ts";

/** Somebody whose alias came without a line break. */
function joinByWrites(world: SlashWorld, alias: string) {
  const connected = world.connect();
  connected.link.feed(alias);
  world.deadlines.advance(world.deadlines.now + 310);
  const [hello] = takeAll(connected.link);
  assertEquals(hello!.startsWith(`* Hello ${alias}!`) && !hello!.endsWith("\n"), true, hello);
  return connected;
}

Deno.test("who gives an alias without a line break is greeted with one, and told everything else without", () => {
  const world = new SlashWorld();
  const { link, session, greeting } = world.connect();
  assertEquals(greeting, `${GREETING}\n`);
  link.feed("alice");
  world.deadlines.advance(290);
  assertEquals([link.take(), session.isRegistered, session.unfinished], ["", false, 1]);
  world.deadlines.advance(310);
  assertEquals([link.take(), session.isRegistered], [
    "* Hello alice! Nobody else is here yet. /help shows the commands.",
    true,
  ]);
  assertEquals([session.complete, session.unfinished, world.deadlines.pending], [1, 0, 0]);
  link.flush();
  link.feed("/help");
  assertEquals(takeAll(link), [HELP]);
  link.feed("/quit");
  assertEquals([takeAll(link), link.finish], [[GOODBYE], { how: "end", reason: "left" }]);
});

Deno.test("an alias may arrive in pieces, with a line break at their end or without", () => {
  for (const lineEnd of ["\n", "\r\n", ""]) {
    const world = new SlashWorld();
    const { link } = world.connect();
    for (const letter of `alice${lineEnd}`) {
      world.deadlines.advance(world.deadlines.now + 290);
      link.feed(letter);
    }
    world.deadlines.advance(world.deadlines.now + 310);
    const [hello] = takeAll(link);
    assertEquals(hello!.slice(0, 14), "* Hello alice!");
    assertEquals(hello!.endsWith("\n"), lineEnd !== "");
  }
});

Deno.test("with writes each is a message of up to 4096 bytes, whatever its line breaks", () => {
  const world = new SlashWorld();
  const bob = world.join("bob");
  const { link: alice } = joinByWrites(world, "alice");
  takeAll(bob);
  const long = "x".repeat(4096 - "/bm ".length);
  for (const write of ["/bm one", "/bm two\n", "/bm three\nfour", `/bm ${long}`, "/dm bob \u65e5\u672c"]) {
    alice.feed(write);
    takeAll(bob, alice);
  }
  alice.feed("/bm one", "/bm two\n", "/bm three\nfour", `/bm ${long}`, "/dm bob \u65e5\u672c");
  const texts = ["one", "two", "three", "four", long];
  assertEquals(takeAll(bob), [
    texts.map((text) => `alice to all: ${text}\n`).join("") + "alice to you: \u65e5\u672c\n",
  ]);
  assertEquals(takeAll(alice), ["* Delivered to all.".repeat(4) + "* Delivered to bob."]);
  alice.feed(`/bm ${long}/bm two`);
  takeAll(bob, alice);
  assertEquals(alice.finish, undefined, "what is longer is the next message");
});

Deno.test("a message from elsewhere comes without a line break at its end, and by itself, to who has none", () => {
  const world = new SlashWorld();
  const { link: alice } = joinByWrites(world, "alice");
  const bob = world.join("bob");
  const other = world.joinElsewhere("other");
  takeAll(alice, bob);
  other.send(undefined, "one\ntwo\n");
  other.send("alice", "three");
  assertEquals(alice.take(), "other to all: one\nother to all: two");
  alice.flush();
  assertEquals(alice.take(), "other to you: three");
  assertEquals(takeAll(bob), ["other to all: one\nother to all: two\n"]);
});

Deno.test("an alias that cannot be had is asked for again, without line breaks as well", () => {
  const world = new SlashWorld();
  const { link } = world.connect();
  link.feed("al ice");
  world.deadlines.advance(310);
  for (let i = 0; i < 3; i++) link.feed("al ice");
  link.feed("al ice");
  const [said] = takeAll(link);
  assertEquals([said!.includes("\n"), said!.endsWith(`Choose another:${TOO_MANY_TRIES}`)], [false, true]);
});

Deno.test("what somebody has said without a line break counts when they send no more, or leave before it is clear", () => {
  const world = new SlashWorld();
  const { link, session } = world.connect();
  link.feed("alice");
  link.feedEnd();
  assertEquals([link.take().slice(0, 14), session.isRegistered, link.finish?.reason], ["* Hello alice!", true, "left"]);
  const { link: second } = world.connect();
  second.feed("bob");
  second.close();
  assertEquals(world.deadlines.pending, 0);
});

Deno.test("a first input that never becomes a line is bounded", () => {
  const world = new SlashWorld();
  const { link } = world.connect();
  for (let i = 0; i < 5; i++) link.feed("x".repeat(1000));
  assertEquals(link.finish, { how: "end", reason: "malformed" });
  world.deadlines.advance(1_000);
  assertEquals(world.deadlines.pending, 0);
});

Deno.test("a first line decides, whatever has come behind it", () => {
  const world = new SlashWorld();
  const { link } = world.connect();
  link.feed("alice\n/wh");
  world.deadlines.advance(1_000);
  takeAll(link);
  link.feed("at\n");
  assertEquals(takeAll(link), [`${UNKNOWN_COMMAND}\n`]);
});
