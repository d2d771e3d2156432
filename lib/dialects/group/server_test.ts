import { assert, assertEquals } from "@std/assert";
import { startServer, tableOf, WELCOME_TEXT } from "./testing/server_world.ts";

const NOT_REGISTERED = "nack [You are not registered.]";

Deno.test("register is acknowledged at the named port, and everybody gets the table", () => {
  const { register, client, pass } = startServer();
  const aysha = register("aysha", 2000);
  pass(100);
  aysha.take();
  const sana = client("sana", 3000);
  sana.ask("header:|register|username:|sana|ip:|10.0.0.1|port:|3000");
  pass(100);
  const atSana = sana.take();
  assertEquals(atSana.filter((text) => text.includes("|ack|")), [`Header:|ack|Message:|${WELCOME_TEXT}`]);
  const rows = ["aysha yes normal 192.0.2.1:2000", "sana yes normal 192.0.2.1:3000"];
  assertEquals(tableOf(atSana.find((text) => text.includes("|update|")), true), rows);
  assertEquals(tableOf(aysha.take()[0], true), rows);
});

Deno.test("the address in the text is never sent to", () => {
  const { client, port, pass } = startServer();
  client("aysha", 2000).ask("header:|register|username:|aysha|ip:|198.51.100.66|port:|2000");
  pass(1000);
  assert(port.takeAll().every((line) => line.startsWith("192.0.2.1:2000 ")));
});

Deno.test("field names may have a colon or not, and any case", () => {
  const { client } = startServer();
  const aysha = client("aysha", 2000);
  aysha.ask("HEADER|register|UserName|aysha|IP:|x|Port|2000|");
  assertEquals(aysha.answers(), [`ack ${WELCOME_TEXT}`]);
});

Deno.test("a name in use is refused, and the table does not change", () => {
  const { register, client, pass } = startServer();
  const aysha = register("aysha", 2000);
  pass(100);
  aysha.take();
  const other = client("aysha", 3000);
  other.ask("header:|register|username:|aysha|ip:|x|port:|3000");
  pass(1000);
  assertEquals(other.take(), ["Header:|ack|Message:|[Cannot register with a name already used.]"]);
  assertEquals(aysha.take(), []);
});

Deno.test("a name that is not well formed is refused", () => {
  const { client } = startServer();
  const one = client("", 2000);
  for (const name of ["", "ALL", "al ice", "älice", "a".repeat(256), "a-b"]) {
    one.ask(`header:|register|username:|${name}|ip:|x|port:|2000`);
    assertEquals(one.answers(), ["nack [Cannot register: a name is letters and digits.]"], name);
  }
});

Deno.test("registering again gets the same answer and the table, and the others hear nothing", () => {
  const { register, pass } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  pass(200);
  aysha.take();
  sana.take();
  sana.ask("header:|register|username:|sana|ip:|10.0.0.1|port:|3000");
  assertEquals(sana.take().map((text) => text.split("|")[1]), ["ack", "update"]);
  pass(1000);
  assertEquals(aysha.take(), []);
});

Deno.test("a client that starts anew at the same port is in no group any more", () => {
  const { join, create, pass } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  pass(600);
  sana.ask("header:|register|username:|sana|ip:|10.0.0.1|port:|3000");
  pass(200);
  assertEquals(sana.table(), ["creator yes normal", "sana yes normal"]);
});

Deno.test("another name at the same port replaces the first", () => {
  const { register, client, pass } = startServer();
  const aysha = register("aysha", 2000);
  const sana = client("sana", 2000);
  sana.ask("header:|register|username:|sana|ip:|x|port:|2000");
  assertEquals(sana.answers(), [`ack ${WELCOME_TEXT}`], "and no goodbye, which the new one would take for its own");
  pass(100);
  assertEquals(aysha.table(), ["sana yes normal", "aysha no normal"]);
});

Deno.test("dereg is acknowledged, the table says no, and the name is free", () => {
  const { register, hub, pass } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  pass(200);
  aysha.take();
  sana.take();
  sana.ask("header:|dereg|port:|3000");
  assertEquals(sana.take(), ["Header:|dereg|Message:|[You are Offline. Bye.]"]);
  assertEquals(aysha.table(), ["aysha yes normal", "sana no normal"]);
  assertEquals(hub.find("sana"), undefined);
  register("sana", 3001);
  pass(100);
  assertEquals(aysha.table(), ["aysha yes normal", "sana yes normal"]);
});

Deno.test("of many who leave at once all are in the next table, and the latest alone later on", () => {
  const { register, pass } = startServer();
  const aysha = register("aysha", 2000);
  const others = Array.from({ length: 100 }, (_, i) => register(`u${i}`, 3000 + i));
  pass(2_000);
  aysha.take();
  for (const [i, other] of others.entries()) other.ask(`header:|dereg|port:|${3000 + i}`);
  pass(100);
  const gone = () => aysha.table()?.filter((row) => row.includes(" no ")).length;
  assertEquals(gone(), 100);
  pass(2_000);
  aysha.take();
  register("late", 4000).ask("header:|dereg|port:|4000");
  pass(200);
  assertEquals(gone(), 64);
});

Deno.test("dereg is answered again, and to a client of a server that was here before", () => {
  const { register, client, pass } = startServer();
  const sana = register("sana", 3000);
  sana.ask("header:|dereg|port:|3000");
  sana.take();
  pass(20_000);
  for (const one of [sana, client("haider", 7000)]) {
    one.ask(`header:|dereg|port:|${one.endpoint.port}`);
    assertEquals(one.take(), ["Header:|dereg|Message:|[You are Offline. Bye.]"]);
  }
});

Deno.test("a client reports another one, which is told so where it listens; the table says no for it", () => {
  const { register, pass } = startServer();
  const aysha = register("aysha", 2000);
  const sana = register("sana", 3000);
  pass(200);
  aysha.take();
  aysha.ask("header:|dereg|port:|3000");
  assertEquals(sana.answers(), ["dereg [You are Offline. Bye.]"]);
  assertEquals(aysha.table(), ["aysha yes normal", "sana no normal"]);
});

Deno.test("a client elsewhere is reported by its port, if that means just one, and only by a client", () => {
  const { register, client, pass } = startServer();
  const aysha = register("aysha", 2000, "192.0.2.1");
  const sana = register("sana", 3000, "192.0.2.2");
  const sarah = register("sarah", 3000, "192.0.2.3");
  aysha.ask("header:|dereg|port:|3000");
  assertEquals([...sana.answers(), ...sarah.answers()], []);
  sarah.ask("header:|dereg|port:|3000");
  assertEquals([...sana.answers(), ...sarah.answers()], ["dereg [You are Offline. Bye.]"]);
  client("stranger", 1, "192.0.2.66").ask("header:|dereg|port:|3000");
  assertEquals(sana.answers(), []);
  aysha.ask("header:|dereg|port:|3000");
  assertEquals(sana.answers(), ["dereg [You are Offline. Bye.]"]);
  pass(100);
  assertEquals(aysha.table(), ["aysha yes normal", "sana no normal", "sarah no normal"]);
});

Deno.test("whoever is not registered, or says to be somebody else, is told no more than that", () => {
  const { register, client, create } = startServer();
  create("skii");
  const sana = register("sana", 3000);
  const stranger = client("stranger", 6000);
  const requests = (port: number, user: string) => [
    `header:|create_group|port:|${port}|group_name:|x|current_user:|${user}`,
    `header:|list_groups|port:|${port}|current_user:|${user}`,
    `header:|join_group|port:|${port}|group_name:|skii|current_user:|${user}`,
    `header:|send_group|sender:|${user}|port:|${port}|message:|hi|server_ip|x|server_port|1|group_name|skii`,
    `header:|list_members|port:|${port}|current_user:|${user}|group_name:|skii`,
    `header:|leave_group|port:|${port}|current_user:|${user}|group_name:|skii`,
    `header:|send|current_user:|${user}|name|creator|ip|x|port:|${port}|message:|hi`,
  ];
  for (const request of requests(6000, "sana")) {
    stranger.ask(request);
    const answers = stranger.take();
    assertEquals(answers, ["Header:|nack|Message:|[You are not registered.]"]);
    assert(answers[0]!.length <= 2 * request.length);
  }
  for (const request of requests(3000, "creator")) {
    sana.ask(request);
    assertEquals(sana.answers(), [NOT_REGISTERED]);
  }
});

Deno.test("a server that drains hears acknowledgements only, and one that closes says goodbye", () => {
  const { create, join, server, port, pass, register } = startServer();
  create("skii");
  const sana = join("sana", 3000, "skii");
  const sarah = join("sarah", 5000, "skii");
  const haider = register("haider", 7000);
  sana.ask("header:|send_group|sender:|sana|port:|3000|message:|hi|server_ip|x|server_port|1|group_name|skii");
  server.drain();
  assert(server.isBusy);
  port.takeAll();
  haider.ask("header:|list_groups|port:|7000|current_user:|haider");
  assertEquals(haider.take(), []);
  sarah.ask("Header:|ack|Message:|Group_Message <sana>: hi|Port:|5000");
  assert(!server.isBusy);
  server.close();
  assertEquals(haider.take(), ["Header:|dereg|Message:|[You are Offline. Bye.]"]);
  assertEquals(port.closeReason, "shutdown");
  pass(5000);
});
