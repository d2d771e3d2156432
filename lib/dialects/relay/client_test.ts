import { assertEquals } from "@std/assert";
import { RecordedEvents } from "../testing/recorded_events.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { RelayClient } from "./client.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function startClient(name = "alice") {
  const events = new RecordedEvents();
  const client = new RelayClient(name, events);
  const [out, inn] = [new RecordedLink(), new RecordedLink()];
  const handlers = client.start([out, inn]);
  out.start(handlers[0]!);
  inn.start(handlers[1]!);
  return { client, events, out, in: inn };
}

function startRegistered() {
  const started = startClient();
  started.out.feed("REGISTERED TOSEND alice\n\n");
  started.in.feed("REGISTERED TORECV alice\n\n");
  assertEquals(started.out.take() + started.in.take(), "REGISTER TOSEND alice\n\nREGISTER TORECV alice\n\n");
  assertEquals(started.events.take(), ["ready alice"]);
  return started;
}

Deno.test("a client registers TOSEND, then TORECV, then is ready", () => {
  const { events, out, in: inn } = startClient();
  assertEquals([out.take(), inn.take()], ["REGISTER TOSEND alice\n\n", ""]);
  out.feed("REGISTERED TOSEND alice\n", "\n");
  assertEquals([out.take(), inn.take(), events.take()], ["", "REGISTER TORECV alice\n\n", []]);
  inn.feed("REGISTERED TORECV alice\n\n");
  assertEquals(events.take(), ["ready alice"]);
});

Deno.test("a refused name is told, and another one is tried on the same sockets", () => {
  const { client, events, out, in: inn } = startClient();
  out.take();
  out.feed("ERROR 100 malformed username\n\n");
  assertEquals(events.take(), ["refused: ERROR 100 malformed username (it is taken)"]);
  client.rename("alice1");
  assertEquals(out.take(), "REGISTER TOSEND alice1\n\n");
  out.feed("ERROR 100 Benutzername ungültig\n\n");
  assertEquals(
    events.take(),
    ["refused: ERROR 100 Benutzername ungültig"],
    "other words speak for themselves, in UTF-8",
  );
  client.rename("alice2");
  assertEquals(out.take(), "REGISTER TOSEND alice2\n\n");
  out.feed("REGISTERED TOSEND alice2\n\n");
  inn.feed("REGISTERED TORECV alice2\n\n");
  assertEquals(events.take(), ["ready alice2"]);
});

Deno.test("a name that is malformed is not asked for, and another one may be tried", () => {
  for (const name of ["al ice", "josé", "", "ALL", "a".repeat(256)]) {
    const { client, events, out } = startClient(name);
    const why = "refused without asking: a name is letters (A-Z, a-z) and digits, 255 at most, and not ALL";
    assertEquals([out.take(), events.take()], ["", [why]]);
    client.rename("a_b");
    assertEquals([out.take(), events.take()], ["", [why]]);
    client.rename("alice");
    assertEquals([out.take(), events.take()], ["REGISTER TOSEND alice\n\n", []]);
  }
});

Deno.test("SENT and SEND confirm the one message on its way, whomever they name", () => {
  const { client, events, out } = startRegistered();
  for (const answer of ["SENT bob", "SEND bob", "SENT alice", "SEND", "SENT josé", "SENT bob\r\nX: y\r"]) {
    client.enter("@bob hi");
    out.feed(`${answer}\n\n`);
    assertEquals(events.take().map((line) => line.replace(/^#\d+ /, "")), ["delivered"], answer);
  }
  out.feed("SENT bob\n\n");
  assertEquals(events.take(), ["notice: the server said SENT bob, to nothing that was asked"]);
});

Deno.test("a server's \\r\\n and lines of blanks are taken, whole and byte by byte", () => {
  for (const cut of [(text: string) => [text], (text: string) => [...text]]) {
    const { client, events, out, in: inn } = startClient();
    out.feed(...cut("REGISTERED TOSEND alice\r\n\r\n"));
    inn.feed(...cut("REGISTERED TORECV alice\r\n \r\n\r\nFORWARD bob\r\nContent-length: 4\r\n\r\n\r\nhi"));
    client.enter("@bob hi");
    out.feed(...cut("SENT bob\r\n\t\n"));
    assertEquals(events.take(), ["ready alice", "bob to untold: \r\nhi", "#1 delivered"]);
    assertEquals(inn.take(), "REGISTER TORECV alice\n\nRECEIVED bob\n\n");
  }
});

Deno.test("names are read as UTF-8, and RECEIVED has exactly the bytes that came", () => {
  const names: [number[], string][] = [[[0x6a, 0xc3, 0xa9], "jé"], [[0x6a, 0xff, 0xc3], "j\\xff\\xc3"]];
  for (const [name, shown] of names) {
    const { events, in: inn } = startRegistered();
    inn.feed(new Uint8Array([...encode("FORWARD "), ...name, ...encode("\nContent-length: 2\n\nhi")]));
    assertEquals(events.take(), [`${shown} to untold: hi`]);
    assertEquals(inn.takeBytes(), new Uint8Array([...encode("RECEIVED "), ...name, ...encode("\n\n")]));
  }
});

const INCOMPLETE = "ERROR 103 Header incomplete\n\n";

Deno.test("behind the rest of a body that was cut short, a message is found at the start of a read", () => {
  const { events, in: inn } = startRegistered();
  inn.feed("FORWARD bob\nContent-length: 1\n\né");
  assertEquals([events.take(), inn.take()], [["bob to untold: \ufffd"], "RECEIVED bob\n\n"]);
  inn.feed("FORWARD carol\nContent-length: 2\n\nhi");
  assertEquals(events.take(), ["notice: skipped 1 byte of no message: \\xa9", "carol to untold: hi"]);
  assertEquals(inn.take(), "RECEIVED carol\n\n", "one answer for each message");
});

Deno.test("a message behind a rest in the same read is lost, answered with ERROR 103, and the next one is found", () => {
  const { events, in: inn } = startRegistered();
  const lost = "FORWARD carol\nContent-length: 2\n\nhi";
  inn.feed(new Uint8Array([...encode("FORWARD bob\nContent-length: 1\n\né"), ...encode(lost), ...encode(lost)]));
  assertEquals(inn.take(), "RECEIVED bob\n\n" + INCOMPLETE.repeat(2));
  assertEquals(events.take(), [
    "bob to untold: \ufffd",
    "notice: skipped 34 bytes of no message, and in it a message was lost: \\xa9FORWARD carol\\nContent-length: 2\\n\\n",
    "notice: skipped 37 bytes of no message, and in it a message was lost: hiFORWARD carol\\nContent-length: 2\\n\\nhi",
  ]);
  inn.feed("FORWARD dave\nContent-length: 3\n\nhey");
  assertEquals([events.take(), inn.take()], [["dave to untold: hey"], "RECEIVED dave\n\n"]);
});

Deno.test("a sender's own words in a rest are never taken for a message", () => {
  const forged = "FORWARD alice\nContent-length: 3\n\nlie";
  for (const rest of [`x\n\n${forged}`, `x${forged}${forged}`, `x\r\n \n${forged}`, `FORWARD bob\n\n${forged}`]) {
    const { events, in: inn } = startRegistered();
    inn.feed(`FORWARD bob\nContent-length: 1\n\n!${rest}`);
    // The first read may end within the rest as well.
    inn.feed("x" + rest);
    inn.feed("FORWARD carol\nContent-length: 2\n\nhi");
    const told = events.take().filter((line) => !line.startsWith("notice: "));
    assertEquals(told, ["bob to untold: !", "carol to untold: hi"], rest);
    assertEquals(inn.take().endsWith("RECEIVED carol\n\n"), true);
  }
});

Deno.test("a header that is lost in two parts is answered once", () => {
  const { in: inn } = startRegistered();
  inn.feed("x\n\nFORWARD car", "ol\nContent-length: 2\n\nhi", "FORWARD dave\nContent-length: 2\n\nhi");
  assertEquals(inn.take(), INCOMPLETE + "RECEIVED dave\n\n");
});

Deno.test("a rest without an end is skipped as it comes, told a few times, and then added up", () => {
  const { events, in: inn } = startRegistered();
  for (let i = 0; i < 20; i++) inn.feed("x".repeat(5_000));
  assertEquals(events.take().length, 5);
  inn.feed("FORWARD carol\nContent-length: 2\n\nhi");
  const [notice, message] = events.take();
  assertEquals([/^notice: skipped \d+ bytes more of no message$/.test(notice!), message], [
    true,
    "carol to untold: hi",
  ]);
});

Deno.test("what is left of a rest when the connection ends is told", () => {
  const { events, in: inn } = startRegistered();
  inn.feed("FORWARD bob\nContent-length: 1\n\né");
  inn.feedEnd();
  assertEquals(events.take(), [
    "bob to untold: \ufffd",
    "notice: skipped 1 byte of no message: \\xa9",
    "closed: the server closed the connection (connection)",
  ]);
});

Deno.test("a header that comes in any parts is one message, also where a part begins like one", () => {
  const { events, in: inn } = startRegistered();
  inn.feed("FORWARD ", "FORWARD\nContent-length: 10\n\n", "FORWARD by");
  assertEquals([events.take(), inn.take()], [["FORWARD to untold: FORWARD by"], "RECEIVED FORWARD\n\n"]);
});

Deno.test("what is entered before the client is ready is sent when it is", () => {
  const { client, out, in: inn } = startClient();
  out.take();
  assertEquals(client.enter("@bob hi"), { kind: "sent", id: 1, to: "bob", audience: "direct", waits: false });
  out.feed("REGISTERED TOSEND alice\n\n");
  assertEquals(out.take(), "");
  inn.feed("REGISTERED TORECV alice\n\n");
  assertEquals(out.take(), "SEND bob\nContent-length: 2\n\nhi");
});

Deno.test("messages are sent one after the other, each when the one before is answered", () => {
  const { client, events, out } = startRegistered();
  client.enter("@bob hé");
  assertEquals(client.enter("@ALL all"), { kind: "sent", id: 2, to: "ALL", audience: "everyone", waits: true });
  assertEquals(out.take(), "SEND bob\nContent-length: 3\n\nhé");
  out.feed("SENT bob\n\n");
  assertEquals([events.take(), out.take()], [["#1 delivered"], "SEND ALL\nContent-length: 3\n\nall"]);
  out.feed("SEND ALL\n\n");
  assertEquals(events.take(), ["#2 delivered"], "the short form of the documents' table");
});

Deno.test("an ERROR says why a message was not delivered, and the next one is sent", () => {
  const { client, events, out } = startRegistered();
  client.enter("@bob 1");
  client.enter("@bob 2");
  client.enter("@bob 3");
  out.feed("ERROR 102 Unable to send\n\n\n");
  out.feed("ERROR 103 header INCOMPLETE\n\n");
  assertEquals(events.take(), [
    "#1 refused undeliverable (ERROR 102 Unable to send)",
    "#2 refused unreadable (ERROR 103 header INCOMPLETE)",
  ]);
});

Deno.test("a line in another form is rejected with the right one, and nothing is sent", () => {
  const { client, out } = startRegistered();
  for (const line of ["hi", "@bob", "@bob ", "@ hi", "@b-b hi", "bob hi", " @bob hi"]) {
    assertEquals(client.enter(line).kind, "rejected", line);
  }
  assertEquals(client.enter("").kind, "taken");
  assertEquals(out.take(), "");
});

Deno.test("a message that arrives is told before it is acknowledged", () => {
  const { events, in: inn } = startRegistered();
  inn.feed("FORWARD bob\nContent-length: 4\n\n\nhi\n");
  assertEquals([events.take(), inn.take()], [["bob to untold: \nhi\n"], "RECEIVED bob\n\n"]);
});

Deno.test("a message whose header cannot be read is answered with ERROR 103", () => {
  const { events, in: inn } = startRegistered();
  inn.feed("FORWARD bob\n\n");
  assertEquals(inn.take(), "ERROR 103 Header incomplete\n\n");
  assertEquals(events.take(), ["notice: the server sent a message whose header cannot be read (no-length)"]);
});

Deno.test("a server that says something else than the protocol knows is left, with what it said", () => {
  const registering = startClient();
  registering.out.feed("HTTP/1.1 400 Bad Request\n\n");
  assertEquals(registering.events.take(), [
    "closed: the answer to REGISTER TOSEND alice was HTTP/1.1 400 Bad Request (protocol)",
  ]);
  assertEquals(registering.out.finish?.how, "end");
  const { client, events, out } = startRegistered();
  client.enter("@bob hi");
  out.feed("OK bob\n\n");
  assertEquals(events.take(), ["closed: the answer to a message for bob was OK bob (protocol)"]);
});

Deno.test("an answer to nothing is a notice", () => {
  const { events, out, in: inn } = startRegistered();
  out.feed("ERROR 101 No user registered\n\n");
  inn.feed("HELLO\nthere\n\n");
  assertEquals(events.take(), [
    "notice: the server said ERROR 101 No user registered, to nothing that was asked",
    "notice: skipped 13 bytes of no message: HELLO\\nthere\\n\\n",
  ]);
});

Deno.test("a connection that closes ends the session once, whichever it is", () => {
  const { events, out, in: inn } = startRegistered();
  inn.feedEnd();
  out.close();
  inn.close();
  assertEquals(events.take(), ["closed: the server closed the connection (connection)"]);
});

Deno.test("leaving ends both links and is no event", () => {
  const { client, events, out, in: inn } = startRegistered();
  client.leave();
  assertEquals([out.finish, inn.finish], [{ how: "end", reason: "left" }, { how: "end", reason: "left" }]);
  out.close();
  assertEquals(events.take(), []);
});

Deno.test("a message that is entered while an event is told is sent once", () => {
  class Eager extends RecordedEvents {
    override ready(): void {
      client.enter("@bob 1");
    }
    override settled(): void {
      client.enter("@bob 2");
    }
  }
  const client: RelayClient = new RelayClient("alice", new Eager());
  const [out, inn] = [new RecordedLink(), new RecordedLink()];
  client.start([out, inn]).forEach((handler, i) => [out, inn][i]!.start(handler));
  out.feed("REGISTERED TOSEND alice\n\n");
  out.take();
  inn.feed("REGISTERED TORECV alice\n\n");
  assertEquals(out.take(), "SEND bob\nContent-length: 1\n\n1");
  out.feed("SENT bob\n\n");
  assertEquals(out.take(), "SEND bob\nContent-length: 1\n\n2");
});

Deno.test("a body of any bytes is posted as it is, to one or to all, and only to what can be a name", () => {
  const { client, out } = startRegistered();
  assertEquals(client.post("bob", new TextEncoder().encode("a\n\nb")).kind, "sent");
  assertEquals(out.take(), "SEND bob\nContent-length: 4\n\na\n\nb");
  out.feed("SENT bob\n\n");
  assertEquals(client.post(undefined, new Uint8Array([0xff, 0])).kind, "sent");
  assertEquals(out.take(), "SEND ALL\nContent-length: 2\n\n\ufffd\0");
  assertEquals(client.post("b b", new Uint8Array()).kind, "rejected");
  assertEquals(out.take(), "");
});
