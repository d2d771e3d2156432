/**
 * Whoever talks to one node of a cluster must not be able to tell it from a server that is alone.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadLibrary } from "../conformance/fixtures/library.ts";
import { runTarget } from "../conformance/run/run.ts";
import { simulatedSurroundings } from "../conformance/run/simulated_surroundings.ts";
import type { Endpoint } from "../lib/core/link.ts";
import {
  type Answer,
  decodeAnswer,
  decodeTable,
  type Direct,
  encodeAcknowledgement,
  encodeRequest,
  type Request,
} from "../lib/dialects/group/messages.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { CALM_WIRE } from "../lib/simulation/conditions.ts";
import { World } from "../lib/simulation/world.ts";
import { SimulatedServers } from "./cluster/simulated_servers.ts";

for (const { name: dialect } of DIALECTS) {
  Deno.test(`${dialect}: each fixture passes with clients spread over two nodes, connection by connection`, async () => {
    const world = new World({ seed: 1 });
    const library = await loadLibrary(dialect, { dirs: [], embedded: true });
    await world.run(async () => {
      // Between servers it is no farther than from a client to its server (docs/cluster.md, What is not).
      world.net.conditions = { ...CALM_WIRE, latency: 5 };
      const servers = new SimulatedServers(world, { from: 0.1, to: 2 });
      await servers.start();
      await servers.start();
      const target = { dialect, ...servers.at(0, dialect), further: [servers.at(1, dialect)] };
      const reached = new Set<number>();
      world.net.watch({ taken: (_client, { port }) => reached.add(port) });
      world.net.datagrams.watch(({ to }) => reached.add(to.port));
      const { results } = await runTarget(target, library, library.fixtures, {
        timeout: 5_000,
        jobs: 4,
        onResult: () => {},
        surroundings: simulatedSurroundings(world),
        accommodates: false,
        seed: 1,
      });
      const failed = results.filter(({ verdict }) => verdict !== "pass");
      assertEquals(failed.map(({ fixture, verdict, failure }) => `${fixture.name}: ${verdict} ${failure?.reason}`), []);
      for (const { port } of [target, ...target.further]) assert(reached.has(port), "nobody was spread");
      await servers.stop();
    });
  });
}

/** How a client asks for a name, how it is told that it has it, and where it may ask again, that nobody can be asked. */
const REGISTRATIONS = {
  relay: { asks: "REGISTER TOSEND alice\n\n", has: /^REGISTERED TOSEND alice\n\n$/, cannot: /^ERROR 100 [^\n]*\n\n$/ },
  slash: { asks: "alice\n", has: /Hello alice!/, cannot: /cannot be given at the moment/ },
  room: { asks: "alice", has: /Welcome alice!/, cannot: /cannot be given at the moment/ },
} as const;

/** A connection whose text is gathered. */
async function connect(world: World, endpoint: Endpoint) {
  const link = await world.network.connect(endpoint);
  let heard = "";
  link.start({
    receive: (bytes) => heard += new TextDecoder().decode(bytes),
    ended: () => link.end("left"),
    closed: () => {},
  });
  const pass = (duration: number) => new Promise<void>((resolve) => world.runtime.after(duration, resolve));
  return {
    /** Says something, and gives what is said within the time that several nodes take to agree. */
    async say(text: string): Promise<string> {
      await pass(500);
      heard = "";
      link.write(new TextEncoder().encode(text));
      await pass(3_000);
      return heard;
    },
    close: () => link.end("done"),
  };
}

for (const [dialect, { asks, has, cannot }] of Object.entries(REGISTRATIONS)) {
  Deno.test(`${dialect}: a name that nobody can decide on is refused, and can be had when that is over`, async () => {
    const world = new World({ seed: 2 });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      await servers.start();
      await servers.start();
      const client = await connect(world, servers.at(0, dialect));
      servers.cut(0);
      assertMatch(await client.say(asks), cannot);
      assertMatch(await client.say(asks), cannot);
      servers.heal(0);
      await client.say("");
      assertMatch(await client.say(asks), has);
      client.close();
      const other = await connect(world, servers.at(1, dialect));
      if (dialect !== "relay") await other.say("");
      assertMatch(await other.say(asks), has, "it was given back, here and there");
      other.close();
      await servers.stop();
    });
  });
}

Deno.test("frame: a server that is cut off refuses clients, and its log does not say that all IDs are taken", async () => {
  const world = new World({ seed: 2 });
  await world.run(async () => {
    const servers = new SimulatedServers(world);
    await servers.start();
    servers.cut(0);
    const client = await connect(world, servers.at(0, "frame"));
    assertEquals(await client.say(""), "");
    assertEquals(servers.log.filter((text) => text.includes("frame IDs")), [
      "no frame IDs can be given while this server is cut off from the others: clients are refused",
    ]);
    servers.heal(0);
    await servers.stop();
  });
});

/** A group client by hand, which acknowledges what it is sent. */
function groupClient(world: World, name: string, hostname: string, server: Endpoint) {
  const port = world.net.host(hostname).openPort({ hostname, port: 2000 });
  let heard: (Answer | Direct)[] = [];
  const local = { ip: hostname, port: 2000 };
  port.start({
    receive: (bytes) => {
      const answer = decodeAnswer(bytes);
      if (typeof answer === "string") return;
      heard.push(answer);
      if (answer.verb === "send_group") port.send(encodeAcknowledgement(answer.message, local.port), server);
    },
    closed: () => {},
  });
  const pass = (duration: number) => new Promise<void>((resolve) => world.runtime.after(duration, resolve));
  return {
    /** To whom it sends. */
    server,
    /** Asks something, and gives what has come since the last time, tables left out. */
    async ask(request: Request | undefined): Promise<string[]> {
      if (request !== undefined) port.send(encodeRequest(request), this.server);
      await pass(1_000);
      const texts = heard.flatMap((answer) => "message" in answer ? [`${answer.verb}: ${answer.message}`] : []);
      heard = [];
      return texts;
    },
    /** The latest table, a mode for each name. */
    async table(): Promise<Record<string, string | undefined>> {
      heard = [];
      port.send(encodeRequest({ verb: "register", user: name, ...local }, true), server);
      await pass(1_000);
      const tables = heard.flatMap((answer) => answer.verb === "update" ? [decodeTable(answer.payload)] : []);
      heard = [];
      return Object.fromEntries([...tables.at(-1)!.values()].map((row) => [row.name, row.mode]));
    },
    register: { verb: "register", user: name, ...local } as const,
    create: (group: string) => ({ verb: "create_group", port: 2000, group, user: name }) as const,
    join: (group: string) => ({ verb: "join_group", port: 2000, group, user: name }) as const,
    list: { verb: "list_groups", port: 2000, user: name } as const,
    members: (group: string) => ({ verb: "list_members", port: 2000, user: name, group }) as const,
    tell: (group: string, message: string) =>
      ({
        verb: "send_group",
        user: name,
        port: 2000,
        message,
        serverIp: server.hostname,
        serverPort: server.port,
        group,
      }) as const,
    close: () => port.close("done"),
  };
}

Deno.test("groups are the same on all nodes: made once, with members everywhere, and kept when their node is gone", async () => {
  const world = new World({ seed: 3 });
  await world.run(async () => {
    const servers = new SimulatedServers(world);
    for (let i = 0; i < 3; i++) await servers.start();
    const sana = groupClient(world, "sana", "192.0.2.11", servers.at(0, "group"));
    const aysha = groupClient(world, "aysha", "192.0.2.12", servers.at(1, "group"));
    for (const client of [sana, aysha]) await client.ask(client.register);
    assertEquals(await sana.ask(sana.create("ski")), ["ack: [Group ski created by Server.]"]);
    assertEquals(await aysha.ask(aysha.create("ski")), ["ack: [Group ski already exists.]"]);
    assertEquals((await aysha.ask(aysha.list)).slice(2), ["list_groups: ski"]);
    for (const client of [sana, aysha]) {
      assertEquals(await client.ask(client.join("ski")), ["ack: [Entered group ski successfully.]"]);
    }
    assertEquals((await sana.ask(sana.members("ski"))).slice(2), [
      "list_members: (ski) sana",
      "list_members: (ski) aysha",
    ]);
    assertEquals(await sana.ask(sana.tell("ski", "snow!")), ["ack: [Message received by Server.]"]);
    assertEquals(await aysha.ask(undefined), ["send_group: Group_Message <sana>: snow!"]);
    await servers.kill(0);
    await new Promise<void>((resolve) => world.runtime.after(30_000, resolve));
    const carol = groupClient(world, "carol", "192.0.2.13", servers.at(2, "group"));
    await carol.ask(carol.register);
    assertEquals((await carol.ask(carol.list)).slice(2), ["list_groups: ski"]);
    assertEquals(await carol.table(), { carol: "normal", aysha: "ski", sana: "normal" });
    for (const client of [sana, aysha, carol]) client.close();
    await servers.stop();
  });
});

/** One socket of a relay user. */
async function relaySocket(world: World, endpoint: Endpoint) {
  const link = await world.network.connect(endpoint);
  let heard = "";
  let isClosed = false;
  link.start({
    receive: (bytes) => heard += new TextDecoder().decode(bytes),
    ended: () => link.end("left"),
    closed: () => isClosed = true,
  });
  return {
    get isClosed() {
      return isClosed;
    },
    /** Says something, and gives what has been said by some time later. */
    async say(text = "", duration = 500): Promise<string> {
      link.write(new TextEncoder().encode(text));
      await new Promise<void>((resolve) => world.runtime.after(duration, resolve));
      const said = heard;
      heard = "";
      return said;
    },
    close: () => link.end("done"),
  };
}

/** A user of relay whose sockets are on two of three servers: which has which, and comes first. */
const PLACES = [
  { sends: 0, receives: 1, isSendingFirst: true, dies: 0 },
  { sends: 0, receives: 1, isSendingFirst: false, dies: 1 },
];

for (const { sends, receives, isSendingFirst, dies } of PLACES) {
  const order = isSendingFirst ? "TOSEND first" : "TORECV first";
  const registered = async (world: World, servers: SimulatedServers, name: string) => {
    const sending = await relaySocket(world, servers.at(sends, "relay"));
    const receiving = await relaySocket(world, servers.at(receives, "relay"));
    const both = [[sending, "TOSEND"], [receiving, "TORECV"]] as const;
    for (const [socket, side] of isSendingFirst ? both : both.toReversed()) {
      assertEquals(await socket.say(`REGISTER ${side} ${name}\n\n`), `REGISTERED ${side} ${name}\n\n`);
    }
    return { sending, receiving };
  };

  Deno.test(`a relay user's sockets may be on two servers: the user sends and receives, and leaves with either (${order})`, async () => {
    const world = new World({ seed: 4 });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      for (let i = 0; i < 3; i++) await servers.start();
      const alice = await registered(world, servers, "alice");
      const bob = await registered(world, servers, "bob");
      const other = await relaySocket(world, servers.at(2, "relay"));
      assertEquals(await other.say("REGISTER TORECV alice\n\n"), "ERROR 100 Malformed username\n\n");
      assertEquals(await alice.sending.say("SEND bob\nContent-length: 2\n\nhi"), "");
      assertEquals(await bob.receiving.say(), "FORWARD alice\nContent-length: 2\n\nhi");
      assertEquals(await bob.receiving.say("RECEIVED alice\n\n"), "");
      assertEquals(await alice.sending.say(), "SENT bob\n\n");
      assertEquals(await bob.sending.say("SEND ALL\nContent-length: 1\n\n!"), "");
      assertEquals(await bob.receiving.say(), "", "what one says to all is not said to oneself");
      assertEquals(await alice.receiving.say("RECEIVED bob\n\n"), "FORWARD bob\nContent-length: 1\n\n!");
      assertEquals(await bob.sending.say(), "SENT ALL\n\n");
      alice.sending.close();
      bob.receiving.close();
      await other.say();
      assertEquals([alice.receiving.isClosed, bob.sending.isClosed], [true, true]);
      for (const name of ["alice", "bob"]) {
        const again = await registered(world, servers, name);
        again.sending.close();
      }
      other.close();
      await servers.stop();
    });
  });

  Deno.test(`when the server of one socket of a relay user dies, the other is closed, and the name is free (${order})`, async () => {
    const world = new World({ seed: 5 });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      for (let i = 0; i < 3; i++) await servers.start();
      const alice = await registered(world, servers, "alice");
      servers.kill(dies);
      const other = dies === sends ? alice.receiving : alice.sending;
      await other.say("", 12_000);
      assert(other.isClosed);
      const next = await relaySocket(world, servers.at(2, "relay"));
      assertEquals(await next.say("REGISTER TOSEND alice\n\n"), "REGISTERED TOSEND alice\n\n");
      next.close();
      await servers.stop();
    });
  });
}

Deno.test("of two that want one name on two servers, each half goes with the one that has it, wherever it comes to", async () => {
  const winners = new Set<number>();
  for (let seed = 1; seed <= 6; seed++) {
    const world = new World({ seed });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      for (let i = 0; i < 2; i++) await servers.start();
      const senders = [
        await relaySocket(world, servers.at(0, "relay")),
        await relaySocket(world, servers.at(1, "relay")),
      ];
      const receiver = await relaySocket(world, servers.at(1, "relay"));
      const answers = await Promise.all([
        ...senders.map((sender) => sender.say("REGISTER TOSEND alice\n\n")),
        receiver.say("REGISTER TORECV alice\n\n"),
      ]);
      const [first, second] = answers.map((answer) => answer.startsWith("REGISTERED"));
      assert(first !== second, answers.join());
      winners.add(first ? 0 : 1);
      assertEquals(answers[2], "REGISTERED TORECV alice\n\n", `seed ${seed}`);
      for (const socket of [...senders, receiver]) socket.close();
      await servers.stop();
    });
  }
  assertEquals(winners.size, 2, "either is first now and then");
});

Deno.test("what a group client sends to another server of the hub than its own is answered by its own", async () => {
  const world = new World({ seed: 6 });
  await world.run(async () => {
    const servers = new SimulatedServers(world);
    for (let i = 0; i < 2; i++) await servers.start();
    const sana = groupClient(world, "sana", "192.0.2.11", servers.at(0, "group"));
    await sana.ask(sana.register);
    sana.server = servers.at(1, "group");
    assertEquals(await sana.ask(sana.create("ski")), ["ack: [Group ski created by Server.]"]);
    assertEquals(
      await sana.ask(sana.register),
      ["ack: [Cannot register with a name already used.]"],
      "it is not the same port",
    );
    sana.close();
    await servers.stop();
  });
});

Deno.test("a group client's datagrams may come to any server that shares its ports with the client's own, also when it registers", async () => {
  const world = new World({ seed: 7 });
  await world.run(async () => {
    const servers = new SimulatedServers(world);
    servers.sharedPorts = "all";
    for (let i = 0; i < 2; i++) await servers.start();
    const sana = groupClient(world, "sana", "192.0.2.11", servers.at(0, "group"));
    await sana.ask(sana.register);
    sana.server = servers.at(1, "group");
    assertEquals(await sana.ask(sana.register), ["ack: [Welcome, You are registered.]"]);
    assertEquals(await sana.ask(sana.create("ski")), ["ack: [Group ski created by Server.]"]);
    sana.close();
    await servers.stop();
  });
});
