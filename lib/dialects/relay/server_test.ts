import { assertEquals } from "@std/assert";
import { Deadlines } from "../../chat/deadlines.ts";
import { Hub } from "../../hub/hub.ts";
import { RecordedLink } from "../recorded_link.ts";
import { RelayServer } from "./server.ts";

const ACK_TIMEOUT = 5000;
const MALFORMED = "ERROR 100 Malformed username\n\n";
const TAKEN = "ERROR 100 Username taken\n\n";
const UNREGISTERED = "ERROR 101 No user registered\n\n";
const UNDELIVERED = "ERROR 102 Unable to send\n\n";
const INCOMPLETE = "ERROR 103 Header incomplete\n\n";

/** A server with a clock that the test moves. */
function startServer(reply: "SENT" | "SEND" = "SENT") {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: ACK_TIMEOUT, deadlines, wallClock: () => 0 });
  const server = new RelayServer({ hub, deadlines, maxMessage: 65_536, log: () => {} }, { reply });
  const connect = (hostname?: string): RecordedLink => {
    const link = new RecordedLink(hostname);
    link.start(server.accept(link));
    return link;
  };
  const register = (name: string): { out: RecordedLink; in: RecordedLink } => {
    const user = { out: connect(), in: connect() };
    user.out.feed(`REGISTER TOSEND ${name}\n\n`);
    user.in.feed(`REGISTER TORECV ${name}\n\n`);
    assertEquals(user.out.take(), `REGISTERED TOSEND ${name}\n\n`);
    assertEquals(user.in.take(), `REGISTERED TORECV ${name}\n\n`);
    return user;
  };
  return { deadlines, hub, server, connect, register };
}

const send = (to: string, body: string) =>
  `SEND ${to}\nContent-length: ${new TextEncoder().encode(body).length}\n\n${body}`;
const forward = (from: string, body: string) =>
  `FORWARD ${from}\nContent-length: ${new TextEncoder().encode(body).length}\n\n${body}`;

Deno.test("a malformed name is refused on either socket, and the same socket may try another", () => {
  const { connect } = startServer();
  for (const side of ["TOSEND", "TORECV"]) {
    const link = connect();
    for (const name of ["", " ", "al ice", "al-ice", "älice", "al\nice", "ALL", "a".repeat(256)]) {
      link.feed(`REGISTER ${side} ${name}\n\n`);
      assertEquals(link.take(), MALFORMED, `${side} ${name}`);
    }
    link.feed(`REGISTER ${side}\n\n`);
    assertEquals(link.take(), MALFORMED);
    link.feed(`REGISTER ${side} alice\n\n`);
    assertEquals(link.take(), `REGISTERED ${side} alice\n\n`);
    assertEquals(link.finish, undefined);
  }
});

Deno.test("a name in use is refused, and its holder goes on", () => {
  const { connect, register } = startServer();
  const alice = register("alice");
  for (const side of ["TOSEND", "TORECV"]) {
    const link = connect();
    link.feed(`REGISTER ${side} alice\n\n`);
    assertEquals(link.take(), TAKEN);
  }
  alice.out.feed(send("alice", "still here"));
  assertEquals(alice.in.take(), forward("alice", "still here"));
});

Deno.test("a user's second socket must come from the address of the first", () => {
  const { connect } = startServer();
  const first = connect("192.0.2.1");
  first.feed("REGISTER TOSEND alice\n\n");
  const stranger = connect("192.0.2.2");
  stranger.feed("REGISTER TORECV alice\n\n");
  assertEquals(stranger.take(), TAKEN);
});

Deno.test("a socket that has a user cannot register again", () => {
  const { connect, register } = startServer();
  const alice = register("alice");
  alice.out.feed("REGISTER TOSEND bob\n\n");
  assertEquals(alice.out.take(), TAKEN);
  const bob = connect();
  bob.feed("REGISTER TOSEND bob\n\n");
  assertEquals(bob.take(), "REGISTERED TOSEND bob\n\n");
});

Deno.test("a name is free again when either socket closes, and the other one is closed too", () => {
  for (const side of ["out", "in"] as const) {
    const { register } = startServer();
    const alice = register("alice");
    alice[side].close();
    const other = side === "out" ? alice.in : alice.out;
    assertEquals(other.finish, { how: "end", reason: "partner-left" });
    register("alice");
  }
});

Deno.test("everything but REGISTER is answered with ERROR 101 until both sockets are registered", () => {
  const { connect } = startServer();
  const link = connect();
  for (
    const words of ["hello\n\n", "SEND bob\n\n", "SEND bob\nContent-length: x\n\n", "REGISTER\n\n", "RECEIVED x\n\n"]
  ) {
    link.feed(words);
    assertEquals(link.take(), UNREGISTERED, words);
  }
  link.feed(send("bob", "hi"), "REGISTER TOSEND alice\n\n", send("bob", "hi"));
  assertEquals(link.take(), UNREGISTERED + "REGISTERED TOSEND alice\n\n" + UNREGISTERED);
  assertEquals(link.finish, undefined);
});

Deno.test("a message reaches its recipient alone, and is confirmed by the recipient's RECEIVED and not before", () => {
  const { register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("bob", "häi\n\n"));
  assertEquals(bob.in.take(), forward("alice", "häi\n\n"));
  assertEquals(alice.out.take() + carol.in.take() + alice.in.take(), "");
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SENT bob\n\n");
});

Deno.test("a server told so confirms with SEND, as the documents' table does", () => {
  const { register } = startServer("SEND");
  const alice = register("alice");
  alice.out.feed(send("alice", "hi"));
  alice.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SEND alice\n\n");
});

Deno.test("a message to nobody, or to half a user, is answered with ERROR 102, and the sender may go on", () => {
  const { connect, register } = startServer();
  const alice = register("alice");
  const half = connect();
  half.feed("REGISTER TORECV bob\n\n");
  half.take();
  alice.out.feed(send("nobody", "hi"), send("bob", "hi"), send("a b", "hi"));
  assertEquals(alice.out.take(), UNDELIVERED.repeat(3));
  assertEquals(half.take(), "");
  assertEquals(alice.out.finish, undefined);
});

Deno.test("a recipient that leaves before RECEIVED is answered with ERROR 102", () => {
  const { register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("bob", "1") + send("bob", "2"));
  bob.in.close();
  assertEquals(alice.out.take(), UNDELIVERED.repeat(2));
});

Deno.test("a recipient that says nothing is answered with ERROR 102 after the ack timeout, and its late answer confirms nothing", () => {
  const { deadlines, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("bob", "late"));
  deadlines.advance(ACK_TIMEOUT - 1);
  assertEquals(alice.out.take(), "");
  deadlines.advance(ACK_TIMEOUT + 20);
  assertEquals(alice.out.take(), UNDELIVERED);
  alice.out.feed(send("bob", "next"));
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "", "this RECEIVED is for the message that has timed out");
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SENT bob\n\n");
  assertEquals(deadlines.pending, 0);
});

Deno.test("a RECEIVED for nobody's message confirms nothing", () => {
  const { register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  bob.in.feed("RECEIVED alice\n\n");
  alice.out.feed(send("bob", "hi"));
  bob.in.feed("RECEIVED carol\n\n", "RECEIVED \n\n");
  assertEquals(alice.out.take() + carol.out.take(), "");
});

Deno.test("a recipient that cannot read the header is reported with its own error, and everybody goes on", () => {
  const { register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("bob", "hi"));
  bob.in.feed("ERROR 103 Header Incomplete\n\n");
  assertEquals(alice.out.take(), INCOMPLETE);
  assertEquals([alice.out.finish, bob.in.finish], [undefined, undefined]);
});

Deno.test("answers come in the order of the SENDs, whoever acknowledges first", () => {
  const { register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("bob", "1") + send("carol", "2") + send("nobody", "3") + send("carol", "4"));
  assertEquals(carol.in.take(), forward("alice", "2") + forward("alice", "4"));
  carol.in.feed("RECEIVED alice\n\nRECEIVED alice\n\n");
  assertEquals(alice.out.take(), "");
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SENT bob\n\nSENT carol\n\n" + UNDELIVERED + "SENT carol\n\n");
});

Deno.test("a recipient may acknowledge two senders in any order", () => {
  const { register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("carol", "1"));
  bob.out.feed(send("carol", "2"));
  carol.in.feed("RECEIVED bob\n\n");
  assertEquals([alice.out.take(), bob.out.take()], ["", "SENT carol\n\n"]);
  carol.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SENT carol\n\n");
});

Deno.test("a broadcast reaches everyone else, and is confirmed when all have acknowledged", () => {
  const { register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("ALL", "hi"));
  assertEquals([alice.in.take(), bob.in.take(), carol.in.take()], ["", forward("alice", "hi"), forward("alice", "hi")]);
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "");
  carol.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SENT ALL\n\n");
});

Deno.test("a broadcast that somebody does not get is answered with ERROR 102, once all others have it", () => {
  const { register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("ALL", "hi"));
  bob.in.close();
  assertEquals(alice.out.take(), "");
  carol.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), UNDELIVERED);
});

Deno.test("a broadcast with nobody else there is answered with ERROR 102", () => {
  const { register } = startServer();
  const alice = register("alice");
  alice.out.feed(send("ALL", "hi"));
  assertEquals(alice.out.take(), UNDELIVERED);
});

Deno.test("a header that cannot be read is answered with ERROR 103, behind the answers owed, and closes the socket", () => {
  const lengths = ["", "Content-length: \n", "Content-length: -1\n", "Content-length: x\n", "Content-length: 65537\n"];
  for (const words of [...lengths.map((line) => `SEND bob\n${line}\nhi`), "SEND\nContent-length: 2\n\nhi"]) {
    const { register } = startServer();
    const [alice, bob] = [register("alice"), register("bob")];
    alice.out.feed(send("bob", "hi") + words + send("bob", "lost"));
    assertEquals(bob.in.take(), forward("alice", "hi"));
    assertEquals(alice.out.take(), "", "the answer to the first SEND comes first");
    bob.in.feed("RECEIVED alice\n\n");
    assertEquals(alice.out.take(), "SENT bob\n\n" + INCOMPLETE, words);
    assertEquals(alice.out.finish, { how: "end", reason: "malformed" });
    register("alice");
  }
});

Deno.test("an unknown verb after registration is an ERROR on its socket, and others are undisturbed", () => {
  for (const side of ["out", "in"] as const) {
    const { register } = startServer();
    const [alice, bob] = [register("alice"), register("bob")];
    alice[side].feed("DANCE bob\n\n");
    assertEquals(alice[side].take(), INCOMPLETE);
    bob.out.feed(send("bob", "hi"));
    assertEquals(bob.in.take(), forward("bob", "hi"));
  }
});

Deno.test("a sender that sends no more is still told what became of its messages", () => {
  const { register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("bob", "bye"));
  alice.out.feedEnd();
  assertEquals(alice.out.finish, undefined);
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals(alice.out.take(), "SENT bob\n\n");
  assertEquals(alice.out.finish, { how: "end", reason: "left" });
});

Deno.test("a sender that is owed too many answers is read no further until they are given", () => {
  const { register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("bob", "x").repeat(300));
  assertEquals(alice.out.paused, true);
  bob.in.feed("RECEIVED alice\n\n".repeat(300));
  assertEquals(alice.out.paused, false);
  assertEquals(alice.out.take(), "SENT bob\n\n".repeat(300));
});

Deno.test("a recipient that leaves thousands of messages unanswered is closed, and their senders are told", () => {
  const { deadlines, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  for (let i = 0; i < 4096; i++) alice.out.feed(send("bob", "x"));
  alice.out.feed(send("bob", "one too many"));
  assertEquals(bob.in.finish, undefined, "it may still answer");
  deadlines.advance(ACK_TIMEOUT + 20);
  alice.out.feed(send("bob", "x"));
  assertEquals(bob.in.finish, { how: "abort", reason: "unresponsive" });
  assertEquals(alice.out.take(), UNDELIVERED.repeat(4098));
});

Deno.test("a server that drains reads senders no further, hears recipients, and is idle when all is answered", () => {
  const { connect, register, server } = startServer();
  const [alice, bob, newcomer] = [register("alice"), register("bob"), connect()];
  alice.out.feed(send("bob", "hi"));
  server.drain();
  assertEquals([alice.out.paused, bob.in.paused, newcomer.paused, server.isBusy], [true, false, true, true]);
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals([alice.out.take(), alice.out.paused, server.isBusy], ["SENT bob\n\n", true, false]);
  server.close();
  const goodbye = "the server is shutting down\n\n";
  assertEquals([alice.out.take(), bob.out.take()], [`ERROR 102 ${goodbye}`, `ERROR 102 ${goodbye}`]);
  assertEquals([bob.in.take(), newcomer.take()], [forward("alice", "hi"), `ERROR 101 ${goodbye}`]);
  for (const link of [alice.out, alice.in, bob.out, bob.in, newcomer]) {
    assertEquals(link.finish, { how: "end", reason: "shutdown" });
  }
});
