/**
 * Three servers of one hub over a real nats-server, which are killed and stopped at random, and NATS as well, while users talk:
 * real_cluster.ts [MINUTES]. Nothing may be confirmed that has not arrived, nothing may arrive twice, and names must be free in time.
 *
 * @module
 */

import { Nats } from "../cluster/nats.ts";
import { type Listening, startServer } from "../program.ts";

const [minutes = 10] = Deno.args.map(Number);
const USERS = 12;
const NODES = ["a", "b", "c"];
/** How long a name may be kept for a server that was killed: --claim-ttl, and what a busy machine adds. */
const LONGEST_KEPT = 15_000;
/** How long it may take until names are given again when NATS is back. */
const LONGEST_BACK = 15_000;

const violations: string[] = [];
const arrived = new Map<string, number>();
const confirmed: string[] = [];
let sent = 0;
let isOver = false;
/** The longest that somebody has waited for their name, in milliseconds. */
let longest = 0;

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function pass(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]!;
}

await using nats = await Nats.start();
const servers = new Map<string, Listening | undefined>();

async function start(node: string): Promise<void> {
  for (let tries = 0; !servers.get(node) && tries < 30; tries++) {
    const server = await startServer("--nats", `127.0.0.1:${nats.port}`, "--node", node).catch(() => undefined);
    servers.set(node, server);
    if (server === undefined) await pass(1_000); // NATS is away.
  }
}

/** Reads text from a connection until some of it matches, and gives that; what is behind it is kept for the next time. */
class Reader {
  readonly #connection: Deno.TcpConn;
  readonly #buffer = new Uint8Array(8192);
  #text = "";

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  async match(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return match;
      }
      const size = await this.#connection.read(this.#buffer);
      if (size === null) throw new Error("closed");
      this.#text += new TextDecoder().decode(this.#buffer.subarray(0, size));
    }
  }
}

async function write(connection: Deno.TcpConn, text: string): Promise<void> {
  await connection.write(new TextEncoder().encode(text));
}

/** One life of a user on one server: registers, answers all that it gets, and sends until something breaks. */
async function live(name: string, port: number, registered: () => void): Promise<void> {
  const connections: Deno.TcpConn[] = [];
  const connect = async (side: string) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connections.push(connection);
    const reader = new Reader(connection);
    await write(connection, `REGISTER ${side} ${name}\n\n`);
    await reader.match(new RegExp(`^REGISTERED ${side} ${name}\n\n`));
    return { connection, reader };
  };
  // A refusal does not match: it ends with the server's closing, or this.
  const late = setTimeout(() => connections.forEach((connection) => connection.close()), 3_000);
  try {
    const sending = await connect("TOSEND");
    const receiving = await connect("TORECV");
    clearTimeout(late);
    registered();
    const hear = async () => {
      for (;;) {
        const [, from, body] = await receiving.reader.match(/^FORWARD (\w+)\nContent-length: \d+\n\n(\d+;)/);
        arrived.set(body!, (arrived.get(body!) ?? 0) + 1);
        await write(receiving.connection, `RECEIVED ${from}\n\n`);
      }
    };
    const talk = async () => {
      while (!isOver) {
        const body = `${sent++};`;
        await write(
          sending.connection,
          `SEND user${Math.floor(Math.random() * USERS)}\nContent-length: ${body.length}\n\n${body}`,
        );
        const [, word] = await sending.reader.match(/^(SENT|ERROR)[^\n]*\n\n/);
        if (word === "SENT") confirmed.push(body);
        await pass(Math.random() * 50);
      }
      throw new Error("over");
    };
    await Promise.race([hear(), talk()]);
  } finally {
    clearTimeout(late);
    for (const connection of connections) {
      try {
        connection.close();
      } catch {
        // It is closed already.
      }
    }
  }
}

/** A user, over and over again, on whichever server there is. */
async function user(name: string): Promise<void> {
  let since = performance.now();
  let has = false;
  while (!isOver) {
    const server = servers.get(pick(NODES));
    if (server !== undefined) {
      await live(name, server.port, () => {
        const waited = performance.now() - since;
        longest = Math.max(longest, waited);
        if (waited > LONGEST_KEPT + LONGEST_BACK) {
          violations.push(`${name} waited ${Math.round(waited)} ms for its name`);
        }
        has = true;
      }).catch(() => {});
      // From when it has lost its name on.
      if (has) since = performance.now();
      has = false;
    }
    await pass(200);
  }
}
/** How long it takes until a server gives a name that nobody has. */
async function serving(node: string): Promise<number> {
  const began = performance.now();
  for (let i = 0; performance.now() - began < 60_000; i++) {
    const server = servers.get(node);
    if (server === undefined) return 0;
    let isRegistered = false;
    const life = live(`probe${node}${Math.floor(Math.random() * 1e9)}`, server.port, () => isRegistered = true);
    await Promise.race([life.catch(() => {}), pass(1_000)]);
    if (isRegistered) return performance.now() - began;
  }
  return Infinity;
}

async function breakSomething(): Promise<void> {
  const node = pick(NODES);
  const server = servers.get(node);
  const kind = pick(["kill", "stop", "nats"]);
  const duration = 1_000 + Math.random() * 12_000;
  say(`${Math.round(performance.now() / 1000)} s: ${kind} ${kind === "nats" ? "" : node}`);
  if (kind === "nats") {
    await nats.kill();
    await pass(duration / 2);
    nats.restart();
    for (const other of NODES) {
      const waited = await serving(other);
      if (waited > LONGEST_BACK) {
        violations.push(`${other} gave no names for ${Math.round(waited)} ms after NATS was back`);
      }
    }
  } else if (server !== undefined && kind === "kill") {
    servers.set(node, undefined);
    server.server.signal("SIGKILL");
    await server.server.finished();
    await start(node);
  } else if (server !== undefined) {
    server.server.signal("SIGSTOP");
    await pass(duration);
    server.server.signal("SIGCONT");
  }
  await pass(3_000);
}

await Promise.all(NODES.map(start));
const users = Array.from({ length: USERS }, (_, i) => user(`user${i}`));
while (performance.now() < minutes * 60_000) await breakSomething();
await pass(15_000);
isOver = true;
await Promise.all(users);
for (const body of confirmed) if (!arrived.has(body)) violations.push(`${body} was confirmed, and has not arrived`);
for (const [body, times] of arrived) if (times > 1) violations.push(`${body} has arrived ${times} times`);
for (const server of servers.values()) await server?.server[Symbol.asyncDispose]();
say(
  `${sent} sent, ${confirmed.length} confirmed, ${arrived.size} arrived; the longest wait for a name ${
    Math.round(longest)
  } ms`,
);
for (const violation of violations) say(violation);
if (violations.length > 0 || confirmed.length === 0) Deno.exit(1);
