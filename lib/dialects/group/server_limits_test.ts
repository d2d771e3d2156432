import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { UNKNOWN } from "../../core/outcome.ts";
import { TotalQueued } from "../../core/queued.ts";
import { startServer, tableOf, WARY } from "./testing/server_world.ts";

Deno.test("datagrams that make no sense are ignored, logged once a second, and do no harm", () => {
  const { register, port, log, pass } = startServer();
  const sana = register("sana", 3000);
  const nonsense: (string | Uint8Array)[] = [
    "",
    "|",
    "header:",
    "header:|register",
    "header:|register|username:|x|ip:|y",
    "header:|hello|port:|3000",
    "header:|__proto__|port:|3000",
    "header:|register|username:|x|ip:|y|port:|0",
    "header:|register|username:|x|ip:|y|port:|70000",
    "header:|register|username:|x|ip:|y|port:|3e3",
    "header:|register|port:|3000|username:|x|ip:|y",
    "header:|register|username:|two|lines|ip:|y|port:|3001",
    "ack|ack|ack|ack|ack|ack",
    new Uint8Array([0xff, 0xfe, 0x00]),
    new Uint8Array(65_507).fill(10),
    new Uint8Array(65_507).fill(0x61),
  ];
  for (const datagram of nonsense) port.feed(datagram, { hostname: "192.0.2.1", port: 1 });
  pass(10);
  assertEquals(log.filter((text) => text.includes("ignored")), ["a datagram was ignored"]);
  pass(1000);
  assertEquals(log.filter((text) => text.includes("ignored")), [
    "a datagram was ignored",
    "more datagrams were ignored",
  ]);
  sana.take();
  sana.ask("header:|list_groups|port:|3000|current_user:|sana");
  assertEquals(sana.answers().length, 2);
});

Deno.test("whatever arrives, the server does not fail, and does not answer those who are not registered at length", () => {
  const word = fc.constantFrom(
    "header:",
    "register",
    "dereg",
    "ack",
    "send",
    "send_group",
    "join_group",
    "sana",
    "3000",
    "0",
    "",
  );
  const datagram = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.oneof(word, fc.string()), { maxLength: 16 }).map((lines) => new TextEncoder().encode(lines.join("\n"))),
  );
  fc.assert(fc.property(fc.array(datagram, { maxLength: 20 }), (datagrams) => {
    const { port } = startServer();
    for (const bytes of datagrams) {
      port.feed(bytes, { hostname: "192.0.2.1", port: 9 });
      const sent = port.takeAll().filter((line) => !line.includes("|ack|") && !line.includes("|update|"));
      for (const line of sent) assert(line.length < 3 * bytes.length + 400, line);
    }
  }));
});

Deno.test("tables are sent ten times a second at most, and the last one is always sent", () => {
  const { register, client, pass } = startServer();
  const aysha = register("aysha", 2000);
  pass(200);
  aysha.take();
  for (let i = 0; i < 50; i++) {
    client(`n${i}`, 6000 + i).ask(`header:|register|username:|n${i}|ip:|x|port:|${6000 + i}`);
  }
  assertEquals(aysha.take().length, 1);
  pass(110);
  assertEquals(aysha.table()?.length, 51);
  pass(1000);
  assertEquals(aysha.take(), []);
});

Deno.test("a table is never longer than a datagram: who has left is left out first", () => {
  const { client, register, pass, port } = startServer();
  const long = (i: number) => `${i}`.padStart(3, "0").repeat(85);
  for (let i = 0; i < 230; i++) {
    const one = client(long(i), 1024 + i, `198.51.100.${i}`);
    one.ask(`header:|register|username:|${long(i)}|ip:|x|port:|${1024 + i}`);
  }
  register("aysha", 2000);
  pass(1_000);
  // The port would have refused a longer datagram.
  const table = tableOf(port.take({ hostname: "192.0.2.1", port: 2000 }).at(-1))!;
  assert(table.length > 150 && table.length < 230, `${table.length} rows`);
});

Deno.test("clients and groups are bounded, whatever the server's limits", () => {
  const { client, port, pass } = startServer();
  for (let i = 0; i < 600; i++) {
    client(`n${i}`, 1024 + i, "192.0.2.7").ask(`header:|register|username:|n${i}|ip:|x|port:|${1024 + i}`);
  }
  const refused = port.takeAll().filter((line) => line.includes("[Cannot register: the server is full.]"));
  assertEquals(refused.length, 600 - 512);
  const one = client("n0", 1024, "192.0.2.7");
  for (let i = 0; i < 150; i++) {
    one.ask(`header:|create_group|port:|1024|group_name:|g${i}|current_user:|n0`);
    pass(600);
  }
  one.take();
  one.ask("header:|list_groups|port:|1024|current_user:|n0");
  assertEquals(one.answers().length, 2 + 128);
});

/** How many bytes the clients at these addresses are sent while `act` is called every so many milliseconds, for ten seconds. */
function bytesTo(
  world: ReturnType<typeof startServer>,
  hostnames: string[],
  every: number,
  act: (nth: number) => void,
) {
  const counted: { readonly hostname: string; readonly bytes: number; readonly text: string; readonly at: number }[] =
    [];
  world.port.takeAll();
  for (let i = 0; i * every < 10_000; i++) {
    act(i);
    world.pass(every);
    for (const line of world.port.takeAll()) {
      const [to = "", ...text] = line.split(" ");
      const hostname = to.replace(/:\d+$/, "");
      counted.push({ hostname: to, bytes: text.join(" ").length, text: text.join(" "), at: world.deadlines.now });
      if (!hostnames.includes(hostname)) counted.pop();
    }
  }
  return counted;
}

/** Somebody near joins and leaves a group, again and again. */
function churn(world: ReturnType<typeof startServer>) {
  const near = world.register("near", 1000);
  near.ask("header:|create_group|port:|1000|group_name:|skii|current_user:|near");
  return (nth: number) => {
    // Never the same bytes, which might be a copy that the network has made.
    const header = `header${nth}`;
    if (nth % 2 === 0) near.ask(`${header}|join_group|port:|1000|group_name:|skii|current_user:|near`);
    else near.ask(`${header}|leave_group|port:|1000|current_user:|near|group_name:|skii`);
  };
}

const sum = (all: readonly { readonly bytes: number }[]) => all.reduce((total, { bytes }) => total + bytes, 0);

Deno.test("addresses that have acknowledged nothing get 16 KiB a second in all, first tables before later ones", () => {
  const world = startServer(WARY);
  const change = churn(world);
  const came = bytesTo(world, ["198.51.100.66"], 10, (nth) => {
    if (nth < 100) {
      world.client(`v${nth}`, 2000 + nth, "198.51.100.66").ask(
        `h|register|u|v${nth}|i|x|p|${2000 + nth}`,
      );
    }
    change(nth);
  });
  const longest = Math.max(...came.map(({ bytes }) => bytes));
  const total = sum(came);
  assert(total <= 10 * 16 * 1024 + 2 * 1024 + longest, `${total} bytes`);
  assert(total > 9 * 16 * 1024, `${total} bytes`);
  const tables = came.filter(({ text }) => text.includes("|update|")).map(({ hostname }) => hostname);
  assert(tables.length > 20 && new Set(tables.slice(0, 100)).size === Math.min(tables.length, 100), "nobody has two");
});

Deno.test("all answers to addresses that have acknowledged nothing count, lists above all", () => {
  const world = startServer(WARY);
  const near = world.register("near", 1000);
  for (let i = 0; i < 100; i++) {
    near.ask(`header:|create_group|port:|1000|group_name:|${"g".repeat(100)}${i}|current_user:|near`);
  }
  world.client("v", 2000, "198.51.100.66").ask("h|register|u|v|i|x|p|2000");
  const came = bytesTo(world, ["198.51.100.66"], 10, (nth) => {
    const victim = world.client("v", 2000, "198.51.100.66");
    victim.ask(`${nth % 2 === 0 ? "h" : "H"}|list_groups|p|2000|u|v`);
    victim.ask(`${nth % 2 === 0 ? "h" : "H"}|join_group|p|2000|g|nowhere|u|v`);
    victim.ask("h|list_groups|p|2000|u|nobody");
  });
  assert(sum(came) <= 10 * 16 * 1024 + 2 * 1024 + 200, `${sum(came)} bytes`);
  for (const text of ["list_groups", "does not exist", "not registered"]) {
    assert(came.some((one) => one.text.includes(text)), `${text} came not once`);
  }
});

/** A client far away that has proven its address, by acknowledging a group message. */
function prove(world: ReturnType<typeof startServer>, name: string, port: number, hostname: string) {
  const near = world.register(`near${name}`, 1000 + port);
  near.ask(`header:|create_group|port:|${1000 + port}|group_name:|${name}s|current_user:|near${name}`);
  near.ask(`header:|join_group|port:|${1000 + port}|group_name:|${name}s|current_user:|near${name}`);
  const one = world.client(name, port, hostname);
  one.ask(`header:|register|username:|${name}|ip:|x|port:|${port}`);
  one.ask(`header:|join_group|port:|${port}|group_name:|${name}s|current_user:|${name}`);
  near.ask(
    `header:|send_group|sender:|near${name}|port:|${
      1000 + port
    }|message:|hi|server_ip|x|server_port|1|group_name|${name}s`,
  );
  while (!one.take().some((text) => text.includes("|send_group|"))) world.pass(10);
  one.ask(`Header:|ack|Message:|Group_Message <near${name}>: hi|Port:|${port}`);
  return one;
}

Deno.test("a client holds no frame ID before it has acknowledged something, and is announced by then", () => {
  const world = startServer(WARY);
  const events: string[] = [];
  world.hub.watch({
    entered: ({ name, isProvisional }) => events.push(`${name} enters${isProvisional ? " provisionally" : ""}`),
    confirmed: ({ name, id }) => events.push(`${name} has ${id}`),
    left: ({ name }) => events.push(`${name} leaves`),
  });
  const far = world.client("far", 2000, "198.51.100.1");
  far.ask("header:|register|username:|far|ip:|x|port:|2000");
  far.ask("Header:|ack|Message:|[Message received by far.]|Port:|2000");
  assertEquals(world.hub.find("far")?.id, undefined, "nobody had awaited that");
  prove(world, "far", 2000, "198.51.100.1");
  assertEquals([world.hub.find("nearfar")?.id, world.hub.find("far")?.id], [2, 3]);
  assertEquals(events, ["far enters provisionally", "nearfar enters", "far has 3"]);
  far.ask("header:|dereg|port:|2000");
  far.ask("header:|register|username:|far|ip:|x|port:|2000");
  assertEquals(world.hub.find("far")?.id, 3, "its address has acknowledged something");
});

Deno.test("an address that has proven itself gets 64 KiB of tables a second, also at several ports, and those near one each", () => {
  for (const hostname of ["198.51.100.1", "192.0.2.1"]) {
    const world = startServer(WARY);
    for (let i = 0; i < 100; i++) {
      world.hub.claim(`n${i}`.repeat(50), { dialect: "relay", remote: world.port.local })!
        .enter({ deliver: () => {} });
    }
    for (const name of ["a", "b", "c"]) prove(world, name, 2000 + name.charCodeAt(0), hostname);
    const change = churn(world);
    const came = bytesTo(world, [hostname], 10, change).filter(({ hostname: to, text }) =>
      text.includes("|update|") && /:2\d\d\d$/.test(to)
    );
    const longest = Math.max(...came.map(({ bytes }) => bytes));
    const most = (hostname === "192.0.2.1" ? 3 : 1) * (10 * 64 * 1024 + 8 * 1024 + longest);
    assert(sum(came) <= most && sum(came) > 0.8 * most, `${sum(came)} of ${most} bytes`);
    assertEquals(new Set(came.map(({ hostname: to }) => to)).size, 3, "each gets its share");
  }
});

Deno.test("nobody gets more than ten tables a second, also who registers again and again, under whatever name", () => {
  const world = startServer();
  const change = churn(world);
  const came = bytesTo(world, ["192.0.2.3"], 10, (nth) => {
    const one = world.client(`v${nth % 7}`, 2000, "192.0.2.3");
    one.ask(`header:|register|username:|v${nth % 7}|ip:|x|port:|2000`);
    change(nth);
    if (nth % 3 === 0) one.ask("header:|dereg|port:|2000");
    one.ask(`header:|register|username:|v${nth % 7}|ip:|x|port:|2000`);
  }).filter(({ text }) => text.includes("|update|"));
  for (const [i, { at }] of came.entries()) {
    assert(i === 0 || at - came[i - 1]!.at >= 90, `${at} after ${came[i - 1]?.at}`);
  }
  assert(came.length > 80 && came.length <= 101, `${came.length} tables`);
});

Deno.test("where there is no room, who has asked for nothing but a name makes way first, the oldest of them, and is told", () => {
  const world = startServer({ ...WARY, unprovenBudget: 64 * 1024 });
  const clients = Array.from({ length: 512 }, (_, i) => {
    const one = world.client(`v${i}`, 1024 + i, "198.51.100.66");
    one.ask(`h|register|u|v${i}|i|x|p|${1024 + i}`);
    return one;
  });
  world.pass(3000);
  for (const one of clients) assertEquals(one.answers(), ["ack [Welcome, You are registered.]"]);
  clients[0]!.ask("h|list_groups|p|1024|u|v0");
  const come = (i: number) => {
    const one = world.client(`new${i}`, 5000 + i, "192.0.2.1");
    one.ask(`h|register|u|new${i}|i|x|p|${5000 + i}`);
    world.pass(10);
    assertEquals(one.answers(), ["ack [Welcome, You are registered.]"]);
  };
  come(0);
  world.pass(2000);
  assertEquals(clients[1]!.answers(), ["dereg [You are Offline. Bye.]"]);
  for (let i = 1; i < 511; i++) come(i);
  assertEquals(clients[0]!.answers().at(-1), "list_groups [Available group chats:]");
  come(511);
  world.pass(2000);
  assertEquals(clients[0]!.answers(), ["dereg [You are Offline. Bye.]"]);
  const late = world.client("late", 6000, "192.0.2.1");
  late.ask("h|register|u|late|i|x|p|6000");
  assertEquals(late.answers(), ["nack [Cannot register: the server is full.]"], "all others are where they say");
});

Deno.test("a client that asks for more lists than it may have is not heard", () => {
  const world = startServer();
  const near = world.register("near", 1000);
  for (let i = 0; i < 128; i++) {
    near.ask(`header:|create_group|port:|1000|group_name:|${"g".repeat(200)}${i}|current_user:|near`);
  }
  world.pass(1000);
  const came = bytesTo(world, ["192.0.2.1"], 10, (nth) => {
    for (let i = 0; i < 10; i++) near.ask(`${(nth + i) % 2 === 0 ? "h" : "H"}|list_groups|p|1000|u|near`);
  }).filter(({ text }) => text.includes("list_groups"));
  const list = 129 * 300;
  assert(sum(came) > 8 * 64 * 1024 && sum(came) < 10 * 64 * 1024 + 8 * 1024 + list, `${sum(came)} bytes`);
  assertEquals(came.length % 129, 0, "each list is whole");
});

Deno.test("what waits for a client counts, in its outbox and behind its group, and too much of it deregisters the client", () => {
  const queued = new TotalQueued(200_000);
  const { register, join, create, hub, pass } = startServer(undefined, queued);
  create("skii");
  register("sana", 3000);
  join("aysha", 3001, "skii");
  const bob = hub.claim("bob", { dialect: "test", remote: { hostname: "192.0.2.7", port: 9 } })!;
  bob.enter({ deliver: (delivery) => delivery.settle(UNKNOWN) });
  const body = new TextEncoder().encode("x".repeat(20_000));
  const report = { settled: () => {} };
  assertEquals(queued.bytes, 0);
  bob.broadcast(body, report);
  const kept = queued.bytes;
  assert(kept > 40_000, `${kept} bytes: what is kept for aysha, two a character`);
  bob.send("sana", body, report);
  assert(queued.bytes > kept + 20_000, `${queued.bytes} bytes: what waits for sana's acknowledgement as well`);
  for (let count = 0; count < 7; count++) bob.send("sana", body, report);
  pass(10);
  assertEquals([hub.find("sana"), hub.find("aysha")?.name, queued.bytes], [undefined, "aysha", kept]);
});
