import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DELIVERED, GONE, refused } from "../../core/outcome.ts";
import type { RecordedLink } from "../testing/recorded_link.ts";
import { ACK_TIMEOUT, takeAll } from "../text/testing/text_world.ts";
import { SlashWorld } from "./testing/slash_world.ts";
import {
  GOODBYE,
  GREETING,
  HELP,
  MALFORMED,
  NO_COMMAND,
  NOT_TEXT,
  takenWords,
  TOO_MANY_TRIES,
  UNKNOWN_COMMAND,
  usageWords,
} from "./words.ts";

Deno.test("a client is asked for an alias, and told nothing else", () => {
  const { link, greeting } = new SlashWorld().connect();
  assertEquals([greeting, link.take()], [`${GREETING}\n`, ""]);
});

Deno.test("a client chooses an alias, hears who is here, and is announced to the others", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const bob = world.connect().link;
  bob.feed("bob\r\n");
  assertEquals(takeAll(alice, bob), ["* bob has joined.\n", "* Hello bob! alice is here. /help shows the commands.\n"]);
  const carol = world.connect().link;
  carol.feed(" carol \n");
  assertEquals(takeAll(alice, bob, carol), [
    "* carol has joined.\n",
    "* carol has joined.\n",
    "* Hello carol! alice, bob are here. /help shows the commands.\n",
  ]);
});

Deno.test("somebody who may not be where they say is announced when that is known, and not before", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const [ghost, bob] = ["ghost", "bob"].map((name) =>
    world.hub.claim(name, { dialect: "group", remote: { hostname: "192.0.2.1", port: 1 } })!
  );
  for (const presence of [ghost!, bob!]) presence.enter({ deliver: () => {} }, true);
  ghost!.leave();
  assertEquals(alice.take(), "");
  bob!.confirm();
  bob!.leave();
  assertEquals(alice.take(), "* bob has joined.\n* bob has left.\n");
});

Deno.test("an alias that is taken or not well formed is asked for again, and the last try closes", () => {
  const world = new SlashWorld();
  world.join("alice");
  const { link, session } = world.connect();
  for (
    const [alias, answer] of [["alice", takenWords("alice")], ["", MALFORMED], ["ALL", MALFORMED], [
      "al ice",
      MALFORMED,
    ]]
  ) {
    link.feed(`${alias}\n`);
    assertEquals(takeAll(link), [`${answer}\n`], alias);
  }
  assertEquals([session.isRegistered, link.finish], [false, undefined]);
  link.feed(new Uint8Array([0xff, 10]));
  assertEquals(takeAll(link), [`${TOO_MANY_TRIES}\n`]);
  assertEquals(link.finish, { how: "end", reason: "refused" });

  const patient = world.connect();
  patient.link.feed("alice\n".repeat(4) + "bob\n");
  assertMatch(takeAll(patient.link)[0]!, /\* Hello bob! alice is here/);
  assertEquals(patient.session.isRegistered, true);
});

Deno.test("an alias is free again when its user has left", () => {
  const world = new SlashWorld();
  world.join("alice").feed("/quit\n");
  world.join("alice").close("lost");
  world.join("alice");
});

Deno.test("/quit before there is an alias leaves, and nobody is told", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const { link } = world.connect();
  link.feed("/quit\n");
  assertEquals([link.take(), link.finish, alice.take()], [`${GOODBYE}\n`, { how: "end", reason: "left" }, ""]);
  world.connect().link.close();
  assertEquals(alice.take(), "");
});

Deno.test("an alias that is the server's, or looks like somebody who is here, is refused with the reason", () => {
  const world = new SlashWorld();
  world.joinElsewhere("guest", "\u0430\u04cf\u0456\u0441\u0435"); // all Cyrillic
  world.join("bob");
  const { link } = world.connect();
  link.feed("Server\nalice\nbob\nBob\n");
  const [reserved, lookAlike, taken, hello] = takeAll(link)[0]!.split("\n");
  assertEquals([reserved, lookAlike, taken], [
    "* Server could be taken for the server's own. Choose another:",
    "* alice looks like the name of somebody who is here. Choose another:",
    "* bob is taken. Choose another:",
  ]);
  assertMatch(hello!, /^\* Hello Bob! /);
});

Deno.test("/users lists everybody, of any dialect, to the asker alone", () => {
  const world = new SlashWorld();
  const [alice, bob] = [world.join("alice"), world.join("bob")];
  world.joinElsewhere("BobSmith", 'Bob "x", you');
  takeAll(alice, bob);
  alice.feed("/users\n");
  assertEquals(takeAll(alice, bob), [
    '* Here are:\n*   alice (slash, you)\n*   bob (slash)\n*   BobSmith (other, "Bob \\"x\\", you")\n',
    "",
  ]);
});

Deno.test("/dm reaches that user alone, with the sender's alias, and is confirmed when it is handed over", () => {
  const world = new SlashWorld();
  const [alice, bob, carol] = [world.join("alice"), world.join("bob"), world.join("carol")];
  takeAll(alice, bob, carol);
  alice.feed('/dm bob "how are you, grüß dich?"\n');
  assertEquals([bob.take(), alice.take()], ["alice to you: how are you, grüß dich?\n", ""]);
  assertEquals(takeAll(bob, alice, carol), ["", "* Delivered to bob.\n", ""]);
  alice.feed("/dm alice note to self\n");
  assertEquals(takeAll(alice), ["alice to you: note to self\n* Delivered to alice.\n"]);
});

Deno.test("/dm to nobody is told, and what is no alias is not repeated", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  alice.feed("/dm nobody hi\n/dm \x1b[2J hi\n");
  const why = "nobody here has that alias, /users lists those who are.\n";
  assertEquals(takeAll(alice), [`* Not delivered to nobody: ${why}* Not delivered: ${why}`]);
});

Deno.test("/bm reaches everybody else, and is confirmed when all have it", () => {
  const world = new SlashWorld();
  const [alice, bob] = [world.join("alice"), world.join("bob")];
  const other = world.joinElsewhere("other");
  takeAll(alice, bob);
  alice.feed("/bm hello\n");
  assertEquals(takeAll(alice, bob), ["", "alice to all: hello\n"]);
  assertEquals(other.texts, ["hello"]);
  other.received[0]!.settle(DELIVERED);
  assertEquals(takeAll(alice), ["* Delivered to all.\n"]);
  alice.feed("/bm again\n");
  bob.flush();
  other.received[1]!.settle(refused("too-long"));
  assertEquals(takeAll(alice), ["* Not delivered to all: it is too long for the recipient.\n"]);
});

Deno.test("/bm with nobody else there is not delivered", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  alice.feed("/bm hello\n");
  assertEquals(takeAll(alice), ["* Not delivered to all: nobody else is here.\n"]);
});

Deno.test("outcomes are told in the order of the messages, other answers at once", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  alice.feed("/dm other 1\n/dm nobody 2\n/dm other 3\n/help\n");
  assertEquals(takeAll(alice), [`${HELP}\n`]);
  other.received[1]!.settle(GONE);
  assertEquals(takeAll(alice), [""]);
  world.deadlines.advance(ACK_TIMEOUT + 20);
  assertMatch(
    takeAll(alice)[0]!,
    /^\* Not delivered to other: .* in time\.\n\* Not delivered to nobody: .*\n\* Not delivered to other: .* left\.\n$/,
  );
});

Deno.test("wrong commands, missing arguments and plain text are told, and reach nobody", () => {
  const world = new SlashWorld();
  const [alice, bob] = [world.join("alice"), world.join("bob")];
  takeAll(alice, bob);
  for (
    const [line, answer] of [
      ["/foo", UNKNOWN_COMMAND],
      ["hello", NO_COMMAND],
      ["/dm bob", usageWords("dm")],
      ["/bm", usageWords("bm")],
      ["/help", HELP],
    ]
  ) {
    alice.feed(`${line}\n`);
    assertEquals(takeAll(alice, bob), [`${answer}\n`, ""], line);
  }
  alice.feed("\r\n \n");
  assertEquals(takeAll(alice, bob), ["", ""]);
  alice.feed(new TextEncoder().encode("/bm "), new Uint8Array([0xe4, 10]));
  assertEquals(takeAll(alice, bob), [`${NOT_TEXT}\n`, ""]);
});

Deno.test("/help names every command that there is", () => {
  for (const command of ["/users", "/dm <alias> <message>", "/bm <message>", "/help", "/quit"]) {
    assertStringIncludes(HELP, command);
  }
});

Deno.test("/quit closes, and the others are told who left, as when the connection breaks", () => {
  for (
    const leave of [(link: RecordedLink) => link.feed("/quit\n/bm too late\n"), (link: RecordedLink) => link.close()]
  ) {
    const world = new SlashWorld();
    const [alice, bob] = [world.join("alice"), world.join("bob")];
    takeAll(alice, bob);
    leave(bob);
    assertEquals(takeAll(alice), ["* bob has left.\n"]);
    bob.close();
    assertEquals(takeAll(alice), [""]);
  }
  const world = new SlashWorld();
  const alice = world.join("alice");
  alice.feed("/quit\n");
  assertEquals([alice.take(), alice.finish], [`${GOODBYE}\n`, { how: "end", reason: "left" }]);
});

Deno.test("who leaves is still told what became of its messages, and closed after that", () => {
  const world = new SlashWorld();
  for (const goodbye of ["/quit\n", ""]) {
    const alice = world.join("alice");
    const other = world.joinElsewhere("other");
    takeAll(alice);
    alice.feed("/dm other hi\n" + goodbye);
    if (goodbye === "") alice.feedEnd();
    assertEquals([takeAll(alice), alice.finish], [[""], undefined]);
    other.received[0]!.settle(DELIVERED);
    assertEquals(takeAll(alice), ["* Delivered to other.\n" + (goodbye && `${GOODBYE}\n`)]);
    assertEquals(alice.finish, { how: "end", reason: "left" });
    other.presence.leave();
  }
});

Deno.test("a line in pieces is one line, and lines in one piece are all obeyed, in order", () => {
  const world = new SlashWorld();
  const [alice, bob] = [world.join("alice"), world.join("bob")];
  takeAll(alice, bob);
  alice.feed(..."/bm in pieces\n");
  alice.feed("/bm one\n/bm two\r\n/bm th", "ree\n");
  assertEquals(bob.take(), ["in pieces", "one", "two", "three"].map((text) => `alice to all: ${text}\n`).join(""));
});

Deno.test("messages of other dialects arrive line by line, each with its sender, harmless, and are confirmed once", () => {
  const world = new SlashWorld();
  const alice = world.join("alice");
  const other = world.joinElsewhere("other");
  takeAll(alice);
  other.send("alice", "one\ntwo\x1b[2J\n* bob has left.\n");
  assertEquals(
    alice.take(),
    "other to you: one\nother to you: two\\x1b[2J\nother to you: * bob has left.\n",
  );
  assertEquals(other.outcomes, []);
  alice.flush();
  other.send(undefined, "/quit");
  assertEquals(takeAll(alice), ["other to all: /quit\n"]);
  assertEquals(other.outcomes, [DELIVERED, DELIVERED]);
});
