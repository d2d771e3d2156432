import { assertEquals } from "@std/assert";
import { RecordedEvents } from "../recorded_events.ts";
import { RecordedLink } from "../recorded_link.ts";
import { RelayClient } from "./client.ts";

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
  out.feed("ERROR 100 Username taken\n\n");
  assertEquals(events.take(), ["refused: ERROR 100 Username taken"]);
  client.rename("alice2");
  assertEquals(out.take(), "REGISTER TOSEND alice2\n\n");
  out.feed("REGISTERED TOSEND alice2\n\n");
  inn.feed("REGISTERED TORECV alice2\n\n");
  assertEquals(events.take(), ["ready alice2"]);
});

Deno.test("what is entered before the client is ready is sent when it is", () => {
  const { client, out, in: inn } = startClient();
  out.take();
  assertEquals(client.enter("@bob hi"), { kind: "sent", id: 1, to: "bob", audience: "direct" });
  out.feed("REGISTERED TOSEND alice\n\n");
  assertEquals(out.take(), "");
  inn.feed("REGISTERED TORECV alice\n\n");
  assertEquals(out.take(), "SEND bob\nContent-length: 2\n\nhi");
});

Deno.test("messages are sent one after the other, each when the one before is answered", () => {
  const { client, events, out } = startRegistered();
  client.enter("@bob hé");
  assertEquals(client.enter("@ALL all"), { kind: "sent", id: 2, to: "ALL", audience: "everyone" });
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
  out.feed("SENT carol\n\n");
  assertEquals(events.take(), ["closed: the answer to a message for bob was SENT carol (protocol)"]);
});

Deno.test("an answer to nothing is a notice", () => {
  const { events, out, in: inn } = startRegistered();
  out.feed("ERROR 101 No user registered\n\n");
  inn.feed("HELLO\nthere\n\n");
  assertEquals(events.take(), [
    "notice: the server said ERROR 101 No user registered, to nothing that was asked",
    "notice: the server said HELLO there",
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
