/**
 * Whoever talks to one node of a cluster must not be able to tell it from a server that is alone.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
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
import { World } from "../lib/simulation/world.ts";
import { SimulatedServers } from "./cluster/simulated_servers.ts";

for (const { name: dialect } of DIALECTS) {
  Deno.test(`${dialect}: each fixture passes with a node whose names others decide on, some time later`, async () => {
    const world = new World({ seed: 1 });
    const library = await loadLibrary(dialect, { dirs: [], embedded: true });
    await world.run(async () => {
      const servers = new SimulatedServers(world);
      await servers.start();
      await servers.start();
      const endpoint = servers.at(0, dialect);
      const { results } = await runTarget({ dialect, ...endpoint }, library, library.fixtures, {
        timeout: 5_000,
        jobs: 4,
        onResult: () => {},
        surroundings: simulatedSurroundings(world, () => endpoint),
        accommodates: false,
        seed: 1,
      });
      const failed = results.filter(({ verdict }) => verdict !== "pass");
      assertEquals(failed.map(({ fixture, verdict, failure }) => `${fixture.name}: ${verdict} ${failure?.reason}`), []);
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
    /** Asks something, and gives what has come since the last time, tables left out. */
    async ask(request: Request | undefined): Promise<string[]> {
      if (request !== undefined) port.send(encodeRequest(request), server);
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
        serverPort: 4000,
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
