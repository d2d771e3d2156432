import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { startServer, tableOf } from "./server_world.ts";

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
  pass(100);
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
