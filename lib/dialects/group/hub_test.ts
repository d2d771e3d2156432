import { assert, assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT } from "../../core/outcome.ts";
import type { Delivery } from "../../hub/delivery.ts";
import { Hub } from "../../hub/hub.ts";
import { RecordedPort } from "./testing/recorded_port.ts";
import { GroupServer } from "./server.ts";

/** A server, and clients of it at an address that copies may be made on the way to, or on this machine. */
function startServer(hostname = "192.0.2.1") {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: 5000, deadlines, wallClock: () => 0 });
  const port = new RecordedPort({ hostname: "192.0.2.9", port: 4000 });
  const server = new GroupServer({ hub, deadlines, maxMessage: 65_536, log: () => {} }, port);
  port.start(server);
  const pass = (ms: number) => {
    for (const end = deadlines.now + ms; deadlines.now < end;) deadlines.advance(deadlines.now + 10);
  };
  const register = (name: string, portNumber: number) => {
    const endpoint = { hostname, port: portNumber };
    const ask = (text: string) => port.feed(text, endpoint);
    ask(`header:|register|username:|${name}|ip:|x|port:|${portNumber}`);
    port.take(endpoint);
    return {
      ask,
      /** What came, but for tables. */
      take: () => port.take(endpoint).filter((text) => !text.includes("|update|")),
      table: () => port.take(endpoint).findLast((text) => text.includes("|update|")),
      acknowledge: (text: string) => ask(`Header:|ack|Message:|${text}|Port:|${portNumber}`),
      join: (group: string) => {
        ask(`header:|create_group|port:|${portNumber}|group_name:|${group}|current_user:|${name}`);
        ask(`header:|join_group|port:|${portNumber}|group_name:|${group}|current_user:|${name}`);
        assertEquals(port.take(endpoint).filter((text) => text.includes("|ack|")).length, 2);
      },
    };
  };
  /** Somebody of another dialect, who settles what arrives when the test does. */
  const enter = (name: string) => {
    const presence = hub.claim(name, { dialect: "relay", remote: { hostname: "198.51.100.5", port: 5 } })!;
    const deliveries: Delivery[] = [];
    const outcomes: Outcome[] = [];
    const report = { settled: (outcome: Outcome) => void outcomes.push(outcome) };
    presence.enter({ deliver: (delivery) => void deliveries.push(delivery) });
    const bytes = (body: string | Uint8Array) => typeof body === "string" ? new TextEncoder().encode(body) : body;
    return {
      presence,
      deliveries,
      outcomes,
      send: (to: string, body: string | Uint8Array) => presence.send(to, bytes(body), report),
      broadcast: (body: string) => presence.broadcast(bytes(body), report),
    };
  };
  return { hub, server, pass, register, enter };
}

/** A message for one client; every other one that it gets is marked. */
const sendTo = (name: string, from: string, message: string, isMarked = false) =>
  `${
    isMarked ? "Header:" : "header:"
  }|send|current_user:|${from}|name|${name}|ip|192.0.2.9|port:|4000|message:|${message}`;
const groupMessage = (from: string, message: string) =>
  `Header:|send_group|Message:|Group_Message <${from}>: ${message}|Server_ip:|192.0.2.9|Server_port:|4000`;

Deno.test("the table lists everybody in the hub, others at the server's own address", () => {
  const { register, enter, pass } = startServer();
  const aysha = register("aysha", 2000);
  const row = (name: string, ip: string, port: number, status = "yes") =>
    `{"name":"${name}","ip":"${ip}","port":${port},"status":"${status}","mode":"normal"}`;
  const table = (...rows: string[]) => `Header:|update|Payload:|{${rows.map((one, i) => `"${i}":${one}`).join(",")}}`;
  pass(200);
  const bob = enter("bob");
  assertEquals(aysha.table(), table(row("aysha", "192.0.2.1", 2000), row("bob", "192.0.2.9", 4000)));
  pass(200);
  bob.presence.leave();
  assertEquals(aysha.table(), table(row("aysha", "192.0.2.1", 2000), row("bob", "192.0.2.9", 4000, "no")));
  pass(61_000);
  enter("carol");
  assertEquals(aysha.table(), table(row("aysha", "192.0.2.1", 2000), row("carol", "192.0.2.9", 4000)));
});

Deno.test("a direct message comes as send from the server's address, and is delivered when it is acknowledged", () => {
  const { register, enter } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  bob.send("aysha", "hi");
  assertEquals(aysha.take(), [sendTo("aysha", "bob", "hi")]);
  assertEquals(bob.outcomes, []);
  aysha.acknowledge("[Message received by aysha.]");
  assertEquals(bob.outcomes, [DELIVERED]);
});

Deno.test("a client that does not acknowledge within 500 ms is deregistered, and its senders are told", () => {
  const { register, enter, pass, hub } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  bob.send("aysha", "one");
  bob.send("aysha", "two");
  pass(520);
  assertEquals(bob.outcomes, [TIMED_OUT, GONE]);
  assertEquals(aysha.take(), [sendTo("aysha", "bob", "one"), "Header:|dereg|Message:|[You are Offline. Bye.]"]);
  assertEquals(hub.find("aysha"), undefined);
  aysha.acknowledge("[Message received by aysha.]");
  assertEquals(bob.outcomes.length, 2);
});

Deno.test("a copy of an acknowledgement confirms nothing", () => {
  const { register, enter, pass } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  bob.send("aysha", "one");
  bob.send("aysha", "two");
  aysha.acknowledge("[Message received by aysha.]");
  aysha.acknowledge("[Message received by aysha.]");
  assertEquals([bob.outcomes, aysha.take().length], [[DELIVERED], 1]);
  pass(490);
  aysha.acknowledge("[Message received by aysha.]");
  assertEquals(bob.outcomes.length, 1);
  pass(30);
  assertEquals(aysha.take(), [sendTo("aysha", "bob", "two", true)]);
  aysha.acknowledge("[Message received by aysha.]");
  assertEquals(bob.outcomes, [DELIVERED, DELIVERED]);
});

Deno.test("on this machine's loopback, where nothing arrives twice, messages follow each other at once", () => {
  const { register, enter, pass } = startServer("127.0.0.1");
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  for (let i = 0; i < 20; i++) bob.send("aysha", `${i}`);
  aysha.acknowledge("[Message received by aysha.]");
  pass(60);
  for (let i = 1; i < 20; i++) aysha.acknowledge("[Message received by aysha.]");
  assertEquals(bob.outcomes, Array.from({ length: 20 }, () => DELIVERED));
});

Deno.test("on loopback, a client that acknowledges twice confirms one message by that", () => {
  const { register, enter, pass } = startServer("127.0.0.1");
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  for (let i = 0; i < 2; i++) bob.send("aysha", `${i}`);
  for (let i = 0; i < 2; i++) aysha.acknowledge("[Message received by aysha.]");
  pass(490);
  assertEquals(bob.outcomes, [DELIVERED]);
  pass(530);
  assertEquals(bob.outcomes, [DELIVERED, TIMED_OUT]);
});

Deno.test("each line of a message comes by itself, escaped, and it is delivered when all are acknowledged", () => {
  const { register, enter, pass } = startServer("127.0.0.1");
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  bob.send("aysha", "one\x1b[2J\r\n\n\tthree\u2028\n");
  const lines = ["one\\x1b[2J", " ", "\tthree\\u2028"];
  for (const [i, line] of lines.entries()) {
    assertEquals([aysha.take(), bob.outcomes], [[sendTo("aysha", "bob", line, i === 1)], []]);
    aysha.acknowledge("[Message received by aysha.]");
    pass(60);
  }
  assertEquals(bob.outcomes, [DELIVERED]);
});

Deno.test("what group cannot carry is refused, and nothing is cut", () => {
  const { register, enter } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  bob.send("aysha", new Uint8Array([0xff]));
  bob.send("aysha", "x".repeat(65_500));
  bob.send("aysha", "\x1b".repeat(20_000));
  for (let i = 0; i < 3; i++) bob.send("aysha", "\n".repeat(200));
  assertEquals(bob.outcomes, [
    refused("not-text"),
    refused("too-long"),
    refused("too-long"),
    refused("overloaded"),
    refused("overloaded"),
  ]);
  assertEquals(aysha.take(), [sendTo("aysha", "bob", " ")]);
});

Deno.test("a broadcast comes as a group message, and is delivered when all have it", () => {
  const { register, enter } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  const bob = enter("bob");
  bob.broadcast("hi all");
  assertEquals([aysha.take(), sana.take()], [[groupMessage("bob", "hi all")], [groupMessage("bob", "hi all")]]);
  aysha.acknowledge("Group_Message <bob>: hi all");
  assertEquals(bob.outcomes, []);
  sana.acknowledge("Group_Message <bob>: hi all");
  assertEquals(bob.outcomes, [DELIVERED]);
});

Deno.test("a client inside a group gets broadcasts once, on leaving, and does not count before", () => {
  const { register, enter, pass } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  aysha.join("skii");
  const bob = enter("bob");
  bob.broadcast("one");
  bob.broadcast("two");
  sana.acknowledge("Group_Message <bob>: one");
  sana.acknowledge("Group_Message <bob>: two");
  assertEquals([bob.outcomes, aysha.take()], [[DELIVERED, DELIVERED], []]);
  aysha.ask("header:|leave_group|port:|2000|current_user:|aysha|group_name:|skii");
  assertEquals(aysha.take(), ["Header:|leave|Message:|[Leave group chat skii.]", groupMessage("bob", "one")]);
  aysha.acknowledge("Group_Message <bob>: one");
  assertEquals(aysha.take(), [groupMessage("bob", "two")]);
  aysha.acknowledge("Group_Message <bob>: two");
  pass(600);
  aysha.join("skii");
  aysha.ask("header:|leave_group|port:|2000|current_user:|aysha|group_name:|skii");
  pass(1000);
  assertEquals(aysha.take(), ["Header:|leave|Message:|[Leave group chat skii.]"]);
});

Deno.test("what is kept for a client inside a group is bounded, and it is told", () => {
  const { register, enter, pass } = startServer();
  const aysha = register("aysha", 2000);
  aysha.join("skii");
  const bob = enter("bob");
  for (let i = 0; i < 150; i++) bob.broadcast(`${i}`);
  aysha.ask("header:|leave_group|port:|2000|current_user:|aysha|group_name:|skii");
  const came: string[] = [];
  for (let i = 0; i < 300; i++) {
    for (const text of aysha.take().filter((text) => text.includes("|send_group|"))) {
      came.push(text.split("|")[3]!);
      aysha.acknowledge(came.at(-1)!);
    }
    pass(10);
  }
  assertEquals(came.length, 101);
  assertEquals(came.slice(0, 2), ["[50 earlier messages for everybody were not kept.]", "Group_Message <bob>: 50"]);
  assertEquals(came.at(-1), "Group_Message <bob>: 149");
});

Deno.test("a direct message reaches a client inside a group, which keeps it itself", () => {
  const { register, enter } = startServer();
  const aysha = register("aysha", 2000);
  aysha.join("skii");
  enter("bob").send("aysha", "psst");
  assertEquals(aysha.take(), [sendTo("aysha", "bob", "psst")]);
});

Deno.test("send to somebody of another dialect is passed on, and acknowledged in their place when they have it", () => {
  const { register, enter } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  aysha.ask("header:|send|current_user:|aysha|name|bob|ip|x|port:|2000|message:|hi bob");
  const [delivery] = bob.deliveries;
  assertEquals([delivery!.from.name, delivery!.audience], ["aysha", "direct"]);
  assertEquals(new TextDecoder().decode(delivery!.body), "hi bob");
  assertEquals(aysha.take(), []);
  delivery!.settle(DELIVERED);
  assertEquals(aysha.take(), ["Header:|ack|Message:|[Message received by bob.]"]);
});

Deno.test("send to nobody, to somebody who refuses, or who takes too long is not acknowledged", () => {
  const { register, enter, pass, server } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  const ask = (to: string, message: string) =>
    aysha.ask(`header:|send|current_user:|aysha|name|${to}|ip|x|port:|2000|message:|${message}`);
  ask("nobody", "hi");
  ask("bob", "refused");
  bob.deliveries[0]!.settle(refused("unreadable"));
  ask("bob", "late");
  assert(server.isBusy);
  pass(300);
  assert(!server.isBusy);
  bob.deliveries[1]!.settle(DELIVERED);
  assertEquals(aysha.take(), []);
});

Deno.test("a copy of a send is passed on once, and acknowledged again", () => {
  const { register, enter, pass } = startServer();
  const aysha = register("aysha", 2000);
  const bob = enter("bob");
  const ask = () => aysha.ask("header:|send|current_user:|aysha|name|bob|ip|x|port:|2000|message:|hi");
  ask();
  ask();
  bob.deliveries[0]!.settle(DELIVERED);
  ask();
  assertEquals([aysha.take().length, bob.deliveries.length], [2, 1]);
  pass(700);
  ask();
  assertEquals(bob.deliveries.length, 1);
  pass(710);
  ask();
  assertEquals(bob.deliveries.length, 2, "later than 700 ms it is said again");
});

Deno.test("names are unique across the hub", () => {
  const { register, enter, hub } = startServer();
  enter("bob");
  register("bob", 2000);
  assertEquals([...hub.members()].map(({ name, dialect }) => `${name} ${dialect}`), ["bob relay"]);
  register("aysha", 3000);
  assertEquals(hub.claim("aysha", { dialect: "relay", remote: { hostname: "x", port: 1 } }), undefined);
});
