import { assert, assertEquals } from "@std/assert";
import { DELIVERED, GONE, refused } from "../../core/outcome.ts";
import { TotalQueued } from "../../core/queued.ts";
import type { RecordedLink } from "../testing/recorded_link.ts";
import { ACK_TIMEOUT, takeAll, TextWorld } from "../text/testing/text_world.ts";
import { RoomServer } from "./server.ts";
import type { NameFault } from "../../hub/names.ts";
import { BAD_NAME, LINE_TOO_LONG, nameFaultWords, NOT_TEXT, TOO_MANY_LINES, TOO_MANY_TRIES } from "./words.ts";

const GREETING = "Greetings from the ChatRoom! Now type your name and press enter!";
const welcome = (name: string) => `Welcome ${name}! If you ever want to quit, type #quit to exit.`;
const joined = (name: string) => `${name} from [192.0.2.9] has joined the chat!`;
const left = (name: string) => `${name} has left the chat.`;

function startServer(maxQueue?: number, queued?: TotalQueued) {
  const bound = { ...maxQueue !== undefined && { maxQueue }, ...queued !== undefined && { queued } };
  const world = new TextWorld((context) => new RoomServer({ ...context, ...bound }), "192.0.2.9");
  const connect = () => {
    const connected = world.connect();
    assertEquals(connected.greeting, GREETING);
    return connected;
  };
  /** Somebody who speaks as the document's client does, or lines if the name ends in a line break. */
  const join = (name: string): RecordedLink => {
    const { link } = connect();
    link.feed(name);
    assertEquals(link.take(), welcome(name.trim()) + (name.endsWith("\n") ? "\n" : ""));
    link.flush();
    return link;
  };
  const { deadlines, hub, server } = world;
  return { deadlines, hub, server, connect, join, joinElsewhere: (name: string) => world.joinElsewhere(name) };
}

Deno.test("the document's client is served with the document's strings, and nothing between them", () => {
  const { join } = startServer();
  const alice = join("alice");
  const bob = join("Bob Smith");
  assertEquals(takeAll(alice, bob), [joined("Bob Smith"), ""]);
  bob.feed("hello");
  assertEquals(takeAll(alice, bob), ["Bob Smith: hello", "Bob Smith: hello"]);
  alice.feed("#quit");
  assertEquals([takeAll(alice, bob), alice.finish], [["#quit", left("alice")], { how: "end", reason: "left" }]);
});

Deno.test("a client that speaks lines gets a line break behind everything that follows the greeting", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice\n"), join("bob")];
  assertEquals(takeAll(alice), [`${joined("bob")}\n`]);
  bob.feed("hi");
  alice.feed("one\r\ntwo\n#qu", "it\n");
  assertEquals(takeAll(alice, bob), [
    "bob: hi\nalice: one\nalice: two\n#quit\n",
    `bob: hialice: onealice: two${left("alice")}`,
  ]);
});

Deno.test("only #quit itself quits", () => {
  for (const end of ["", "\n"]) {
    const { join } = startServer();
    const alice = join(`alice${end}`);
    for (const text of ["#QUIT", "#quit now", " #quit", "#quit ", "quit"]) {
      alice.feed(text + end);
      assertEquals(takeAll(alice), [`alice: ${text}${end}`]);
    }
    assertEquals(alice.finish, undefined);
    alice.feed(`#quit${end}`);
    assertEquals(alice.finish, { how: "end", reason: "left" });
  }
});

Deno.test("who vanishes is missed, who never gave a name is not", () => {
  const { connect, join } = startServer();
  const [alice, bob] = [join("alice"), join("bob")];
  takeAll(alice);
  bob.close("lost");
  assertEquals(takeAll(alice), [left("bob")]);
  connect().link.close("lost");
  const polite = connect().link;
  polite.feed("#quit");
  assertEquals([polite.take(), takeAll(alice)], ["#quit", [""]]);
  alice.feed("still here");
  assertEquals(takeAll(alice), ["alice: still here"]);
});

Deno.test("two of the same name are shown as they are called, and addressed differently", () => {
  const { join, hub, joinElsewhere } = startServer();
  const [first, second] = [join("Bob!"), join("bob"), join("Bob?")];
  assertEquals([...hub.members()].map(({ name, title }) => [name, title]), [["Bob", "Bob!"], ["bob", "bob"], [
    "Bob2",
    "Bob?",
  ]]);
  const other = joinElsewhere("other");
  takeAll(first!, second!);
  other.send("Bob", "hi");
  assertEquals(takeAll(first!, second!), ["other (to you alone): hi", ""]);
});

Deno.test("a name that is none is asked for again, and the last try closes", () => {
  for (const end of ["", "\n"]) {
    const { connect } = startServer();
    const { link, session } = connect();
    const tries = [
      [" ", BAD_NAME],
      ["x".repeat(256), BAD_NAME],
      ["alice (to you alone)", nameFaultWords("forging")],
      ["Server", nameFaultWords("reserved")],
    ] as const;
    for (const [name, why] of tries) {
      link.feed(name + end);
      assertEquals(takeAll(link), [why + end]);
    }
    assertEquals(session.isRegistered, false);
    link.feed(new Uint8Array([0xff, ...new TextEncoder().encode(end)]));
    assertEquals([takeAll(link), link.finish], [[TOO_MANY_TRIES + end], { how: "end", reason: "refused" }]);
  }
});

Deno.test("a name that could be taken for another one, or for more than a name, is refused with the reason", () => {
  const { join, joinElsewhere, connect } = startServer();
  const alice = join("Ålice");
  joinElsewhere("bob");
  takeAll(alice);
  const faults: Readonly<Record<string, NameFault>> = {
    "a: b": "forging",
    "Alice": "look-alike",
    "BOB": "look-alike",
    "bob": "look-alike",
    "b0b": "look-alike",
    "s\u0395rver": "mixed-scripts",
    "The server": "reserved",
    "sérver": "reserved",
    "\x1b[2Jeve": "unseen",
    "eve\u200d": "unseen",
    "\u3164": "unseen",
  };
  for (const [name, fault] of Object.entries(faults)) {
    const { link } = connect();
    link.feed(name);
    assertEquals(takeAll(link), [nameFaultWords(fault)], name);
    link.feed("carol");
    assertEquals(takeAll(link), [welcome("carol")]);
    link.close();
  }
});

Deno.test("whoever is there in other letters, no name of any dialect can be taken for theirs", () => {
  const { join, hub } = startServer();
  join("\u0430\u04cf\u0456\u0441\u0435"); // all Cyrillic
  const claim = (name: string) => hub.claim(name, { dialect: "other", remote: { hostname: "192.0.2.7", port: 9 } });
  assertEquals([claim("alice"), claim("bob")?.name], [undefined, "bob"]);
});

Deno.test("every line of ours begins as no name does", () => {
  const own = [BAD_NAME, LINE_TOO_LONG, NOT_TEXT, TOO_MANY_LINES, TOO_MANY_TRIES, nameFaultWords("unseen")];
  assertEquals(own.filter((line) => !line.startsWith("* ")), []);
  const { connect } = startServer();
  for (const line of own) {
    const { link } = connect();
    link.feed(line.slice(0, 200));
    assertEquals(takeAll(link), [nameFaultWords("forging")], line);
  }
});

Deno.test("everybody of any dialect is announced, and hears what is said", () => {
  const { join, joinElsewhere } = startServer();
  const alice = join("alice\n");
  const other = joinElsewhere("other");
  assertEquals(takeAll(alice), ["other from [192.0.2.7] has joined the chat!\n"]);
  alice.feed("hello\n");
  assertEquals([other.received.length, other.received[0]!.audience], [1, "everyone"]);
  other.received[0]!.settle(DELIVERED);
  other.send(undefined, "#quit\nbob: I am bob\x07");
  other.send("alice", "psst");
  assertEquals(takeAll(alice), [
    "alice: hello\nother: #quit\nother: bob: I am bob\\x07\nother (to you alone): psst\n",
  ]);
  assertEquals(other.outcomes, [DELIVERED, DELIVERED]);
  other.presence.leave();
  assertEquals(takeAll(alice), ["other has left the chat.\n"]);
});

Deno.test("who speaks is told when somebody did not get it", () => {
  const { deadlines, join, joinElsewhere } = startServer();
  const alice = join("alice\n");
  const other = joinElsewhere("other");
  takeAll(alice);
  alice.feed("1\n2\n");
  assertEquals(takeAll(alice), ["alice: 1\nalice: 2\n"]);
  other.received[1]!.settle(refused("too-long"));
  deadlines.advance(ACK_TIMEOUT + 20);
  assertEquals(takeAll(alice), [
    "* Not everybody has your message: the recipient did not acknowledge in time.\n" +
    "* Not everybody has your message: it is too long for the recipient.\n",
  ]);
});

Deno.test("lines within a read are marked each, so that nobody can speak for another", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice"), join("bob\n")];
  takeAll(alice, bob);
  alice.feed("hi\r\nbob: I am bob\n");
  assertEquals(takeAll(alice, bob), ["alice: hi\nalice: bob: I am bob", "alice: hi\nalice: bob: I am bob\n"]);
  alice.feed("\n", "\r\n");
  assertEquals(takeAll(alice, bob), ["", ""]);
});

Deno.test("where nothing divides messages, each is handed over by itself, in order, the last one before the link ends", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice"), join("bob")];
  takeAll(alice, bob);
  bob.feed("one", "two");
  assertEquals(alice.take(), "bob: one");
  bob.feed("three");
  alice.feed("#quit");
  assertEquals([alice.take(), alice.finish], ["", undefined]);
  for (const said of ["bob: two", "bob: three", "#quit"]) {
    alice.flush();
    assertEquals(alice.take(), said);
  }
  assertEquals(alice.finish, { how: "end", reason: "left" });
});

Deno.test("who does not read is closed when more waits than the server allows, also where messages are handed over one by one", () => {
  for (const maxQueue of [undefined, 20_000]) {
    const { join, hub } = startServer(maxQueue);
    const alice = join("alice");
    const name = "x".repeat(200);
    let waiting = 0;
    while (alice.finish === undefined && waiting < 2_000_000) {
      const presence = hub.claim(name, { dialect: "other", remote: { hostname: "192.0.2.7", port: 9 } })!;
      presence.enter({ deliver: () => {} });
      presence.leave();
      waiting += `${name} from [192.0.2.7] has joined the chat!${left(name)}`.length;
    }
    assertEquals(alice.finish, { how: "abort", reason: "slow-reader" });
    const bound = maxQueue ?? 1024 * 1024;
    assert(waiting > bound && waiting < bound + 500, `${waiting} bytes`);
  }
});

Deno.test("what waits to be handed over is lost with the connection, and its senders are told", () => {
  const { join, joinElsewhere } = startServer();
  const alice = join("alice");
  const other = joinElsewhere("other");
  other.send("alice", "one");
  other.send("alice", "two");
  alice.close("lost");
  assertEquals(other.outcomes, [GONE, GONE]);
});

Deno.test("what is not UTF-8 is told and not passed on", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice\n"), join("bob")];
  takeAll(alice, bob);
  alice.feed(new Uint8Array([0xe4, 0x0a]));
  bob.feed(new Uint8Array([0xe4, 0x41]));
  assertEquals(takeAll(alice, bob), [`${NOT_TEXT}\n`, NOT_TEXT]);
});

Deno.test("a line that is too long is told and closes; one of line breaks is told", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice\n"), join("b".repeat(255))];
  takeAll(alice, bob);
  alice.feed("x".repeat(4096) + "\n");
  assertEquals(takeAll(bob), [`alice: ${"x".repeat(4096)}`]);
  takeAll(alice);
  alice.feed("x".repeat(4098));
  assertEquals([takeAll(alice), alice.finish], [[`${LINE_TOO_LONG}\n`], { how: "end", reason: "malformed" }]);
  bob.take();
  bob.feed("\n".repeat(1024) + "\n".repeat(1024));
  assertEquals(takeAll(bob), [TOO_MANY_LINES.repeat(2)]);
});

Deno.test("reads that arrive while a client is held stay messages of their own", () => {
  const { join, joinElsewhere } = startServer();
  const alice = join("alice");
  const other = joinElsewhere("other");
  takeAll(alice);
  for (let i = 0; i < 100; i++) alice.feed(`${i}`);
  assertEquals([other.received.length, alice.paused], [64, true]);
  for (let i = 0; i < other.received.length; i++) {
    other.received[i]!.settle(DELIVERED);
    alice.flush();
  }
  assertEquals(
    other.texts,
    Array.from({ length: 100 }, (_, i) => `${i}`),
  );
  assertEquals(alice.paused, false);
});

Deno.test("a server that closes says why, in each client's framing", () => {
  const { connect, join, server } = startServer();
  const links = [join("alice"), join("bob\n"), connect().link];
  takeAll(...links);
  server.close();
  const goodbye = "* The chat closes this connection: the server is shutting down.";
  assertEquals(takeAll(...links), [goodbye, `${goodbye}\n`, goodbye]);
  assert(links.every(({ finish }) => finish?.reason === "shutdown"));
});

Deno.test("what waits behind a message that is handed over by itself counts for all, and too much of it closes the client", () => {
  const queued = new TotalQueued(20_000);
  const { join, joinElsewhere } = startServer(undefined, queued);
  const [alice, bob] = [join("alice"), join("bob")];
  const carol = joinElsewhere("carol");
  takeAll(alice, bob);
  assertEquals(queued.bytes, 0);
  for (let count = 0; count < 3; count++) carol.send("alice", "x".repeat(4_000));
  assert(queued.bytes > 8_000 && queued.bytes < 9_000, `${queued.bytes} bytes: the link has the first`);
  assertEquals(alice.finish, undefined);
  for (let count = 0; count < 6; count++) carol.send("alice", "x".repeat(4_000));
  assertEquals([alice.finish?.reason, bob.finish, queued.bytes], ["slow-reader", undefined, 0]);
});
