import { assertEquals, assertMatch, fail } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { Deadlines } from "../../core/deadlines.ts";
import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT } from "../../core/outcome.ts";
import type { Delivery } from "../../hub/delivery.ts";
import { Hub } from "../../hub/hub.ts";
import { frameIds } from "./ids.ts";
import type { Presence } from "../../hub/presence.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { takeAll } from "../text/testing/text_world.ts";
import { FrameDecoder } from "./codec.ts";
import {
  closingNotice,
  DESTINATION_NOTICE,
  forgedNotice,
  readPassedOn,
  SELF_NOTICE,
  tooLongNotice,
} from "./notices.ts";
import { FrameServer } from "./server.ts";

const ACK_TIMEOUT = 5000;
const encode = (text: string) => new TextEncoder().encode(text);
const frame = (from: number, to: number | string, text: string) => `${from}][${to}][${encode(text).length}][${text}`;
const notice = (to: number, reason: string) => frame(1, to, `not delivered${reason}`);
const nobody = (to: number, destination: number) => notice(to, ` to ${destination}: nobody has that ID`);
const forged = (id: number) => notice(id, `: the source of your frames has to be your own ID, ${id}`);
const range = (id: number) => notice(id, ": a destination is a number from 2 to 255, without signs or leading zeros");

/** A server with a clock that the test moves. */
function startServer() {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: ACK_TIMEOUT, deadlines, wallClock: () => 0, ids: frameIds() });
  const logged: string[] = [];
  const log = (level: string, text: string) => void (level === "debug" || logged.push(`${level}: ${text}`));
  const server = new FrameServer({ hub, deadlines, maxMessage: 65_536, log });
  const accept = (): RecordedLink => {
    const link = new RecordedLink();
    link.start(server.accept(link));
    return link;
  };
  const connect = (id: number): RecordedLink => {
    const link = accept();
    assertEquals(link.take(), String(id));
    return link;
  };
  /** Somebody of another dialect, whose deliveries the test settles. */
  const visit = (name: string): { presence: Presence; deliveries: Delivery[]; said: string[] } => {
    const presence = hub.claim(name, { dialect: "test", remote: { hostname: "127.0.0.1", port: 1 } })!;
    const deliveries: Delivery[] = [];
    const said: string[] = [];
    presence.enter({
      deliver: (delivery) => {
        deliveries.push(delivery);
        said.push(`${delivery.from.name}: ${new TextDecoder().decode(delivery.body)}`);
      },
    });
    return { presence, deliveries, said };
  };
  return { deadlines, hub, server, accept, connect, visit, logged };
}

/** All that is said on a link, also what follows when a notice is handed over. */
const all = (link: RecordedLink) => takeAll(link)[0]!;

/** What becomes of a message that a visitor sends. */
function send(from: Presence, to: string, body: string): Outcome[] {
  const outcomes: Outcome[] = [];
  from.send(to, encode(body), { settled: (outcome) => outcomes.push(outcome) });
  return outcomes;
}

Deno.test("a client gets the lowest free ID, digits and nothing else, and is present as id<N> at once", () => {
  const { connect, hub } = startServer();
  for (const id of [2, 3, 4]) {
    connect(id);
    assertEquals(hub.find(`id${id}`)?.id, id);
  }
});

Deno.test("254 clients hold 2 to 255, the next is closed without an ID, and nobody else notices", () => {
  const { accept, connect } = startServer();
  const links = Array.from({ length: 254 }, (_, i) => connect(i + 2));
  const late = accept();
  assertEquals([late.take(), late.finish], ["", { how: "end", reason: "refused" }]);
  late.feed(frame(2, 3, "hi"));
  late.close();
  links[0]!.feed(frame(2, 255, "still here"));
  assertEquals(links.map((link) => link.take()).join(""), frame(2, 255, "still here"));
  links[100]!.close();
  connect(102);
});

Deno.test("that all IDs are taken is logged once, until one is free again", () => {
  const { accept, connect, logged } = startServer();
  const links = Array.from({ length: 254 }, (_, i) => connect(i + 2));
  const warning = "warning: all 254 frame IDs are taken: clients are refused";
  for (let i = 0; i < 3; i++) accept();
  assertEquals(logged, [warning]);
  links[0]!.close();
  connect(2);
  accept();
  assertEquals(logged, [warning, warning]);
});

Deno.test("an ID is free again as soon as its holder leaves, however it leaves", () => {
  const { connect } = startServer();
  const links = [connect(2), connect(3), connect(4)];
  links[1]!.feedEnd();
  assertEquals(links[1]!.finish, { how: "end", reason: "left" });
  connect(3);
  links[0]!.close("lost");
  connect(2);
  links[2]!.feed("2][3][nonsense");
  connect(4);
});

Deno.test("a frame reaches its destination, and nobody else, byte for byte", () => {
  const { connect } = startServer();
  const [two, three, four] = [connect(2), connect(3), connect(4)];
  const message = Uint8Array.from({ length: 255 }, (_, i) => i);
  three.feed("3][2][255][", message);
  assertEquals(two.takeBytes(), new Uint8Array([...encode("3][2][255]["), ...message]));
  two.feed(frame(2, 4, "][2][3][2][hi\n"));
  assertEquals([two.take(), three.take(), four.take()], ["", "", frame(2, 4, "][2][3][2][hi\n")]);
});

Deno.test("frames in one piece are passed on in order, those that cannot be are left out, and the sender hears why", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  two.feed(
    frame(2, 3, "1") + frame(2, 9, "x") + frame(2, 3, "2") + frame(7, 3, "x") + frame(2, 3, "3") + "2][3][ACK" +
      frame(2, 3, "4") + "2][3][0][" + frame(2, 2, "x") + frame(2, 3, "5"),
  );
  assertEquals(three.take(), ["1", "2", "3", "4", "5"].map((text) => frame(2, 3, text)).join(""));
  assertEquals(two.take(), nobody(2, 9) + forged(2) + notice(2, ": that is your own ID"));
});

Deno.test("a message over 255 bytes, not characters, is not delivered, and the next frame is", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  for (
    const [text, size] of [["é".repeat(128), 256], ["x".repeat(1000), 1000], ["][".repeat(32_768), 65_536]] as const
  ) {
    two.feed(frame(2, 3, text), frame(2, 3, "next"));
    assertEquals(all(two), notice(2, `: the message has ${size} bytes, and 255 is the limit`));
    assertEquals(three.take(), frame(2, 3, "next"));
  }
  two.feed(frame(2, 3, `${"é".repeat(127)}e`));
  assertEquals(three.take(), frame(2, 3, `${"é".repeat(127)}e`));
});

Deno.test("nobody gets what is for 0, 1, 256, 999, a negative number or text, and the sender is told what a destination is", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  for (
    const to of ["0", "1", "256", "999", "-1", "-3", "+3", "03", " 3", "3 ", "", "three", "3.0", "é", "99999999999"]
  ) {
    two.feed(frame(2, to, "x"));
    assertEquals(all(two), range(2), to);
    two.feed(frame(2, 3, "next"));
    assertEquals(three.take(), frame(2, 3, "next"));
  }
});

Deno.test("a frame whose source is not its sender's own ID is not delivered", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  for (const from of ["3", "1", "0", "4", "02", "+2", "", "two"]) {
    two.feed(`${from}][3][1][x`);
    assertEquals([all(two), three.take()], [forged(2), ""], from);
  }
});

Deno.test("an ACK or empty frame is nobody's message, whatever its IDs, and nobody is told anything", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  two.feed("2][3][ACK2][3][0][9][3][ACK2][9][ACK2][2][0][", frame(2, 3, "next"));
  assertEquals([two.take(), three.take()], ["", frame(2, 3, "next")]);
});

Deno.test("what is no size is told, and the connection closed, since the next frame cannot be found", () => {
  for (const size of ["x", "-1", "+5", "05", "", "5 ", "99999999999999999999", "ACX"]) {
    const { connect } = startServer();
    const [two, three] = [connect(2), connect(3)];
    two.feed(`2][3][${size}][hello` + frame(2, 3, "lost"));
    assertMatch(two.take(), /^1\]\[2\]\[\d+\]\[goodbye: the third field has to be ACK or a size in bytes/, size);
    assertEquals(two.finish, { how: "end", reason: "malformed" });
    assertEquals(three.take(), "");
  }
});

Deno.test("garbage without an end is told, and the connection closed", () => {
  const { connect } = startServer();
  const two = connect(2);
  two.feed(new Uint8Array(10_000).fill(0xff));
  assertMatch(two.take(), /^1\]\[2\]\[\d+\]\[goodbye: an ID has more than 32 bytes/);
  assertEquals(two.finish, { how: "end", reason: "malformed" });
});

Deno.test("every notice says how long it is", () => {
  const { connect } = startServer();
  const links = [connect(2), connect(3), connect(4)];
  links[0]!.feed(
    frame(2, 9, "x") + frame(2, "x", "x") + frame(9, 2, "x") + frame(2, 2, "x") + frame(2, 3, "x".repeat(300)),
  );
  links[0]!.feed("2][3][x");
  links[1]!.feed("x".repeat(40));
  for (const [i, count] of [[0, 6], [1, 1]] as const) {
    let rest = all(links[i]!);
    for (let n = 0; n < count; n++) {
      const [header, size] = /^1\]\[[23]\]\[(\d+)\]\[/.exec(rest) ?? [];
      rest = rest.slice(header!.length + Number(size));
    }
    assertEquals(rest, "");
  }
});

Deno.test("people who write frames by hand may press Enter behind them", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  two.feed("2][3][2][hi\n", "\r\n2][3][2][ho\r\n");
  assertEquals([two.take(), three.take()], ["", frame(2, 3, "hi") + frame(2, 3, "ho")]);
});

Deno.test("a session is registered from the start, and amid a frame from its first byte to its last", () => {
  const { server } = startServer();
  const link = new RecordedLink();
  const session = server.accept(link);
  link.start(session);
  const states = ["2][", "3][2][h", "i", "\n", "2][3][99999][x"].map((piece) => {
    link.feed(piece);
    link.flush();
    return session.unfinished;
  });
  assertEquals([session.isRegistered, ...states], [true, 1, 1, 0, 0, 2]);
});

Deno.test("who sends to an ID that somebody of another dialect holds, reaches them, and hears if it comes to nothing", () => {
  const { connect, deadlines, visit } = startServer();
  const two = connect(2);
  const alice = visit("alice");
  assertEquals(alice.presence.id, 3);
  const outcomes: [Outcome, string][] = [
    [DELIVERED, ""],
    [GONE, notice(2, " to 3: the recipient left")],
    [refused("unreadable"), notice(2, " to 3: the recipient could not read it")],
    [refused("not-text"), notice(2, " to 3: the recipient takes text only, and it is not UTF-8")],
    [TIMED_OUT, notice(2, " to 3: the recipient did not acknowledge in time")],
  ];
  for (const [outcome, told] of outcomes) {
    two.feed(frame(2, 3, "hi"));
    assertEquals(two.take(), "");
    if (outcome === TIMED_OUT) deadlines.advance(ACK_TIMEOUT + 20);
    else alice.deliveries.at(-1)!.settle(outcome);
    assertEquals(two.take(), told);
  }
  assertEquals(alice.said, outcomes.map(() => "id2: hi"));
});

Deno.test("what others send arrives as a frame from their ID, confirmed when it was handed over", () => {
  const { connect, visit } = startServer();
  const two = connect(2);
  const alice = visit("alice");
  const outcomes = send(alice.presence, "id2", "hi");
  assertEquals([two.take(), outcomes], [frame(3, 2, "hi"), []]);
  two.flush();
  assertEquals(outcomes, [DELIVERED]);
  const lost = send(alice.presence, "id2", "hi");
  two.close("lost");
  assertEquals([lost, send(alice.presence, "id2", "hi")], [[GONE], [{ kind: "unknown" }]]);
});

Deno.test("what others send to everybody reaches frame clients too, and what is over 255 bytes is refused to them", () => {
  const { connect, visit } = startServer();
  const links = [connect(2), connect(3)];
  const alice = visit("alice");
  const outcomes: Outcome[] = [];
  const report = { settled: (outcome: Outcome) => outcomes.push(outcome) };
  alice.presence.broadcast(encode("x".repeat(255)), report);
  assertEquals(links.map((link) => link.take()), [frame(4, 2, "x".repeat(255)), frame(4, 3, "x".repeat(255))]);
  for (const link of links) link.flush();
  alice.presence.broadcast(encode("é".repeat(128)), report);
  assertEquals(links.map((link) => link.take()), ["", ""]);
  assertEquals(outcomes, [DELIVERED, refused("too-long")]);
});

Deno.test("an empty message from elsewhere is refused, and a frame client never reads an ACK frame", () => {
  const { connect, visit } = startServer();
  const two = connect(2);
  const { presence } = visit("alice");
  assertEquals(send(presence, "id2", ""), [refused("empty")]);
  const outcomes: Outcome[] = [];
  presence.broadcast(encode(""), { settled: (outcome) => outcomes.push(outcome) });
  assertEquals([outcomes, two.take()], [[refused("empty")], ""]);
});

Deno.test("no name makes what is passed on for its holder a notice of the server's own", () => {
  const { connect, visit } = startServer();
  const links = Array.from({ length: 254 }, (_, i) => connect(i + 2));
  const own = [SELF_NOTICE, DESTINATION_NOTICE, forgedNotice(2), tooLongNotice(300), closingNotice("shutdown")];
  assertEquals(own.map(readPassedOn), own.map(() => undefined));
  for (const name of ["goodbye", "not", "1", "says"]) {
    const { presence } = visit(name);
    for (const text of ["the server is shutting down", "delivered: that is your own ID", "goodbye: x", "a says: b"]) {
      send(presence, "id2", text);
      const [, size, said] = /^1\]\[2\]\[(\d+)\]\[([^]*)$/.exec(links[0]!.take())!;
      assertEquals([Number(size), readPassedOn(said!)], [said!.length, { from: name, text }]);
    }
  }
});

Deno.test("a sender without an ID is named by the server, as long as that fits", () => {
  const { connect, visit } = startServer();
  const links = Array.from({ length: 254 }, (_, i) => connect(i + 2));
  const alice = visit("alice");
  assertEquals(alice.presence.id, undefined);
  send(alice.presence, "id2", "hi");
  assertEquals(send(alice.presence, "id2", ""), [refused("empty")]);
  send(alice.presence, "id2", "x".repeat(243));
  assertEquals(links[0]!.take(), frame(1, 2, "alice says: hi") + frame(1, 2, `alice says: ${"x".repeat(243)}`));
  assertEquals(send(alice.presence, "id2", "x".repeat(244)), [refused("too-long")]);
  assertEquals(links[0]!.take(), "");
});

Deno.test("a sender with too many open outcomes is read no further until they are known", () => {
  const { connect, visit } = startServer();
  const two = connect(2);
  const alice = visit("alice");
  two.feed(frame(2, 3, "x").repeat(300));
  assertEquals([two.paused, alice.deliveries.length], [true, 300]);
  for (const delivery of alice.deliveries) delivery.settle(DELIVERED);
  assertEquals(two.paused, false);
});

Deno.test("a client that sends no more gives its ID up, and is still told what became of its messages", () => {
  const { connect, visit } = startServer();
  const two = connect(2);
  const alice = visit("alice");
  two.feed(frame(2, 3, "bye"));
  two.feedEnd();
  connect(2);
  assertEquals([two.take(), two.finish], ["", undefined]);
  alice.deliveries[0]!.settle(refused("unreadable"));
  assertEquals(two.take(), notice(2, " to 3: the recipient could not read it"));
  assertEquals(two.finish, { how: "end", reason: "left" });
});

Deno.test("a client that vanishes amid a frame leaves nothing of it behind", () => {
  const { connect } = startServer();
  const [two, three] = [connect(2), connect(3)];
  two.feed("2][3][5][hel");
  two.close("lost");
  const again = connect(2);
  again.feed("lo", frame(2, 3, "hi"));
  assertEquals(three.take(), "");
});

Deno.test("a server that drains reads no further, is idle when all outcomes are known, and says goodbye", () => {
  const { accept, connect, server, visit } = startServer();
  const [two, three] = [connect(2), connect(3)];
  const alice = visit("alice");
  two.feed(frame(2, 4, "hi"));
  server.drain();
  assertEquals([two.paused, three.paused, server.isBusy], [true, true, true]);
  alice.deliveries[0]!.settle(DELIVERED);
  assertEquals([two.paused, server.isBusy], [true, false]);
  server.close();
  for (const [id, link] of [[2, two], [3, three]] as const) {
    assertEquals(link.take(), frame(1, id, "goodbye: the server is shutting down"));
    assertEquals(link.finish, { how: "end", reason: "shutdown" });
    link.close();
  }
  server.close();
  assertEquals(accept().take(), "2");
});

/** Who sent what to whom in a stream of frames; fails where it is none, or ends amid one. */
function frames(bytes: Uint8Array): [number, number, string][] {
  const found: [number, number, string][] = [];
  const decoder = new FrameDecoder({
    message: (from, to, message) => found.push([from, to, new TextDecoder().decode(message)]),
    acknowledged: (from, to) => found.push([from, to, "ACK"]),
    tooLong: (_from, _to, size) => fail(`${size} bytes are too long`),
    unreadable: (fault) => assertEquals(fault, "none"),
  });
  decoder.push(bytes);
  assertEquals(decoder.unfinished, 0);
  return found;
}

Deno.test("whatever a client sends, it hears notices only, others hear frames from its ID only, and those go on", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom("2][3][", "2][", "][", "ACK", "4][3][1][x", "2][9][1][x", "2][3][0][", "-1", "\n").map(encode),
    anyText({ maxLength: 300 }).map((text) => encode(frame(2, 3, text))),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
    const { connect } = startServer();
    const [two, three, four] = [connect(2), connect(3), connect(4)];
    two.feed(...parts);
    for (const [from, to] of frames(two.takeBytes())) assertEquals([from, to], [1, 2]);
    for (const [from, to] of frames(three.takeBytes())) assertEquals([from, to], [2, 3]);
    four.feed(frame(4, 3, "hi"));
    assertEquals(three.take(), frame(4, 3, "hi"));
  }));
});

Deno.test("frames that are answered with notices are read one by one as these are taken, and within an allowance", () => {
  const { connect, deadlines } = startServer();
  const two = connect(2);
  two.feed(frame(2, 9, "x").repeat(20_000));
  assertEquals([two.paused, two.take().length < 10_000], [true, true]);
  let said = 0;
  for (let tick = 0; tick < 100; tick++) {
    said += all(two).length;
    deadlines.advance(deadlines.now + 10);
  }
  assertEquals([two.paused, said > 10_000, said < 1_500_000], [true, true, true]);
  two.close();
  assertEquals(deadlines.pending, 0);
});

Deno.test("what a client has sent before it sends no more is all handled, also while it is held", () => {
  const { connect, deadlines, visit } = startServer();
  const [two, alice] = [connect(2), visit("alice")];
  two.feed(frame(2, 9, "x") + frame(2, 3, "hi").repeat(1_000));
  two.feedEnd();
  for (let i = 0; i < 1_000; i++) {
    two.flush();
    alice.deliveries[i]!.settle(DELIVERED);
    deadlines.advance(deadlines.now + 10);
  }
  assertEquals([alice.deliveries.length, two.take(), two.finish], [1_000, nobody(2, 9), {
    how: "end",
    reason: "left",
  }]);
});
