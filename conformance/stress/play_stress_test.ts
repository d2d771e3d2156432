import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { RelayServer } from "../../lib/dialects/relay/server.ts";
import { REAL_WORLD } from "../../lib/transport/real_world.ts";
import { conform, type ConformOptions } from "../conform.ts";
import { Serving, ServingDialect } from "../mutants/serving.ts";
import { usersWithin } from "./descriptors.ts";
import { checkChosenFaults, FAULT_KINDS } from "./faults.ts";

const LIMITS = { ackTimeout: 2_000, maxMessage: 65_536 };

async function run(port: number, options: Partial<ConformOptions> = {}) {
  let [out, err] = ["", ""];
  const status = await conform({
    targets: [{ dialect: "relay", hostname: "127.0.0.1", port }],
    filters: ["*/concurrent-*"],
    list: false,
    strict: false,
    timeout: 2_000,
    jobs: 8,
    fixtures: [],
    embedded: true,
    stress: { duration: 500, users: 6, faults: FAULT_KINDS, shrink: 0 },
    ...options,
  }, { out: (text) => out += text, err: (text) => err += text, isTerminal: false, color: false });
  return { status, out, err };
}

async function serving<T>(server: Serving, use: (port: number) => Promise<T>): Promise<T> {
  try {
    return await use(server.endpoint.port);
  } finally {
    await server.stop();
  }
}

const ours = () => new ServingDialect((context) => new RelayServer(context, { reply: "SENT" }), LIMITS, REAL_WORLD);

Deno.test("our relay server passes over real sockets, and the report shows each clause", async () => {
  const { status, out, err } = await serving(ours(), (port) => run(port));
  assertEquals(status, 0, out);
  assertMatch(err, /6 users for [0-9.]+ s: [0-9]+ operations, .* operations a second/);
  assertMatch(out, /pass +must +relay\/concurrent-whole/);
  assertEquals(out.match(/relay\/concurrent-/g)?.length, 7);
});

Deno.test("a run without --stress neither plays nor counts what only many clients show", async () => {
  const { status, out, err } = await serving(ours(), (port) => run(port, { stress: undefined }));
  assertEquals([status, out], [4, ""]);
  assertMatch(err, /nothing was selected: no fixture matches \*\/concurrent-\*/);
  const one = await serving(ours(), (port) => run(port, { stress: undefined, filters: ["relay/send-unknown"] }));
  assertEquals(one.out.includes("concurrent"), false);
});

Deno.test("a server that was never up is unreachable", async () => {
  const port = await serving(ours(), (port) => Promise.resolve(port));
  const { status, err } = await run(port);
  assertEquals(status, 3);
  assertMatch(err, /cannot reach 127\.0\.0\.1/);
});

Deno.test("where nothing answers datagrams, the server is unreachable", async () => {
  const port = await serving(ours(), (port) => Promise.resolve(port));
  const targets = [{ dialect: "group", hostname: "127.0.0.1", port }];
  const stress = { duration: 200, users: 2, faults: [], shrink: 0 };
  const { status, err } = await run(port, { targets, timeout: 200, stress });
  assertEquals(status, 3);
  // Which of the two is known first is a matter of chance.
  assertMatch(err, /no answer to any datagram|nobody answers a client that registers: nothing speaks group there/);
});

Deno.test("a server that never answers, and one that closes at once, speak no relay as far as anybody can tell", async () => {
  const silent = (link: { end(reason: "left"): void }) => ({
    receive: () => {},
    ended: () => link.end("left"),
    closed: () => {},
  });
  const { status, out } = await serving(
    new Serving(REAL_WORLD.network, silent),
    (port) => run(port, { timeout: 200, stress: { duration: 200, users: 3, faults: [], shrink: 0 } }),
  );
  assertEquals(status, 1);
  assertMatch(out, /blocked +must +relay\/concurrent-whole/);
  assertMatch(out, /no client was accepted: does it speak relay\?/);
});

Deno.test("a server that dies is told so", async () => {
  let stopped: Promise<void> | undefined;
  const server: Serving = new ServingDialect(
    (context) => new RelayServer(context, { reply: "SENT" }),
    LIMITS,
    REAL_WORLD,
    (behave) => (link) => {
      const write = link.write.bind(link);
      link.write = (bytes) => {
        // Whoever sends such a body, as only the many clients do, knows that it was accepted.
        if (/#\d+:\d+:\d;/.test(new TextDecoder().decode(bytes))) setTimeout(() => stopped ??= server.stop());
        return write(bytes);
      };
      return behave(link);
    },
  );
  const { status, out } = await run(server.endpoint.port, {
    stress: { duration: 60_000, users: 4, faults: [], shrink: 0 },
  });
  await stopped;
  assertEquals(status, 1);
  assertMatch(out, /FAIL +must +relay\/concurrent-undisturbed/);
});

Deno.test("faults of which none fits what is played are wrong usage, and nothing is played", async () => {
  const stress = { duration: 60_000, users: 2, faults: ["loss", "delay"] as const, areFaultsChosen: true, shrink: 0 };
  const { status, out, err } = await serving(ours(), (port) => run(port, { stress }));
  assertEquals([status, out], [2, ""]);
  assertMatch(err, /--faults loss,delay cannot be done to relay, which speaks over connections: it can have reset, /);
});

Deno.test("faults of which some fit are played, and the others are said to be left out, dialect by dialect", () => {
  const [stream, datagrams] = [{ isConnectionless: false }, { isConnectionless: true }];
  const notes = checkChosenFaults(["loss", "reset"], new Map([["relay", stream], ["group", datagrams]]));
  assertEquals(notes.map((note) => note.match(/^--faults (\S+) cannot be done to (\S+),/)?.slice(1)), [
    ["loss", "relay"],
    ["reset", "group"],
  ]);
  assert(notes.every((note) => note.endsWith("it is left out")));
  // What fits one of the dialects is not in vain.
  assertEquals(checkChosenFaults(["loss"], new Map([["relay", stream], ["group", datagrams]])).length, 1);
  assertThrows(() => checkChosenFaults(["reset"], new Map([["group", datagrams]])), Error, "cannot be done to group");
  assertEquals(checkChosenFaults([], new Map([["relay", stream]])), []);
  assertEquals(checkChosenFaults(["freeze", "reset"], new Map([["relay", stream]])), []);
});

Deno.test("there are as many users as there are descriptors for", () => {
  assertEquals(usersWithin(100_000, 1_024, 3), 320);
  assertEquals(usersWithin(16, 1_024, 3), 16);
  assertEquals(usersWithin(16, undefined, 3), 16);
  assert(usersWithin(5, 10, 3) === 1);
});
