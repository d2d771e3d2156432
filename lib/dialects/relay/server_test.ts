import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { Hub } from "../../hub/hub.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { RelayServer } from "./server.ts";
import { RelayUsers } from "./users.ts";

const ACK_TIMEOUT = 5000;
const MALFORMED = "ERROR 100 Malformed username\n\n";
const UNREGISTERED = "ERROR 101 No user registered\n\n";
const UNDELIVERED = "ERROR 102 Unable to send\n\n";
const INCOMPLETE = "ERROR 103 Header incomplete\n\n";

/** A server with a clock that the test moves. */
function startServer(reply: "SENT" | "SEND" = "SENT") {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: ACK_TIMEOUT, deadlines, wallClock: () => 0 });
  const context = { hub, deadlines, maxMessage: 65_536, log: () => {} };
  const users = new RelayUsers(context);
  const server = new RelayServer(context, { reply, users });
  const otherPort = new RelayServer(context, { reply: "SEND", users });
  const connect = (hostname?: string, port = server): RecordedLink => {
    const link = new RecordedLink(hostname);
    link.start(port.accept(link));
    return link;
  };
  const register = (name: string, port = server): { out: RecordedLink; in: RecordedLink } => {
    const user = { out: connect(undefined, port), in: connect(undefined, port) };
    user.out.feed(`REGISTER TOSEND ${name}\n\n`);
    user.in.feed(`REGISTER TORECV ${name}\n\n`);
    assertEquals(user.out.take(), `REGISTERED TOSEND ${name}\n\n`);
    assertEquals(user.in.take(), `REGISTERED TORECV ${name}\n\n`);
    return user;
  };
  return { deadlines, hub, server, otherPort, connect, register };
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

Deno.test("a connection is closed with the tenth name that is refused, and says no more than ERROR 100 to it", () => {
  const { connect, register } = startServer();
  const alice = register("alice");
  for (const words of ["REGISTER TOSEND alice\n\n", "REGISTER TORECV al ice\n\n"]) {
    const link = connect();
    link.feed(words.repeat(9));
    assertEquals([link.take(), link.finish], [MALFORMED.repeat(9), undefined]);
    link.feed(words.repeat(100));
    assertEquals([link.take(), link.finish], [MALFORMED, { how: "end", reason: "refused" }]);
  }
  alice.out.feed(send("alice", "still here"));
  assertEquals(alice.in.take(), forward("alice", "still here"));
});

Deno.test("a connection on which nobody registers is closed with the hundredth ERROR 101", () => {
  const { connect } = startServer();
  const link = connect();
  link.feed(send("bob", "hi").repeat(99));
  assertEquals([link.take(), link.finish], [UNREGISTERED.repeat(99), undefined]);
  link.feed("hello\n\n".repeat(50));
  assertEquals([link.take(), link.finish], [UNREGISTERED, { how: "end", reason: "refused" }]);
});

Deno.test("a name in use is refused, and its holder goes on", () => {
  const { connect, register } = startServer();
  const alice = register("alice");
  for (const side of ["TOSEND", "TORECV"]) {
    const link = connect();
    link.feed(`REGISTER ${side} alice\n\n`);
    assertEquals(link.take(), MALFORMED);
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
  assertEquals(stranger.take(), MALFORMED);
});

Deno.test("a socket that has a user cannot register again", () => {
  const { connect, register } = startServer();
  const alice = register("alice");
  alice.out.feed("REGISTER TOSEND bob\n\n");
  assertEquals(alice.out.take(), MALFORMED);
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
    const words of [
      "hello\n\n",
      "SEND bob\n\n",
      "SEND bob\nContent-length: x\n\n",
      "REGISTER\n\n",
      "RECEIVED x\n\n",
      "REGISTER\nTOSEND x\n\n",
    ]
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

Deno.test("two ports with the same users differ in the word for a delivered message alone", () => {
  const { connect, otherPort, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob", otherPort)];
  const intruder = connect(undefined, otherPort);
  intruder.feed("REGISTER TOSEND alice\n\n");
  assertEquals(intruder.take(), MALFORMED);
  alice.out.feed(send("bob", "hi"));
  bob.out.feed(send("alice", "hi"));
  assertEquals([alice.in.take(), bob.in.take()], [forward("bob", "hi"), forward("alice", "hi")]);
  alice.in.feed("RECEIVED bob\n\n");
  bob.in.feed("RECEIVED alice\n\n");
  assertEquals([alice.out.take(), bob.out.take()], ["SENT bob\n\n", "SEND alice\n\n"]);
  // The word is that of the port on which it sends.
  const carol = { out: connect(undefined, otherPort), in: connect() };
  carol.out.feed("REGISTER TOSEND carol\n\n");
  carol.in.feed("REGISTER TORECV carol\n\n");
  carol.out.feed(send("bob", "hi"));
  bob.in.feed("RECEIVED carol\n\n");
  assertEquals(carol.out.take(), "REGISTERED TOSEND carol\n\nSEND bob\n\n");
});

Deno.test("line ends of \\r\\n, and lines of blanks for empty ones, are taken from senders and recipients alike", () => {
  const { connect } = startServer();
  const alice = { out: connect(), in: connect() };
  alice.out.feed("\r\n \nREGISTER TOSEND alice\r\n\r\n");
  alice.in.feed("REGISTER TORECV alice\n \t\n");
  alice.out.feed("SEND alice\r\nContent-length: 4\r\n\r\n\r\nhi");
  assertEquals(alice.in.take(), "REGISTERED TORECV alice\n\n" + forward("alice", "\r\nhi"));
  alice.in.feed("RECEIVED alice\r\n\r\n");
  assertEquals(alice.out.take(), "REGISTERED TOSEND alice\n\nSENT alice\n\n");
});

Deno.test("a blank or a carriage return behind a name is part of it, and malformed", () => {
  const { connect } = startServer();
  const link = connect();
  for (const words of ["alice \n\n", "alice\t\r\n\r\n", "alice\r\r\n\r\n", "al\rice\n\n"]) {
    link.feed(`REGISTER TOSEND ${words}`);
    assertEquals(link.take(), MALFORMED);
  }
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
  assertEquals(deadlines.pending, 0, "nothing is watched while answers come");
});

const UNRESPONSIVE = "ERROR 102 the peer leaves too many messages unanswered\n\n";

Deno.test("a recipient that leaves three messages unanswered and says nothing for three ack timeouts is closed, and told why", () => {
  const { deadlines, hub, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  deadlines.advance(1_000);
  alice.out.feed(send("bob", "1") + send("bob", "2") + send("bob", "3"));
  deadlines.advance(1_000 + 3 * ACK_TIMEOUT - 10);
  assertEquals([alice.out.take(), bob.in.finish], [UNDELIVERED.repeat(3), undefined]);
  deadlines.advance(1_000 + 3 * ACK_TIMEOUT + 10);
  for (const link of [bob.in, bob.out]) assertEquals(link.finish, { how: "end", reason: "unresponsive" });
  assertEquals([bob.out.take(), alice.out.finish], [UNRESPONSIVE, undefined]);
  assertEquals([hub.find("bob"), deadlines.pending], [undefined, 0]);
  alice.out.feed(send("bob", "4"));
  assertEquals(alice.out.take(), UNDELIVERED, "at once");
});

Deno.test("a recipient is closed only when the third message was given up, too", () => {
  const { deadlines, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("bob", "1"));
  deadlines.advance(ACK_TIMEOUT);
  alice.out.feed(send("bob", "2"));
  deadlines.advance(100 * ACK_TIMEOUT);
  assertEquals([bob.in.finish, deadlines.pending], [undefined, 0], "two messages are not three");
  alice.out.feed(send("bob", "3"));
  deadlines.advance(101 * ACK_TIMEOUT - 10);
  assertEquals(bob.in.finish, undefined, "it may still answer the third");
  deadlines.advance(101 * ACK_TIMEOUT + 20);
  assertEquals(bob.in.finish, { how: "end", reason: "unresponsive" });
});

Deno.test("a recipient that says anything on either socket is not closed until it has been silent for three ack timeouts", () => {
  for (const words of [send("nobody", "hi"), "\n", "SEN"]) {
    const { deadlines, register } = startServer();
    const [alice, bob] = [register("alice"), register("bob")];
    alice.out.feed(send("bob", "x").repeat(5));
    for (let time = 0; time < 10 * ACK_TIMEOUT; time += 2 * ACK_TIMEOUT) {
      deadlines.advance(time);
      bob.out.feed(words);
    }
    deadlines.advance(11 * ACK_TIMEOUT - 10);
    assertEquals(bob.in.finish, undefined);
    deadlines.advance(11 * ACK_TIMEOUT + 10);
    assertEquals(
      bob.in.finish,
      { how: "end", reason: "unresponsive" },
      "the last words were 8 ack timeouts from the start",
    );
  }
});

Deno.test("a recipient that answers late, but answers, is not closed", () => {
  const { deadlines, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  for (let time = 0; time < 30 * ACK_TIMEOUT; time += ACK_TIMEOUT) {
    deadlines.advance(time);
    alice.out.feed(send("bob", "x"));
    if (time >= 2 * ACK_TIMEOUT) bob.in.feed("RECEIVED alice\n\n");
  }
  assertEquals(bob.in.finish, undefined);
});

Deno.test("three unanswered messages with an answered one between them are not three in a row", () => {
  const { deadlines, register } = startServer();
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("bob", "1") + send("bob", "2"));
  carol.out.feed(send("bob", "x"));
  bob.in.feed("RECEIVED carol\n\n");
  alice.out.feed(send("bob", "3") + send("bob", "4"));
  deadlines.advance(100 * ACK_TIMEOUT);
  assertEquals(bob.in.finish, undefined);
  alice.out.feed(send("bob", "5"));
  deadlines.advance(102 * ACK_TIMEOUT);
  assertEquals(bob.in.finish, { how: "end", reason: "unresponsive" }, "3, 4 and 5");
});

Deno.test("an ERROR is an answer as well", () => {
  const { deadlines, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  for (let i = 0; i < 10; i++) {
    alice.out.feed(send("bob", "x").repeat(2));
    bob.in.feed("ERROR 103 Header incomplete\n\n".repeat(2));
  }
  alice.out.feed(send("bob", "x").repeat(2));
  deadlines.advance(100 * ACK_TIMEOUT);
  assertEquals([bob.in.finish, deadlines.pending], [undefined, 0]);
});

Deno.test("a broadcast is confirmed again once a recipient that answers nothing has been closed", () => {
  const { deadlines, register } = startServer();
  const [alice, bob] = [register("alice"), register("bob")];
  register("mute");
  const answers: string[] = [];
  for (let time = 0; time < 5 * ACK_TIMEOUT; time += ACK_TIMEOUT + 20) {
    deadlines.advance(time);
    answers.push(alice.out.take());
    alice.out.feed(send("ALL", "hi"));
    bob.in.feed("RECEIVED alice\n\n");
  }
  assertEquals(answers.slice(1), [UNDELIVERED, UNDELIVERED, UNDELIVERED, "SENT ALL\n\n"]);
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
