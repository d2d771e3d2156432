/**
 * `chat connect --ping`: which servers answer, and that nobody has joined them.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseCommandLine } from "../lib/cli.ts";
import { type PingOptions, pingServer, type PingSurroundings, type Pong } from "../lib/client/ping.ts";
import { ChatError } from "../lib/core/error.ts";
import type { LinkHandler } from "../lib/core/link.ts";
import { DIALECTS, findDialect } from "../lib/dialects/registry.ts";
import { Server } from "../lib/server/server.ts";
import { World } from "../lib/simulation/world.ts";
import { runProgram, startServer } from "./program.ts";

const HOST = "192.0.2.9";

/** What asking takes, in a world. */
function surroundingsIn({ runtime, net, network }: World): PingSurroundings {
  return {
    runtime,
    dial: (server, signal) => network.connect(server, { signal }),
    openPort: (server) =>
      Promise.resolve({ port: net.host("192.0.2.1").openPort({ hostname: "192.0.2.1", port: 0 }), server }),
  };
}

/** Runs something beside a server of ours that speaks all dialects on their default ports. */
async function besideOurs(act: (world: World, server: Server) => Promise<void>): Promise<void> {
  const world = new World({ seed: 1 });
  const ports = DIALECTS.flatMap(({ name, defaultPort }) => [`--${name}`, String(defaultPort)]);
  const command = parseCommandLine(["serve", "--host", HOST, ...ports], { colors: false, isTerminal: false });
  if (command.kind !== "serve") throw new TypeError("these are not the options of a server");
  // Code is loaded in real time.
  const surroundings = { runtime: world.runtime, network: world.net.host(HOST) };
  const server = await Server.start(command.options, () => {}, undefined, surroundings);
  await world.run(async () => {
    await act(world, server);
    await server.stop();
  });
}

/** Asks a server on this port of the host. */
function ask(world: World, dialect: string, port: number, options: Partial<PingOptions> = {}): Promise<Pong> {
  return pingServer({ server: { hostname: HOST, port }, dialect, timeout: 3_000, ...options }, surroundingsIn(world));
}

/** Why there was no answer. */
async function failureOf(asking: Promise<Pong>): Promise<string> {
  const error = await assertRejects(() => asking, ChatError);
  assertEquals(error.code, "unreachable");
  return error.message;
}

for (const { name, defaultPort, assignsNames } of DIALECTS) {
  Deno.test(`a server of ours answers a ping in ${name}, and nobody is told that somebody came`, async () => {
    await besideOurs(async (world, server) => {
      const came: string[] = [];
      server.hub.watch({ entered: ({ dialect }) => came.push(dialect), confirmed: () => {}, left: () => {} });
      const pong = await ask(world, name, defaultPort);
      assertEquals([pong.server, pong.dialect], [`${HOST}:${defaultPort}`, name]);
      // Whoever connects to frame has an ID, but not for longer than that.
      assertEquals(came, assignsNames ? [name] : []);
      await new Promise<void>((resolve) => world.runtime.after(5_000, resolve));
      assertEquals([...server.hub.members()], []);
    });
  });

  Deno.test(`what speaks something else is no ${name} server, and what it speaks is said where it shows`, async () => {
    await besideOurs(async (world) => {
      // Two may have one port, over TCP and over UDP.
      for (const other of DIALECTS.filter((other) => other.transport === "tcp" && other.defaultPort !== defaultPort)) {
        const why = await failureOf(ask(world, name, other.defaultPort));
        const sameTransport = other.transport === findDialect(name)!.transport;
        const told = `speaks? ${other.name}, not ${name}: ask with --dialect ${other.name}$`;
        // A server that waits for its client may not understand the question, or tells only what carries it.
        const isCertain = sameTransport && (other.speaksFirst || name === "relay");
        assertMatch(why, new RegExp(isCertain ? told : `${told}|does not answer within 3 s|speaks HTTP, not ${name}$`));
      }
    });
  });
}

/** Servers that are none of ours: what each does with a connection. */
const STRANGERS: { readonly [what: string]: (say: (text: string) => void, end: () => void) => Partial<LinkHandler> } = {
  "says nothing": () => ({}),
  "closes at once": (_, end) => (end(), {}),
  "is an HTTP server": (say) => ({ receive: () => say("HTTP/1.1 400 Bad Request\r\n\r\n") }),
  "sends its noise": (say) => (say(`\x1b[31m${"x".repeat(5_000)}`), {}),
  "greets in words of its own": (say) => (say("Hi! What is your name?\n"), {}),
  "waits for an alias": (say) => ({ receive: () => say("/help: commands are /dm and /bm\n") }),
};

Deno.test("of a stranger's server it is told what it did, and a dialect that pins no bytes takes any words", async () => {
  const answers: Record<string, Record<string, string>> = {};
  for (const [what, serve] of Object.entries(STRANGERS)) {
    const world = new World({ seed: 1 });
    answers[what] = {};
    for (const dialect of ["relay", "frame", "slash", "room"]) {
      answers[what]![dialect] = await world.run(async () => {
        const listener = world.net.host(HOST).listen({ hostname: HOST, port: 4000 }, {}, (link) => {
          const say = (text: string) => link.write(new TextEncoder().encode(text));
          const end = () => link.end("done");
          const handler = { receive: () => {}, ended: end, closed: () => {} };
          link.start(handler);
          Object.assign(handler, serve(say, end));
        });
        const asked = await ask(world, dialect, 4000).then(() => "answered", ({ message }: Error) => message);
        listener.close();
        return asked.replace(`${HOST}:4000 `, "").replace(/: (?:a|it is full).*/, "");
      });
    }
  }
  const silent = "does not answer within 3 s";
  assertEquals(answers["says nothing"], { relay: silent, frame: silent, slash: silent, room: silent });
  const closed = "has said nothing and closes the connection";
  assertEquals(answers["closes at once"], { relay: closed, frame: closed, slash: closed, room: closed });
  assertEquals(answers["is an HTTP server"], {
    relay: "speaks HTTP, not relay",
    frame: silent,
    slash: "speaks HTTP, not slash",
    room: silent,
  });
  assertMatch(answers["sends its noise"]!["relay"]!, /^says "\\x1b\[31mx{55}…", which is no relay$/);
  assertEquals(answers["greets in words of its own"]!["slash"], "answered");
  assertEquals(answers["waits for an alias"]!["slash"], "answered");
});

Deno.test("a server that cannot be reached, or that no answer comes from, costs no more than the timeout", async () => {
  const world = new World({ seed: 1 });
  await world.run(async () => {
    assertMatch(await failureOf(ask(world, "relay", 4000)), /^cannot reach 192\.0\.2\.9:4000: /);
    const begun = world.runtime.now();
    const why = await failureOf(ask(world, "group", 4000, { timeout: 700 }));
    assertMatch(why, /^192\.0\.2\.9:4000 does not answer within 0\.7 s: group is spoken over UDP/);
    assertEquals(world.runtime.now() - begun, 700);
  });
});

Deno.test("chat connect --ping ends with 0 or 3, in words or in JSON, and takes no name", async () => {
  const { server, port } = await startServer();
  {
    await using _ = server;
    const there = await runProgram(["connect", "--ping", "--server", `127.0.0.1:${port}`]);
    assertMatch(there.stdout, new RegExp(`^127\\.0\\.0\\.1:${port} speaks relay: answered in [0-9.]+ ms\\n$`));
    assertEquals([there.status, there.stderr], [0, ""]);
  }
  const gone = await runProgram(["connect", "--ping", "--json", "--server", `127.0.0.1:${port}`]);
  assertEquals([gone.status, gone.stderr, JSON.parse(gone.stdout).event], [3, "", "problem"]);
});
