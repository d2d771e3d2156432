import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { Hub } from "../../hub/hub.ts";
import { RecordedEvents } from "../testing/recorded_events.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { RoomClient } from "./client.ts";
import { RoomServer } from "./server.ts";
import { BAD_NAME, GREETING, welcomeWords } from "./words.ts";

function startClient(name = "alice") {
  const events = new RecordedEvents();
  const client = new RoomClient(name, events);
  const link = new RecordedLink();
  link.start(client.start([link])[0]!);
  return { client, events, link };
}

function startReady() {
  const started = startClient();
  started.link.feed(GREETING, welcomeWords("alice"));
  assertEquals(started.link.take(), "alice");
  assertEquals(started.events.take(), ["ready alice", `notice: ${welcomeWords("alice")}`]);
  return started;
}

Deno.test("a client waits for the whole greeting, in any pieces, then gives its name", () => {
  const { link, events } = startClient();
  link.feed(...GREETING.slice(0, -1));
  assertEquals(link.take(), "");
  link.feed("!");
  assertEquals([link.take(), events.take()], ["alice", []]);
});

Deno.test("another greeting is shown, and answered too", () => {
  const { link, events } = startClient();
  link.feed("Hi! Your name?\n");
  assertEquals([link.take(), events.take()], ["alice", ["notice: Hi! Your name?"]]);
});

Deno.test("a refused name is told, and another one is tried", () => {
  const { client, link, events } = startClient("x".repeat(300));
  link.feed(GREETING);
  link.take();
  link.feed(BAD_NAME);
  assertEquals(events.take(), ["refused: A name is text of 1 to 255 characters."]);
  client.rename("alice");
  assertEquals(link.take(), "alice");
});

Deno.test("what others say is shown, and everything else is a notice", () => {
  const { link, events } = startReady();
  link.feed(
    "bob from [192.0.2.1] has joined the chat!",
    "bob: hi: there",
    "Bob S. (to you alone): psst",
    "Not so: clear\nnot at all",
  );
  assertEquals(events.take(), [
    "notice: bob from [192.0.2.1] has joined the chat!",
    "bob to untold: hi: there",
    "Bob S. to direct: psst",
    "Not so to untold: clear",
    "notice: not at all",
  ]);
});

Deno.test("what somebody says as we come, with nothing behind the welcome, is theirs", () => {
  const { link, events } = startClient();
  link.feed(GREETING, `${welcomeWords("alice")}bob: hello`);
  assertEquals(events.take(), ["ready alice", `notice: ${welcomeWords("alice")}`, "bob to untold: hello"]);
});

Deno.test("each message waits until the room has repeated the one before", () => {
  const { client, link, events } = startReady();
  assertEquals(client.enter("one"), { kind: "sent", id: 1, to: "ALL", audience: "everyone" });
  client.enter("two");
  client.enter("three");
  assertEquals(link.take(), "one");
  link.feed("bob: hialice: o");
  assertEquals([link.take(), events.take()], ["", []]);
  link.feed("necarol: yo");
  assertEquals([link.take(), events.take()], ["two", ["bob to untold: hi", "#1 handed-over", "carol to untold: yo"]]);
  link.feed("alice: two");
  assertEquals([link.take(), events.take()], ["three", ["#2 handed-over"]]);
  link.feed("alice: three");
  assertEquals([link.take(), events.take()], ["", ["#3 handed-over"]]);
});

Deno.test("a message that the room repeats with its control characters spelled is known again", () => {
  const { client, link, events } = startReady();
  client.enter("a\x07b");
  link.feed("alice: a\\x07b");
  client.enter("a\x07b");
  link.feed("alice: a\x07b");
  assertEquals(events.take(), ["#1 handed-over", "#2 handed-over"]);
});

Deno.test("a message that would be two for the document's server is rejected", () => {
  const { client, link } = startReady();
  assertEquals(client.enter("é".repeat(512)).kind, "sent");
  link.take();
  assertEquals(client.enter("é".repeat(513)), { kind: "rejected", hint: "at most 1024 bytes in a message" });
});

Deno.test("#quit leaves, and nothing else does", () => {
  const { client, link, events } = startReady();
  assertEquals(client.enter("#quit"), { kind: "leaving" });
  client.leave();
  assertEquals([link.take(), link.finish], ["#quit", undefined]);
  link.feed("bob: bye#quit");
  link.feedEnd();
  assertEquals([events.take(), link.finish], [["bob to untold: bye"], { how: "end", reason: "left" }]);
});

Deno.test("who leaves amid a message, or before it has a name, just closes", () => {
  const busy = startReady();
  busy.client.enter("hi");
  busy.client.leave();
  assertEquals([busy.link.take(), busy.link.finish], ["hi", { how: "end", reason: "left" }]);
  const early = startClient();
  early.client.leave();
  assertEquals([early.link.take(), early.link.finish], ["", { how: "end", reason: "left" }]);
});

Deno.test("a server that closes ends the session, and what it said last is shown", () => {
  const { client, link, events } = startReady();
  client.enter("hi");
  link.feed("bob: a");
  link.feedEnd();
  assertEquals(events.take(), ["bob to untold: a", "closed: the server closed the connection (connection)"]);
});

Deno.test("our client and our server understand each other", () => {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: 5000, deadlines, wallClock: () => 0 });
  const server = new RoomServer({ hub, deadlines, maxMessage: 65_536, log: () => {} });
  const users = ["alice", "Bob Smith"].map((name) => {
    const events = new RecordedEvents();
    const client = new RoomClient(name, events);
    const [near, far] = [new RecordedLink(), new RecordedLink()];
    near.start(client.start([near])[0]!);
    far.start(server.accept(far));
    return { client, events, near, far };
  });
  const [alice, bob] = users as [typeof users[0], typeof users[0]];
  const pump = () => {
    for (let round = 0; round < 8; round++) {
      for (const { near, far } of users) {
        for (const [from, to] of [[near, far], [far, near]] as const) {
          const bytes = from.takeBytes();
          if (bytes.length > 0) to.feed(bytes);
          from.flush();
        }
      }
    }
  };
  pump();
  users.forEach(({ events }) => events.take());
  for (const text of ["one", "two", "Bob Smith: three"]) alice.client.enter(text);
  pump();
  assertEquals(users.map(({ events }) => events.take()), [
    ["#1 handed-over", "#2 handed-over", "#3 handed-over"],
    ["alice to untold: one", "alice to untold: two", "alice to untold: Bob Smith: three"],
  ]);
  bob.client.leave();
  pump();
  assertEquals([bob.far.finish, alice.events.take()], [
    { how: "end", reason: "left" },
    ["notice: Bob Smith has left the chat."],
  ]);
});
