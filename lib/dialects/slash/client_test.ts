import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { Hub } from "../../hub/hub.ts";
import type { SetTimer } from "../dialect.ts";
import { RecordedEvents } from "../testing/recorded_events.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { SlashClient } from "./client.ts";
import { SlashServer } from "./server.ts";
import { GREETING, MALFORMED, takenWords } from "./words.ts";

/** A timer whose time passes when the test says so. */
function startTime(): { readonly deadlines: Deadlines; readonly timer: SetTimer } {
  const deadlines = new Deadlines(0);
  const timer = (delay: number, callback: () => void) => {
    const deadline = deadlines.set(delay, { expired: callback });
    return () => deadline.cancel();
  };
  return { deadlines, timer };
}

function startClient(isInteractive = false) {
  const events = new RecordedEvents();
  const { deadlines, timer } = startTime();
  const client = new SlashClient("alice", events, timer, isInteractive);
  const link = new RecordedLink();
  link.start(client.start([link])[0]!);
  const pass = (milliseconds: number) => deadlines.advance(deadlines.now + milliseconds);
  return { client, events, link, deadlines, pass };
}

/** A client of a foreign server that has begun so, and has got the alias. */
function startElsewhere(greeting: string) {
  const started = startClient();
  started.link.feed(greeting);
  started.pass(60);
  started.events.take();
  return started;
}

/** A client of a server of ours, which has accepted it. */
function startReady() {
  const started = startClient();
  started.link.feed(`${GREETING}\n`, "* Hello alice! bob is here. /help shows the commands.\n");
  assertEquals(started.link.take(), "alice\n");
  assertEquals(started.events.take(), ["ready alice", "notice: Hello alice! bob is here. /help shows the commands."]);
  return started;
}

Deno.test("a client waits for the greeting, in any pieces, then gives its alias", () => {
  const { link, events } = startClient();
  link.feed(...GREETING);
  assertEquals(link.take(), "");
  link.feed("\n");
  assertEquals([link.take(), events.take()], ["alice\n", []]);
});

Deno.test("a refused alias is told, and another one is tried", () => {
  const { client, link, events } = startClient();
  link.feed(`${GREETING}\n`);
  link.take();
  link.feed(`${takenWords("alice")}\n`);
  assertEquals(events.take(), ["refused: alice is taken."]);
  client.rename("al ice");
  link.feed(`${MALFORMED}\n`);
  assertEquals(events.take().length, 1);
  client.rename("alice2");
  assertEquals(link.take(), "al ice\nalice2\n");
  link.feed("* Hello alice2! Nobody else is here yet. /help shows the commands.\n");
  assertEquals(events.take()[0], "ready alice2");
});

Deno.test("messages are told with their sender and whom they were for, everything else as a notice", () => {
  const { link, events } = startReady();
  link.feed("bob to you: hi: there\nbob to all: /quit\n* carol has jo", "ined.\r\nbob to me: hm\n");
  assertEquals(events.take(), [
    "bob to direct: hi: there",
    "bob to everyone: /quit",
    "notice: carol has joined.",
    "notice: bob to me: hm",
  ]);
});

Deno.test("lines are passed on, and messages get their outcomes in order", () => {
  const { client, link, events } = startReady();
  assertEquals(client.enter("/dm bob hi"), { kind: "sent", id: 1, to: "bob", audience: "direct" });
  assertEquals(client.enter("/dm nobody hi"), { kind: "sent", id: 2, to: "nobody", audience: "direct" });
  assertEquals(client.enter("/bm hi"), { kind: "sent", id: 3, to: "ALL", audience: "everyone" });
  assertEquals(client.enter("/users"), { kind: "taken" });
  const commands = "/dm <alias> <message>, /bm <message>, /users, /help or /quit";
  const rejections = [["/foo", commands], ["hello", commands], ["/dm bob", "/dm <alias> <message>"], [
    "/bm",
    "/bm <message>",
  ]];
  for (const [line, hint] of rejections) assertEquals(client.enter(line!), { kind: "rejected", hint: hint! });
  assertEquals(link.take(), "/dm bob hi\n/dm nobody hi\n/bm hi\n/users\n");
  link.feed("* Delivered to bob.\n* Not delivered to nobody: nobody here has that alias.\n* Delivered to all.\n");
  assertEquals(events.take(), [
    "#1 delivered",
    "#2 refused undeliverable (nobody here has that alias)",
    "#3 delivered",
  ]);
  assertEquals(client.enter(" "), { kind: "taken" });
  assertEquals(link.take(), "");
});

Deno.test("a line that no server takes is rejected before it is sent", () => {
  const { client, link } = startReady();
  assertEquals(client.enter(`/bm ${"é".repeat(2046)}`).kind, "sent");
  link.take();
  assertEquals(client.enter(`/bm ${"é".repeat(2047)}`), { kind: "rejected", hint: "at most 4096 bytes in a line" });
  assertEquals(link.take(), "");
});

Deno.test("/quit leaves; what the server still has to tell is told", () => {
  const { client, link, events } = startReady();
  client.enter("/dm bob bye");
  link.take();
  assertEquals(client.enter("/quit"), { kind: "leaving" });
  client.leave();
  assertEquals([link.take(), link.finish], ["/quit\n", undefined]);
  link.feed("* Delivered to bob.\n* Goodbye!\n");
  link.feedEnd();
  assertEquals([events.take(), link.finish], [["#1 delivered", "notice: Goodbye!"], { how: "end", reason: "left" }]);
});

Deno.test("a client that leaves before it is accepted just closes", () => {
  const { client, link, events } = startClient();
  client.leave();
  assertEquals([link.take(), link.finish], ["", { how: "end", reason: "left" }]);
  link.close();
  assertEquals(events.take(), []);
});

Deno.test("a server that closes, or breaks its own form, ends the session", () => {
  const closed = startReady();
  closed.link.feedEnd();
  assertEquals(closed.events.take(), ["closed: the server closed the connection (connection)"]);
  const endless = startReady();
  endless.link.feed("x".repeat(70_000));
  assertEquals(endless.events.take(), ["closed: it sends a line of more than 65536 bytes (protocol)"]);
  const confused = startReady();
  confused.link.feed("* Delivered to bob.\n* Delivered to bob.\n");
  assertEquals(confused.events.take(), ["closed: it tells the outcome of a message that nobody sent (protocol)"]);
});

Deno.test("a foreign server is shown as it speaks, with or without line breaks, and messages are handed over", () => {
  const { client, link, events, pass } = startClient();
  link.feed("alias?");
  assertEquals([link.take(), events.take()], ["", ["notice: alias?"]]);
  pass(60);
  assertEquals(link.take(), "alice");
  link.feed("you are now connected!\nbob is here\n");
  assertEquals(events.take(), ["ready alice", "notice: you are now connected!", "notice: bob is here"]);
  const umlaut = new TextEncoder().encode("bob: grü");
  link.feed(umlaut.subarray(0, -1), umlaut.subarray(-1));
  assertEquals(events.take(), ["notice: bob: gr", "notice: ü"]);
  pass(100);
  assertEquals(client.enter("/bm hi").kind, "sent");
  assertEquals(link.take(), "/bm hi");
  link.flush();
  assertEquals(events.take(), ["#1 handed-over"]);
  client.enter("/bm lost");
  pass(110);
  link.flush(false);
  client.leave();
  pass(110);
  assertEquals([events.take(), link.take()], [[], "/bm lost/quit"]);
});

Deno.test("lines end in a line break where the first that the server says does, however it arrives", () => {
  for (const pieces of [["alias:\n"], ["Hello!", "\n"], ["Hello!\nalias", "?\n"], ["one\r\n"]]) {
    const { client, link, pass } = startClient();
    link.feed(...pieces);
    pass(60);
    assertEquals(link.take(), "alice\n");
    link.feed("hello");
    for (const line of ["/users", "/bm hi", "/dm bob hi"]) client.enter(line);
    assertEquals(link.take(), "/users\n/bm hi\n/dm bob hi\n");
  }
});

Deno.test("where it does not, messages are 100 ms apart, and a request is open until it has been said", () => {
  const { client, link, events, pass } = startElsewhere("Hello!\nalias? ");
  link.feed("hello");
  link.flush();
  events.take();
  assertEquals(client.enter("/users"), { kind: "asked", id: 1 });
  assertEquals(client.enter("/bm hi"), { kind: "sent", id: 2, to: "ALL", audience: "everyone" });
  client.leave();
  const said: string[] = [link.take()];
  for (let i = 0; i < 4; i++) {
    pass(90);
    assertEquals(link.take(), "");
    pass(20);
    said.push(link.take());
    link.flush();
  }
  assertEquals(said, ["alice", "/users", "/bm hi", "/quit", ""]);
  assertEquals(events.take(), ["#1 handed-over", "#2 handed-over"]);
});

Deno.test("a server that says nothing is told the alias, sooner by a script, and then spoken to as it answers", () => {
  for (const [isInteractive, silence] of [[false, 500], [true, 2_000]] as const) {
    for (const [answer, line] of [["hello", "/users"], ["hello\n", "/users\n"]] as const) {
      const { client, link, events, pass } = startClient(isInteractive);
      pass(silence - 10);
      assertEquals(link.take(), "");
      pass(20);
      assertEquals(link.take(), "alice");
      pass(1_000);
      link.feed(answer);
      assertEquals(events.take(), ["ready alice", "notice: hello"]);
      client.enter("/users");
      client.enter("/help");
      assertEquals(link.take(), line, "one at a time: it may have taken us for one who sends no line breaks");
    }
  }
});

Deno.test("a server of ours that greets late is still known, and takes the alias for a line", () => {
  const { client, link, events, pass } = startClient();
  pass(600);
  assertEquals(link.take(), "alice");
  link.feed(`${GREETING}\n`);
  pass(100);
  assertEquals(link.take(), "\n");
  link.feed("* Hello alice! Nobody else is here yet. /help shows the commands.\n");
  assertEquals(events.take()[0], "ready alice");
  pass(100);
  assertEquals([client.enter("/users"), link.take()], [{ kind: "taken" }, "/users\n"]);
});

Deno.test("a server that breaks off amid our greeting is taken for a foreign one; one that babbles is told the alias", () => {
  const broken = startClient();
  broken.link.feed("* Welcome");
  broken.pass(510);
  assertEquals([broken.link.take(), broken.events.take()], ["alice", ["notice: * Welcome"]]);
  const babbling = startClient();
  for (let i = 0; i < 10; i++) {
    babbling.link.feed("bla ");
    babbling.pass(10);
  }
  assertEquals(babbling.link.take(), "alice");
});

Deno.test("a session that is over leaves no timer behind", () => {
  const [silent, left, elsewhere] = [startClient(), startClient(), startElsewhere("alias?")];
  silent.link.close();
  left.client.leave();
  elsewhere.client.enter("/bm hi");
  elsewhere.link.close();
  for (const { deadlines } of [silent, left, elsewhere]) assertEquals(deadlines.pending, 0);
});

Deno.test("our client and our server understand each other", () => {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: 5000, deadlines, wallClock: () => 0 });
  const server = new SlashServer({ hub, deadlines, maxMessage: 65_536, log: () => {} });
  const users = ["alice", "bob", "bob"].map((alias) => {
    const events = new RecordedEvents();
    const client = new SlashClient(alias, events, startTime().timer);
    const [near, far] = [new RecordedLink(), new RecordedLink()];
    near.start(client.start([near])[0]!);
    far.start(server.accept(far));
    return { client, events, near, far };
  });
  const [alice, bob, other] = users as [typeof users[0], typeof users[0], typeof users[0]];
  const pump = () => {
    for (let round = 0; round < 5; round++) {
      for (const { near, far } of users) {
        for (const [from, to] of [[near, far], [far, near]] as const) {
          to.feed(from.takeBytes());
          from.flush();
        }
      }
    }
  };
  const heard = (user: typeof alice) => user.events.take().filter((line) => !line.startsWith("notice"));
  pump();
  assertEquals(users.map(heard), [["ready alice"], ["ready bob"], ["refused: bob is taken."]]);
  other.client.rename("carol");
  pump();
  alice.client.enter('/dm bob "hi"');
  alice.client.enter("/dm nobody hi");
  alice.client.enter("/bm hello");
  pump();
  assertEquals(users.map(heard), [
    [
      "#1 delivered",
      "#2 refused undeliverable (nobody here has that alias, /users lists those who are)",
      "#3 delivered",
    ],
    ["alice to direct: hi", "alice to everyone: hello"],
    ["ready carol", "alice to everyone: hello"],
  ]);
  bob.client.leave();
  pump();
  assertEquals([bob.far.finish, alice.events.take()], [{ how: "end", reason: "left" }, ["notice: bob has left."]]);
});
