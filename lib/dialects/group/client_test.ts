import { assert, assertEquals } from "@std/assert";
import {
  BOB,
  direct,
  mention,
  SERVER,
  startClient,
  startInGroup,
  startRegistered,
  update,
  WELCOME_DATAGRAM,
} from "./testing/client_world.ts";

Deno.test("a client registers, and is ready when it is acknowledged and has the table", () => {
  const { events, asked, tell } = startClient();
  assertEquals(asked(), ["header:|register|username:|aysha|ip:|192.0.2.1|port:|2000"]);
  tell(update("aysha yes"));
  assertEquals(events.take(), []);
  tell(WELCOME_DATAGRAM);
  assertEquals(events.take(), ["ready aysha"]);
});

Deno.test("it asks again for what has not come, acknowledgement or table", () => {
  const { events, asked, tell, pass } = startClient();
  const [request] = asked();
  pass(1010);
  assertEquals(asked(), [request!]);
  tell(WELCOME_DATAGRAM);
  pass(1010);
  assertEquals([asked(), events.take()], [[request!], []]);
  tell(WELCOME_DATAGRAM, update("aysha yes", "bob yes"));
  assertEquals(events.take(), ["ready aysha", "notice: online: bob"]);
  pass(5000);
  assertEquals(asked(), []);
});

Deno.test("it does without a table in the end, but not without an acknowledgement", () => {
  const one = startClient();
  one.tell(WELCOME_DATAGRAM);
  one.pass(6000);
  assertEquals(one.events.take(), ["ready aysha"]);
  const other = startClient();
  other.pass(6000);
  assertEquals(other.asked().length, 5);
  assertEquals(other.events.take(), [
    "notice: [Server not responding]",
    "notice: [Exiting]",
    "closed: it does not answer (connection)",
  ]);
  assertEquals(other.deadlines.pending, 0);
});

Deno.test("what the server passes on is taken as soon as it has acknowledged the name, and not before", () => {
  const { events, asked, tell, port } = startClient();
  const message = "Header:|send_group|Message:|Group_Message <bob>: hi|Server_ip:|192.0.2.9|Server_port:|4000";
  asked();
  tell(message);
  assertEquals([asked(), events.take()], [[], []]);
  tell(WELCOME_DATAGRAM, message);
  port.feed(direct("psst"), BOB);
  assertEquals(asked(), ["Header:|ack|Message:|Group_Message <bob>: hi|Port:|2000"]);
  assertEquals(port.take(BOB), ["Header:|ack|Message:|[Message received by aysha.]"]);
  assertEquals(events.take(), ["bob to everyone: hi", "bob to direct: psst"]);
  tell(update("aysha yes"));
  assertEquals(events.take(), ["ready aysha"]);
});

Deno.test("a refused name is told, with nack or with ack, and another one can be tried", () => {
  for (const verb of ["ack", "nack"]) {
    const { client, events, asked, tell } = startClient();
    tell(`Header:|${verb}|Message:|[Cannot register with a name already used.]`);
    assertEquals(events.take(), ["refused: [Cannot register with a name already used.]"]);
    asked();
    client.rename("aysha2");
    assertEquals(asked(), ["header:|register|username:|aysha2|ip:|192.0.2.1|port:|2000"]);
  }
});

Deno.test("only the server's words are its words", () => {
  const { port, events } = startClient();
  port.feed(WELCOME_DATAGRAM, { ...SERVER, port: 4001 });
  port.feed(WELCOME_DATAGRAM, BOB);
  port.feed(update("aysha yes"), BOB);
  assertEquals(events.take(), []);
});

Deno.test("each command is asked as the document has it, and its answer is told", () => {
  const { client, events, asked, tell, pass } = startRegistered();
  assertEquals(client.enter("create_group skii"), { kind: "asked", id: 1 });
  assertEquals(asked(), ["header:|create_group|port:|2000|group_name:|skii|current_user:|aysha"]);
  assert(client.isWaiting);
  tell("Header:|ack|Message:|[Group skii created by Server.]");
  assert(!client.isWaiting);
  assertEquals(events.take(), ["notice: [Group skii created by Server.]", "#1 delivered"]);

  client.enter("list_groups");
  assertEquals(asked().map(mention), ["header:|list_groups|port:|2000|current_user:|aysha"]);
  tell(
    "Header:|ack|Message:|[Request for available group chats received.]",
    "Header:|list_groups|Message:|[Available group chats:]",
    "Header:|list_groups|Message:|skii",
  );
  assert(client.isWaiting, "nothing says where a list ends");
  pass(300);
  assert(!client.isWaiting);
  assertEquals(events.take(), [
    "notice: [Request for available group chats received.]",
    "notice: [Available group chats:]",
    "notice: skii",
    "#2 delivered",
  ]);
  assertEquals(client.groups, ["skii"]);

  client.enter("join_group skii");
  assertEquals(asked().map(mention), ["header:|join_group|port:|2000|group_name:|skii|current_user:|aysha"]);
  assertEquals(client.prompt, undefined);
  tell("Header:|ack|Message:|[Entered group skii successfully.]");
  assertEquals(client.prompt, "aysha (skii)> ");
  assertEquals(events.take(), ["notice: [Entered group skii successfully.]", "#3 delivered"]);

  client.enter("list_members");
  assertEquals(asked().map(mention), ["header:|list_members|port:|2000|current_user:|aysha|group_name:|skii"]);
  tell(
    "Header:|ack|Message:|[Request for members in the group received]",
    "Header:|list_members|Message:|[Members in the group skii:]",
    "Header:|list_members|Message:|(skii) aysha",
  );
  pass(300);
  assertEquals(events.take().slice(1), [
    "notice: [Members in the group skii:]",
    "notice: (skii) aysha",
    "#4 delivered",
  ]);

  client.enter("send_group hi  all");
  assertEquals(asked().map(mention), [
    "header:|send_group|sender:|aysha|port:|2000|message:|hi  all|server_ip|192.0.2.9|server_port|4000|group_name|skii",
  ]);
  tell("Header:|ack|Message:|[Message received by Server.]");
  assertEquals(events.take(), ["notice: [Message received by Server.]", "#5 delivered"]);

  client.enter("leave_group");
  assertEquals(asked().map(mention), ["header:|leave_group|port:|2000|current_user:|aysha|group_name:|skii"]);
  tell("Header:|leave|Message:|[Leave group chat skii.]");
  assertEquals(events.take(), ["notice: [Leave group chat skii.]", "#6 delivered"]);
  assertEquals(client.prompt, undefined);
});

Deno.test("what makes no command, or does not go here, is rejected with what would", () => {
  const { client } = startRegistered();
  const hint = (line: string) => {
    const entered = client.enter(line);
    return entered.kind === "rejected" ? entered.hint : entered.kind;
  };
  assertEquals(
    hint("hello"),
    "send <name> <message>, create_group <name>, list_groups, join_group <name> or dereg <name>",
  );
  assertEquals(hint("send bob"), "send <name> <message>");
  assertEquals(hint("send nobody hi"), "the name of somebody who is online: nobody is not");
  assertEquals(hint("dereg nobody"), "the name of somebody who is online: nobody is not");
  assertEquals(hint("create_group a b"), "create_group <name>, a name without spaces");
  for (const line of ["send_group hi", "list_members", "leave_group"]) {
    assertEquals(hint(line), "join_group <name> first: you are in no group");
  }
  assertEquals(hint(`send bob ${"x".repeat(65_500)}`), "less: a message must fit into a datagram");
  assertEquals(hint("  "), "taken");
});

Deno.test("inside a group there is only what the document allows", () => {
  const { client } = startInGroup();
  for (const line of ["send bob hi", "create_group golf", "list_groups", "join_group golf"]) {
    const entered = client.enter(line);
    assert(entered.kind === "rejected" && entered.hint.startsWith("leave_group first: "), line);
  }
});

Deno.test("a request that is not answered within 500 ms is sent again, five times in all, and then the client exits", () => {
  const { client, events, asked, pass, port, deadlines } = startRegistered();
  client.enter("create_group skii");
  const [request] = asked();
  for (let i = 1; i < 5; i++) {
    pass(490);
    assertEquals(asked(), []);
    pass(10);
    assertEquals(asked(), [request!]);
  }
  pass(500);
  assertEquals(events.take(), [
    "#1 timed-out",
    "notice: [Server not responding]",
    "notice: [Exiting]",
    "closed: it does not answer (connection)",
  ]);
  assertEquals([port.closeReason, deadlines.pending], ["done", 0]);
});

Deno.test("an answer counts whichever try it came for", () => {
  const { client, events, tell, pass } = startRegistered();
  client.enter("create_group skii");
  pass(1600);
  tell("Header:|ack|Message:|[Group skii created by Server.]");
  assertEquals(events.take().at(-1), "#1 delivered");
  pass(5000);
  assertEquals(events.take(), []);
});

Deno.test("late answers and copies of answers answer nothing else", () => {
  const { client, events, tell, pass, asked } = startInGroup();
  client.enter("send_group one");
  tell("Header:|ack|Message:|[Message received by Server.]");
  client.enter("send_group one");
  const [first, ...more] = asked();
  assertEquals([events.take().at(-1), more], ["#2 delivered", []]);
  tell("Header:|ack|Message:|[Message received by Server.]");
  pass(490);
  tell("Header:|ack|Message:|[Message received by Server.]");
  assertEquals([events.take(), asked()], [[], []], "the second waits until no copy of the first answer can come");
  pass(20);
  const [second] = asked();
  assert(first !== second && mention(first!) === mention(second!), "the server must not take it for the first");
  tell("Header:|ack|Message:|[Entered group skii successfully.]", "Header:|leave|Message:|[Leave group chat skii.]");
  assertEquals(events.take(), []);
  tell("Header:|ack|Message:|[Message received by Server.]");
  assertEquals(events.take().at(-1), "#3 delivered");
});

Deno.test("on this machine's loopback, requests follow each other at once, unless one was sent again", () => {
  const { client, tell, pass, asked } = startInGroup({ hostname: "127.0.0.1", port: 4000 });
  client.enter("send_group one");
  tell("Header:|ack|Message:|[Message received by Server.]");
  client.enter("send_group two");
  assertEquals(asked().length, 2);
  pass(510);
  tell("Header:|ack|Message:|[Message received by Server.]");
  client.enter("send_group three");
  assertEquals(client.enter("send_group four").kind, "rejected");
  assertEquals(asked().map((text) => text.split("|")[7]), ["two"], "two answers may come for what was sent twice");
  pass(510);
  assertEquals(asked().map((text) => text.split("|")[7]), ["three"]);
});

Deno.test("a nack is told with its words, and nothing has changed", () => {
  const { client, events, tell } = startRegistered();
  client.enter("join_group golf");
  tell("Header:|nack|Message:|[Group golf does not exist.]");
  assertEquals(events.take(), ["#1 refused not-allowed ([Group golf does not exist.])"]);
  assertEquals(client.prompt, undefined);
});

Deno.test("a server with words of its own is understood where they cannot be anybody else's answer", () => {
  const { client, events, tell, pass } = startRegistered();
  client.enter("list_groups");
  tell("Header:|ack|Message:|[Available group chats:]", "Header:|list_groups|Message:|skii");
  pass(300);
  assertEquals(events.take(), ["notice: [Available group chats:]", "notice: skii", "#1 delivered"]);
});

Deno.test("a line of a list that comes late is told all the same, once, and one of no list is not", () => {
  const { client, events, tell, pass } = startRegistered();
  tell("Header:|list_groups|Message:|golf");
  client.enter("list_groups");
  tell("Header:|ack|Message:|[Request for available group chats received.]");
  tell("Header:|list_groups|Message:|[Available group chats:]");
  pass(300);
  tell(
    "Header:|list_groups|Message:|skii",
    "Header:|list_groups|Message:|skii",
    "Header:|list_members|Message:|(x) bob",
  );
  pass(300);
  assertEquals(events.take(), [
    "notice: [Request for available group chats received.]",
    "notice: [Available group chats:]",
    "#1 delivered",
    "notice: skii",
  ]);
  assert(!client.isWaiting);
});

Deno.test("a server that refuses us as no member has taken us out", () => {
  const { client, events, tell } = startInGroup();
  client.enter("send_group hi");
  tell("Header:|nack|Message:|[You are not in group skii.]");
  assertEquals(client.prompt, undefined);
  assertEquals(events.take(), [
    "#2 refused not-allowed ([You are not in group skii.])",
    "notice: [You are not in group skii.]",
  ]);
});

Deno.test("a client that the server does not know any more registers again", () => {
  const { client, events, tell, asked, pass } = startInGroup();
  client.enter("send_group hi");
  asked();
  tell("Header:|nack|Message:|[You are not registered.]");
  assertEquals(asked(), [], "copies of what was asked may still be on their way");
  pass(510);
  assertEquals(asked(), ["Header:|register|username:|aysha|ip:|192.0.2.1|port:|2000"], "and not the first one's bytes");
  assertEquals(client.enter("list_groups").kind, "rejected");
  tell(WELCOME_DATAGRAM, update("aysha yes"));
  assertEquals(events.take().slice(2), ["ready aysha"]);
  assertEquals(client.prompt, undefined);
  client.enter("list_groups");
  tell("Header:|nack|Message:|[You are not registered.]");
  pass(510);
  tell("Header:|ack|Message:|[Cannot register with a name already used.]");
  assertEquals(events.take().slice(1), ["closed: [Cannot register with a name already used.] (connection)"]);
});

Deno.test("dereg with one's own name leaves, with dereg; the answer closes the port", () => {
  const { client, events, asked, tell, port, deadlines } = startRegistered();
  assertEquals(client.enter("dereg aysha"), { kind: "leaving" });
  client.leave();
  assertEquals(asked(), ["header:|dereg|port:|2000"]);
  assertEquals(port.closeReason, undefined);
  tell("Header:|dereg|Message:|[You are Offline. Bye.]");
  assertEquals([port.closeReason, events.take(), deadlines.pending], ["left", [], 0]);
});

Deno.test("whoever breaks off leaves silently", () => {
  const { client, port, asked, deadlines } = startRegistered();
  client.leave(true);
  assertEquals([asked(), port.closeReason, deadlines.pending], [[], "left", 0]);
});

Deno.test("a client that the server deregisters says so, leaves its group, and registers again", () => {
  const { client, events, tell, asked, pass } = startInGroup();
  client.enter("send_group hi");
  asked();
  tell("Header:|dereg|Message:|[You are Offline. Bye.]");
  assertEquals(events.take(), [
    "notice: [You are Offline. Bye.]",
    "#2 refused not-allowed ([You are not registered.])",
  ]);
  tell("Header:|dereg|Message:|[You are Offline. Bye.]");
  pass(510);
  assertEquals(asked(), ["Header:|register|username:|aysha|ip:|192.0.2.1|port:|2000"]);
  tell(WELCOME_DATAGRAM, update("aysha yes"));
  assertEquals([client.prompt, events.take()], [undefined, ["ready aysha"]]);
});

Deno.test("a client that the server deregisters again and again gives up, and not where some time has passed", () => {
  for (const peace of [0, 11_000]) {
    const { events, tell, pass, port } = startRegistered();
    for (let i = 0; i < 5; i++) {
      tell("Header:|dereg|Message:|[You are Offline. Bye.]");
      pass(510);
      tell(WELCOME_DATAGRAM, update("aysha yes"));
      assertEquals(events.take().at(-1), "ready aysha");
      pass(peace);
    }
    tell("Header:|dereg|Message:|[You are Offline. Bye.]");
    assertEquals(port.closeReason, peace === 0 ? "done" : undefined);
  }
});

Deno.test("a client that registers again has five tries, and then exits", () => {
  const { client, events, tell, asked, pass } = startRegistered();
  client.enter("list_groups");
  asked();
  tell("Header:|nack|Message:|[You are not registered.]");
  assert(client.isWaiting, "nothing is entered meanwhile");
  pass(6_000);
  assertEquals(asked(), Array(5).fill("Header:|register|username:|aysha|ip:|192.0.2.1|port:|2000"));
  assertEquals(events.take().slice(1), [
    "notice: [Server not responding]",
    "notice: [Exiting]",
    "closed: it does not answer (connection)",
  ]);
});

Deno.test("on loopback, a server that answers twice answers one request by that, now and later", () => {
  const { client, tell, pass, asked, events } = startInGroup({ hostname: "127.0.0.1", port: 4000 });
  const answer = "Header:|ack|Message:|[Message received by Server.]";
  client.enter("send_group one");
  tell(answer, answer);
  client.enter("send_group two");
  assertEquals(asked().map((text) => text.split("|")[7]), ["one", "two"], "the exception for loopback, the last time");
  tell(answer);
  client.enter("send_group three");
  assertEquals(asked(), []);
  pass(510);
  assertEquals(asked().map((text) => text.split("|")[7]), ["three"]);
  events.take();
});

Deno.test("what makes no sense is ignored", () => {
  const { port, events, client } = startRegistered();
  const nonsense = [
    "",
    "x",
    "Header:|ack",
    "Header:|update|Payload:|{",
    "Header:|update|Payload:|null",
    "Header:|hm|x|y",
  ];
  for (const text of nonsense) {
    port.feed(text, SERVER);
    port.feed(text, BOB);
  }
  port.feed(new Uint8Array([0xff, 0x00]), SERVER);
  assertEquals([events.take(), port.takeAll(), client.isWaiting], [[], [], false]);
});
