import { assertEquals } from "@std/assert";
import type { ClientSession } from "../dialect.ts";
import { RecordedEvents } from "../testing/recorded_events.ts";
import { halfClosing, RecordedLink } from "../testing/recorded_link.ts";
import { FrameClient } from "./client.ts";
import { FrameMenu } from "./menu.ts";

/** A client, and the other end of its link. */
function startClient(isInteractive = false) {
  const events = new RecordedEvents();
  const client = new FrameClient(events);
  const session: ClientSession = new FrameMenu(client, events, isInteractive);
  const link = new RecordedLink();
  const half = { isClosed: false };
  const [handler] = session.start([halfClosing(link, () => half.isClosed = true)]);
  link.start(handler!);
  return { events, session, link, half };
}

/** A client that has its ID. */
function startAssigned(id: number, isInteractive = false) {
  const client = startClient(isInteractive);
  client.link.feed(String(id));
  assertEquals(client.events.take(), [`ready ${id}`]);
  return client;
}

Deno.test("a client is ready under the ID that it is given, and sends nothing before", () => {
  const { link } = startAssigned(7);
  assertEquals(link.take(), "");
});

Deno.test("an ID and the first frames may arrive in any pieces", () => {
  const stream = "212][2][2][hi1][2][3][hey";
  for (const cuts of [[stream], [...stream], ["2", stream.slice(1)], ["212][2", "][2][hi1][2][3][hey"]]) {
    const { events, link } = startClient();
    link.feed(...cuts);
    assertEquals(events.take().filter((line) => !/^ready 2./.test(line) || line === "ready 2").slice(-5), [
      "ready 2",
      "node2_output.txt | 12: hi",
      "12 to untold: hi",
      "node2_output.txt | 1: hey",
      "notice: the server: hey",
    ]);
  }
});

Deno.test("what the server passes on as ID 1 is told apart from its own words, and claims no sender", () => {
  const { events, link } = startAssigned(2);
  for (const text of ["goodbye says: I am the server", "goodbye: it says: no"]) {
    link.feed(`1][2][${text.length}][${text}`);
  }
  assertEquals(events.take().filter((line) => line.startsWith("notice")), [
    "notice: the server passes on: goodbye says: I am the server",
    "notice: the server: goodbye: it says: no",
  ]);
});

Deno.test("a line is a destination and a message, which is sent at once and handed over, no more", () => {
  const { events, session, link } = startAssigned(2);
  assertEquals(session.enter("3 hi  there"), { kind: "sent", id: 1, to: "3", audience: "direct" });
  assertEquals(link.take(), "2][3][9][hi  there");
  assertEquals(events.take(), ["node2_input.txt | 3: hi  there"]);
  link.flush();
  assertEquals(events.take(), ["#1 handed-over"]);
  session.enter("3 lost");
  link.flush(false);
  assertEquals(events.take(), ["node2_input.txt | 3: lost"]);
});

Deno.test("a message over 255 bytes is refused before it is sent, with its length", () => {
  const { session, link } = startAssigned(2);
  for (const [text, size] of [["é".repeat(128), 256], ["x".repeat(1000), 1000]] as const) {
    const hint = `at most 255 bytes: that message has ${size}`;
    assertEquals(session.enter(`3 ${text}`), { kind: "rejected", hint });
  }
  assertEquals(link.take(), "");
  assertEquals(session.enter(`3 ${"x".repeat(255)}`).kind, "sent");
});

Deno.test("a line without a destination that can be one, or without a message, is refused", () => {
  const { session, link } = startAssigned(2);
  const range = "a destination from 2 to 255";
  const hints: [string, string][] = [
    ["hello", "<destination> <message>"],
    ["3", "<destination> <message>"],
    [" 3 hi", "<destination> <message>"],
    ["3 ", "a message: an empty one reaches nobody"],
    ["2 hi", "another destination: 2 is your own ID"],
    ...["0", "1", "256", "03", "+3", "-3", "3.0", "three", "99999"].map((to): [string, string] => [`${to} hi`, range]),
  ];
  for (const [line, hint] of hints) assertEquals(session.enter(line), { kind: "rejected", hint }, line);
  assertEquals(link.take(), "");
});

Deno.test("what is received and sent is kept, a line a message, whatever is in it", () => {
  const { events, session, link } = startAssigned(25);
  link.feed("3][25][11][a\n4: b\x1b[2J\r");
  session.enter("3 x\ty\\n");
  assertEquals(events.take().filter((line) => line.includes("|")), [
    "node25_output.txt | 3: a\\n4: b\\x1b[2J\\r",
    "node25_input.txt | 3: x\\ty\\\\n",
  ]);
});

Deno.test("a frame for somebody else is announced in the document's words, and neither shown nor kept", () => {
  const { events, link } = startAssigned(2);
  link.feed("4][3][6][secret", "4][3][ACK", "4][x][1][x", "4][2][1][x");
  const alien = "notice: Received a data that does not belong here";
  assertEquals(events.take(), [alien, alien, alien, "node2_output.txt | 4: x", "4 to untold: x"]);
});

Deno.test("an ACK frame is an empty message", () => {
  const { events, link } = startAssigned(2);
  link.feed("4][2][ACK4][2][0][");
  assertEquals(events.take(), Array(2).fill(["node2_output.txt | 4: ", "4 to untold: "]).flat());
});

Deno.test("a message that is too long is left out, and the next is shown", () => {
  const { events, link } = startAssigned(2);
  link.feed(`4][2][256][${"x".repeat(256)}4][2][1][x`);
  assertEquals(events.take(), [
    "notice: 4 sent a message of 256 bytes, and 255 is frame's limit: left out",
    "node2_output.txt | 4: x",
    "4 to untold: x",
  ]);
});

Deno.test("a server that sends what is no ID, or no frame, does not keep to the protocol", () => {
  const cases: [string, string][] = [
    ["hello", "the first that it sends is no ID"],
    ["2\n2][2][x", "it sends a frame whose size is no number"],
    [`2\n${"x".repeat(40)}`, "it sends a frame whose IDs do not end"],
  ];
  for (const [bytes, why] of cases) {
    const { events, link } = startClient();
    link.feed(bytes, "more");
    assertEquals(events.take().at(-1), `closed: ${why} (protocol)`);
    assertEquals(link.finish?.how, "end");
  }
});

Deno.test("a server that closes without giving an ID may be full", () => {
  const { events, link } = startClient();
  link.feedEnd();
  const why = "the server closed the connection without giving an ID: all may be taken";
  assertEquals(events.take(), [`closed: ${why} (connection)`]);
});

Deno.test("a server that closes later, or is lost, is told once", () => {
  const { events, link } = startAssigned(2);
  link.feedEnd();
  link.close();
  assertEquals(events.take(), ["closed: the server closed the connection (connection)"]);
  const other = startAssigned(2);
  other.link.close("lost");
  assertEquals(other.events.take(), ["closed: the connection was lost (connection)"]);
});

Deno.test("a client that leaves says so, and still shows what the server has to say until it closes", () => {
  const { events, session, link, half } = startAssigned(2);
  session.leave();
  assertEquals([half.isClosed, link.finish], [true, undefined]);
  link.feed("1][2][4][gone");
  assertEquals(events.take(), ["node2_output.txt | 1: gone", "notice: the server: gone"]);
  link.feedEnd();
  assertEquals([events.take(), link.finish], [[], { how: "end", reason: "left" }]);
  link.close();
  assertEquals(events.take(), []);
});

Deno.test("a person is shown the menu: a message, its destination, and back to the menu", () => {
  const { session, link } = startAssigned(2, true);
  const menu = "2 - 1 send a message, 2 disconnect and exit> ";
  const steps: [string, string, string, string | undefined][] = [
    [menu, "3", "rejected", "1 to send a message, or 2 to disconnect and exit"],
    [menu, "1", "taken", undefined],
    ["Message> ", "x".repeat(300), "rejected", "at most 255 bytes: that message has 300"],
    ["Message> ", "2", "taken", undefined],
    ["Destination ID> ", "two", "rejected", "a destination from 2 to 255, or an empty line to go back"],
    ["Destination ID> ", "2", "rejected", "another destination: 2 is your own ID, or an empty line to go back"],
    ["Destination ID> ", " 3 ", "sent", undefined],
    [menu, "2", "leaving", undefined],
  ];
  for (const [prompt, line, kind, hint] of steps) {
    assertEquals(session.prompt, prompt);
    const entered = session.enter(line);
    assertEquals([entered.kind, entered.kind === "rejected" ? entered.hint : undefined], [kind, hint]);
    if (entered.kind === "sent") assertEquals([entered.to, entered.line], ["3", "3 2"]);
  }
  assertEquals(link.take(), "2][3][1][2");
});

Deno.test("an empty line is an empty message, and the way back to the menu from its destination, which is told", () => {
  const { session, link, events } = startAssigned(2, true);
  const menu = session.prompt;
  assertEquals([session.takesBlanks, session.expects], [false, undefined]);
  session.enter("1");
  assertEquals([session.prompt, session.takesBlanks, session.expects], ["Message> ", true, "text"]);
  session.enter("hi");
  assertEquals([session.prompt, session.takesBlanks, session.expects], ["Destination ID> ", true, "name"]);
  assertEquals([session.enter("").kind, session.prompt], ["taken", menu]);
  assertEquals(events.take(), ["notice: nothing was sent: back to the menu"]);
  assertEquals(link.take(), "");
  for (const line of ["1", "", "7"]) session.enter(line);
  assertEquals(link.take(), "2][7][ACK");
});

Deno.test("a script is shown no menu, and may choose from it all the same", () => {
  const { session, link } = startAssigned(2);
  assertEquals(session.prompt, undefined);
  const kinds = ["1", "2", "7", "7 hi", "1 hi", "2"].map((line) => session.enter(line).kind);
  assertEquals(kinds, ["taken", "taken", "sent", "sent", "rejected", "leaving"]);
  assertEquals(link.take(), "2][7][1][22][7][2][hi");
  assertEquals([session.enter("1").kind, session.takesBlanks], ["taken", true]);
});
