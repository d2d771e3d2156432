/**
 * Three servers of one hub over a real nats-server, which are killed, stopped and cut off at random, and NATS is killed as well, while
 * users talk whose two sockets are on any two of them: real_cluster.ts [MINUTES]. Nothing may be confirmed that has not arrived,
 * nothing may arrive twice, no name may have two holders, and names must be free in time.
 *
 * @module
 */

import { Nats } from "../cluster/nats.ts";
import { Way } from "../cluster/way.ts";
import { MetricsWatch } from "./metrics_watch.ts";
import { type Listening, startServer } from "../program.ts";

const [minutes = 10] = Deno.args.map(Number);
const USERS = 12;
const NODES = ["a", "b", "c"];
/** How long a name may be kept for a server that was killed: --claim-ttl, how often users try, and what a busy machine adds. */
const LONGEST_KEPT = 10_000 + 5_000;
/** For how long after it was stopped or cut off a server may believe that it has names which others have by then. */
const MAY_BE_WRONG = 25_000;
/** How long it may take until names are given again when NATS is back. */
const LONGEST_BACK = 15_000;

const violations: string[] = [];
const arrived = new Map<string, number>();
const confirmed: string[] = [];
let sent = 0;
let isOver = false;
/** What was broken, from when to when: what was all right again is behind that. */
const broken: { readonly what: string; readonly from: number; to: number }[] = [];
/** The longest that somebody has waited for their name, in milliseconds, and what was broken meanwhile. */
let longest = { waited: 0, meanwhile: "" };
/** The same where nothing was broken but a server that was killed. */
let longestKept = 0;
/** The longest until names were given after NATS was back. */
let longestBack = 0;
/** Who has which name, as they know it, and on which servers. */
const holders = new Map<string, Map<number, readonly string[]>>();
let lives = 0;

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
await using watch = new MetricsWatch(violations);

const ways = new Map(NODES.map((node) => [node, Way.open(nats.port)]));

async function start(node: string): Promise<void> {
  for (let tries = 0; !servers.get(node) && tries < 30; tries++) {
    const options = ["--nats", `127.0.0.1:${ways.get(node)!.port}`, "--node", node, ...watch.options(node)];
    const server = await startServer(...options).catch(() => undefined);
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

/** One life of a user: registers, answers all that it gets, and sends until something breaks. */
async function live(name: string, sends: number, receives: number, registered: () => void): Promise<void> {
  const connections: Deno.TcpConn[] = [];
  const connect = async (side: string, port: number) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connections.push(connection);
    const reader = new Reader(connection);
    await write(connection, `REGISTER ${side} ${name}\n\n`);
    const [, answer] = await reader.match(/^([A-Z]+)[^\n]*\n\n/);
    if (answer !== "REGISTERED") throw new Error("refused");
    return { connection, reader };
  };
  // A server that is stopped says nothing.
  const late = setTimeout(() => connections.forEach((connection) => connection.close()), 3_000);
  try {
    const sending = await connect("TOSEND", sends);
    const receiving = await connect("TORECV", receives);
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
        await pass(Math.random() * 200);
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

/** Whether a server is believed in: it was neither stopped nor cut off lately, and is not now. */
function isRight(node: string, now: number): boolean {
  return !broken.some(({ what, to }) =>
    ["nats", `stop ${node}`, `cut ${node}`].includes(what) && now - to < MAY_BE_WRONG
  );
}

/** What was broken since then. */
function brokenSince(from: number): string[] {
  return broken.filter(({ to }) => to >= from).map(({ what }) => what);
}

/** A user, over and over again, on whichever servers there are. Others want the same name. */
async function user(name: string): Promise<void> {
  let since = performance.now();
  while (!isOver) {
    const nodes = [pick(NODES), pick(NODES)];
    const [sends, receives] = nodes.map((node) => servers.get(node)?.port);
    if (sends !== undefined && receives !== undefined) {
      const life = ++lives;
      const all = holders.get(name) ?? new Map<number, readonly string[]>();
      holders.set(name, all);
      await live(name, sends, receives, () => {
        const now = performance.now();
        for (const others of all.values()) {
          if ([...nodes, ...others].every((node) => isRight(node, now))) {
            violations.push(
              `${name} was given on ${nodes.join(" and ")}, and somebody has it on ${others.join(" and ")}`,
            );
          }
        }
        if (all.size === 0) noteWait(name, since);
        all.set(life, nodes);
      }).catch(() => {});
      // From when somebody has lost it on, and nobody has it.
      if (all.delete(life) && all.size === 0) since = performance.now();
    }
    await pass(200);
    if ((holders.get(name)?.size ?? 0) > 0) since = performance.now();
  }
}

/** Somebody has waited for their name since then. */
function noteWait(name: string, since: number): void {
  const waited = performance.now() - since;
  // What was killed just before has led to it; what was broken before that may have kept a half of somebody who tried.
  const meanwhile = brokenSince(since - 1_000);
  const before = brokenSince(since - LONGEST_KEPT);
  if (waited > longest.waited) longest = { waited, meanwhile: before.join(", ") };
  if (meanwhile.every((what) => what.startsWith("kill"))) longestKept = Math.max(longestKept, waited);
  // One failure after the other keeps a name for as long each: the first its holder's, the next that of one who tries.
  const most = before.length < 2 ? LONGEST_KEPT + LONGEST_BACK : before.length * LONGEST_KEPT;
  if (waited > most) violations.push(`${name} waited ${Math.round(waited)} ms for its name (${before.join(", ")})`);
}

/** How long it takes until a server gives a name that nobody has. */
async function serving(node: string): Promise<number> {
  const began = performance.now();
  for (let i = 0; performance.now() - began < 60_000; i++) {
    const server = servers.get(node);
    if (server === undefined) return 0;
    let isRegistered = false;
    const name = `probe${node}${Math.floor(Math.random() * 1e9)}`;
    const life = live(name, server.port, server.port, () => isRegistered = true);
    await Promise.race([life.catch(() => {}), pass(1_000)]);
    if (isRegistered) return performance.now() - began;
  }
  return Infinity;
}

async function breakSomething(): Promise<void> {
  const node = pick(NODES);
  const server = servers.get(node);
  const kind = pick(["kill", "stop", "cut", "nats"]);
  const duration = 1_000 + Math.random() * 12_000;
  const what = kind === "nats" ? kind : `${kind} ${node}`;
  say(`${Math.round(performance.now() / 1000)} s: ${what}`);
  const now = { what, from: performance.now(), to: Infinity };
  broken.push(now);
  if (kind === "nats") {
    await nats.kill();
    await pass(duration / 2);
    nats.restart();
    now.to = performance.now();
    for (const other of NODES) {
      const waited = await serving(other);
      longestBack = Math.max(longestBack, waited);
      if (waited > LONGEST_BACK) {
        violations.push(`${other} gave no names for ${Math.round(waited)} ms after NATS was back`);
      }
    }
  } else if (server !== undefined && kind === "kill") {
    servers.set(node, undefined);
    server.server.signal("SIGKILL");
    now.to = performance.now();
    await server.server.finished();
    await start(node);
  } else if (server !== undefined && kind === "stop") {
    server.server.signal("SIGSTOP");
    await pass(duration);
    server.server.signal("SIGCONT");
  } else if (kind === "cut") {
    ways.get(node)!.cut();
    await pass(duration);
    ways.get(node)!.heal();
  }
  now.to = Math.min(now.to, performance.now());
  await pass(3_000);
}

await Promise.all(NODES.map(start));
// Two want each name.
const users = Array.from({ length: 2 * USERS }, (_, i) => user(`user${i % USERS}`));
/** Nodes come and go, and what each of them has counted adds up. */
const monitors = NODES.map(async (node) => {
  for (; !isOver; await pass(1_000)) await watch.look(node);
});
while (performance.now() < minutes * 60_000) await breakSomething();
await pass(15_000);
isOver = true;
await Promise.all([...users, ...monitors]);
for (const body of confirmed) if (!arrived.has(body)) violations.push(`${body} was confirmed, and has not arrived`);
for (const [body, times] of arrived) if (times > 1) violations.push(`${body} has arrived ${times} times`);
for (const server of servers.values()) await server?.server[Symbol.asyncDispose]();
for (const way of ways.values()) way[Symbol.dispose]();
const seconds = (duration: number) => `${(duration / 1000).toFixed(1)} s`;
say(`${sent} sent, ${confirmed.length} confirmed, ${arrived.size} arrived`);
say(`a name was kept for a server that was killed ${seconds(longestKept)} at most`);
say(`the longest wait for a name was ${seconds(longest.waited)}: ${longest.meanwhile}`);
say(`after NATS was back, names were given within ${seconds(longestBack)}`);
say(`the metrics were read ${watch.readings} times`);
for (const violation of violations) say(violation);
if (violations.length > 0 || confirmed.length === 0) Deno.exit(1);
