import { assert, assertEquals } from "@std/assert";
import { BOB, direct, SERVER, startInGroup, startRegistered, update } from "./testing/client_world.ts";

Deno.test("a direct message goes to its recipient, and is delivered when that acknowledges it", () => {
  const { client, events, port, asked } = startRegistered();
  assertEquals(client.enter("send bob hi there"), { kind: "sent", id: 1, to: "bob", audience: "direct" });
  assertEquals(port.take(BOB), ["header:|send|current_user:|aysha|name|bob|ip|192.0.2.2|port:|2000|message:|hi there"]);
  assertEquals(asked(), []);
  port.feed("Header:|ack|Message:|[Message received by bob.]", { ...BOB, port: 55_555 });
  assertEquals(events.take(), ["#1 delivered"]);
});

Deno.test("a direct message that is not acknowledged within 500 ms was not delivered, and its recipient is reported", () => {
  const { client, events, port, pass, asked, tell } = startRegistered();
  client.enter("send bob one");
  client.enter("send bob two");
  pass(510);
  assertEquals(events.take(), ["#1 timed-out ([No ACK from bob, message not delivered])", "#2 gone"]);
  assertEquals(port.take(BOB).length, 1);
  assertEquals(asked(), ["header:|dereg|port:|3000"]);
  pass(500);
  assertEquals(asked(), ["header:|dereg|port:|3000"], "again, since no table says so yet");
  tell(update("aysha yes", "bob no"));
  pass(5000);
  assertEquals([asked(), events.take()], [[], ["notice: offline: bob, carol"]]);
});

Deno.test("a report that no table follows is given up, and is no reason to exit", () => {
  const { client, events, pass, asked } = startRegistered();
  client.enter("send bob hi");
  pass(5000);
  assertEquals([asked().length, events.take().length], [5, 1]);
  assertEquals(client.enter("dereg bob"), { kind: "asked", id: 2 });
  pass(5000);
  assertEquals([asked().length, events.take()], [5, ["#2 timed-out"]]);
});

Deno.test("somebody of another dialect is reached through the server, and never reported", () => {
  const { client, events, tell, pass, asked } = startRegistered();
  client.enter("send carol hi");
  assertEquals(asked(), ["header:|send|current_user:|aysha|name|carol|ip|192.0.2.2|port:|2000|message:|hi"]);
  tell("Header:|ack|Message:|[Message received by carol.]");
  assertEquals(events.take(), ["#1 delivered"]);
  client.enter("send carol again");
  pass(1200);
  assertEquals(events.take(), ["#2 timed-out ([No ACK from carol, message not delivered])"]);
  assertEquals(asked().filter((text) => text.includes("dereg")), []);
});

Deno.test("a direct message is shown, and acknowledged at the named port of the address that it came from", () => {
  const { events, port } = startRegistered();
  port.feed(direct("hi "), { ...BOB, port: 50_001 });
  assertEquals(events.take(), ["bob to direct: hi "]);
  assertEquals(port.takeAll(), ["192.0.2.2:3000 Header:|ack|Message:|[Message received by aysha.]"]);
});

Deno.test("a repetition is acknowledged again and shown once; the same said again later than 700 ms is shown again", () => {
  for (const from of [BOB, { ...BOB, hostname: "127.0.0.1" }]) {
    const { events, port, pass } = startRegistered();
    port.feed(direct("hi"), from);
    pass(600);
    port.feed(direct("hi"), { ...from, port: 50_000 });
    pass(700);
    port.feed(direct("hi"), from);
    assertEquals([events.take().length, port.take(from).length], [1, 3]);
    pass(710);
    port.feed(direct("hi"), from);
    assertEquals(events.take().length, 1);
    port.feed(direct("other"), from);
    pass(300);
    port.feed(direct("hi"), from);
    assertEquals(events.take().length, 2, "somebody has said something else meanwhile");
  }
});

Deno.test("the same message twice to one client is never the same bytes", () => {
  const { client, port, pass } = startRegistered();
  const acknowledge = (name: string) => port.feed(`Header:|ack|Message:|[Message received by ${name}.]`, BOB);
  client.enter("send bob hi");
  acknowledge("bob");
  client.enter("send carol hi");
  client.enter("send bob hi");
  pass(510);
  const [first, second] = port.take(BOB);
  assert(first !== second && first?.toLowerCase() === second?.toLowerCase(), `${first} ${second}`);
  pass(510);
  client.enter("send bob hi");
  assert(port.take(BOB)[0] !== second, "also where the last one was not acknowledged");
});

Deno.test("a direct message for somebody else, or while nothing can be shown, is not acknowledged", () => {
  const { client, events, port } = startRegistered();
  port.feed(direct("hi", "carol"), BOB);
  client.pause(true);
  port.feed(direct("hi"), BOB);
  port.feed("Header:|send_group|Message:|Group_Message <bob>: hi|Server_ip:|x|Server_port:|1", SERVER);
  assertEquals([port.takeAll(), events.take()], [[], []]);
  client.pause(false);
  port.feed(direct("hi"), BOB);
  assertEquals([port.take(BOB).length, events.take().length], [1, 1]);
});

Deno.test("inside a group, a direct message is acknowledged, announced, kept, and shown on leaving", () => {
  const { client, events, port, tell } = startInGroup();
  port.feed(direct("one"), BOB);
  port.feed(direct("two"), BOB);
  assertEquals(port.take(BOB).length, 2);
  const announcement = "notice: private message from bob: leave_group shows it";
  assertEquals(events.take(), [announcement, announcement]);
  client.enter("leave_group");
  tell("Header:|leave|Message:|[Leave group chat skii.]");
  assertEquals(events.take().slice(2), ["bob to direct: one", "bob to direct: two"]);
});

Deno.test("what cannot be kept any more is not acknowledged", () => {
  const { port, pass } = startInGroup();
  for (let i = 0; i < 1005; i++) {
    port.feed(direct(`${i}`), BOB);
    port.feed(direct(`${i}`), BOB);
    if (i % 100 === 0) pass(500);
  }
  assertEquals(port.take(BOB).length, 2000);
});

Deno.test("a group message is shown, and acknowledged to the server with its own text and our port", () => {
  const { events, tell, asked } = startInGroup();
  tell("Header:|send_group|Message:|Group_Message <bob>: hi all |Server_ip:|198.51.100.66|Server_port:|9");
  assertEquals(events.take(), ["bob to everyone: hi all "]);
  assertEquals(asked(), ["Header:|ack|Message:|Group_Message <bob>: hi all |Port:|2000"]);
  tell("Header:|send_group|Message:|[The server has a word.]|Server_ip:|x|Server_port:|9");
  assertEquals(events.take(), ["notice: [The server has a word.]"]);
});

Deno.test("a copy of a group message is acknowledged again and shown once", () => {
  const { events, tell, asked } = startInGroup();
  const said = "Header:|send_group|Message:|Group_Message <bob>: hi|Server_ip:|x|Server_port:|9";
  tell(said, said);
  assertEquals([events.take().length, asked().length], [1, 2]);
});

Deno.test("the table says that we are out of our group, and what was kept is shown; an old table says nothing", () => {
  const { client, events, port, tell, pass } = startRegistered();
  client.enter("join_group skii");
  tell("Header:|ack|Message:|[Entered group skii successfully.]");
  port.feed(direct("one"), BOB);
  events.take();
  tell(update("aysha yes normal", "bob yes", "carol yes"));
  assertEquals(client.prompt, "aysha (skii)> ", "it may have been on its way since before we joined");
  pass(600);
  tell(update("aysha yes skii", "bob yes", "carol yes"));
  assertEquals([client.prompt, events.take()], ["aysha (skii)> ", []]);
  tell(update("aysha yes normal", "bob yes", "carol yes"));
  assertEquals([client.prompt, events.take()], [undefined, [
    "notice: [You are no longer in group skii.]",
    "bob to direct: one",
  ]]);
});
