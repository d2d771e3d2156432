import { assertEquals } from "@std/assert";
import { RecordedEvents } from "../testing/recorded_events.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { WebClient } from "./client.ts";

/** A client, and the test in the place of its server. */
function startClient(name = "alice") {
  const events = new RecordedEvents();
  const client = new WebClient(name, events);
  const link = new RecordedLink();
  link.start(client.start([link])[0]!);
  const hear = (...messages: unknown[]) => link.feed(...messages.map((message) => JSON.stringify(message)));
  return { client, events, link, hear };
}

function joined() {
  const started = startClient();
  started.hear({ type: "hello" }, { type: "joined", name: "alice", present: [{ name: "bob", dialect: "relay" }] });
  started.link.take();
  started.events.take();
  return started;
}

Deno.test("the client joins when it is greeted, and knows who is there", () => {
  const { client, events, link, hear } = startClient();
  assertEquals(link.take(), "");
  hear({ type: "hello", protocol: "chat.web.1" });
  assertEquals(link.take(), '{"type":"join","name":"alice"}');
  hear({ type: "joined", name: "alice", present: [{ name: "bob", dialect: "relay" }] });
  assertEquals(events.take(), ["ready alice", "notice: here: bob (relay)"]);
  hear({ type: "present", name: "carol", dialect: "web" }, { type: "absent", name: "bob" });
  assertEquals(events.take(), ["notice: carol has joined.", "notice: bob has left."]);
  assertEquals(client.present, ["carol"]);
});

Deno.test("a name that is refused may be replaced, one that is none is not asked for", () => {
  const { client, events, link, hear } = startClient();
  hear({ type: "hello" }, { type: "refused", code: "taken", reason: "somebody has this name" });
  link.take();
  client.rename("al ice");
  client.rename("alice2");
  assertEquals(link.take(), '{"type":"join","name":"alice2"}');
  assertEquals(events.take(), [
    "refused: somebody has this name",
    "refused without asking: a name is letters (A-Z, a-z) and digits, 255 at most, and not ALL",
  ]);
});

Deno.test("a message is acknowledged when it was shown, and any bytes can be said and heard", () => {
  const { client, events, link, hear } = joined();
  hear({ type: "message", number: 7, from: "bob", to: "you", text: "hi" });
  assertEquals([events.take(), link.take()], [["bob to direct: hi"], '{"type":"received","number":7}']);
  client.post("bob", Uint8Array.of(0xff, 0xfe));
  client.enter("@ALL to all");
  assertEquals(
    link.take(),
    '{"type":"send","id":1,"to":"bob","base64":"//4="}{"type":"send","id":2,"text":"to all"}',
  );
  hear({ type: "message", number: 8, from: "bob", to: "all", base64: "//4=" });
  assertEquals(events.take(), ["bob to everyone: \ufffd\ufffd"]);
});

Deno.test("each outcome is told once, and one that nobody waits for is a fault of the server", () => {
  const { client, events, hear } = joined();
  assertEquals(client.enter("@bob hi"), { kind: "sent", id: 1, to: "bob", audience: "direct" });
  client.post(undefined, new TextEncoder().encode("hi"));
  hear({ type: "outcome", id: 2, kind: "gone", delivered: 1, recipients: 2 });
  hear({ type: "outcome", id: 1, kind: "refused", reason: "too-long" });
  assertEquals(events.take(), ["#2 gone (1 of 2 have it)", "#1 refused too-long"]);
  hear({ type: "outcome", id: 1, kind: "delivered" });
  assertEquals(events.take(), ["closed: the server tells the outcome of a message that has none to tell (protocol)"]);
});

Deno.test("why the server closes is what it has said", () => {
  const { events, link, hear } = joined();
  hear({ type: "bye", code: "shutdown", reason: "the server is shutting down" });
  link.feedEnd();
  assertEquals(events.take(), ["closed: the server is shutting down (connection)"]);
});

Deno.test("types that are not known are nothing, and what is no message is a fault", () => {
  const { events, hear, link } = joined();
  hear({ type: "typing", name: "bob" });
  assertEquals(events.take(), []);
  link.feed('{"type":"message"}');
  assertEquals(events.take(), ["closed: the server says what is no message of web (protocol)"]);
});

Deno.test("who leaves says so, and waits for the server to close", () => {
  const { client, events, link } = joined();
  client.leave();
  assertEquals([link.take(), link.finish], ['{"type":"leave"}', undefined]);
  link.feedEnd();
  assertEquals([events.take(), link.finish?.reason], [[], "left"]);
});
