/**
 * A group server without a network, for tests: clients are no more than endpoints, and the test moves the time.
 *
 * @module
 */

import { Deadlines } from "../../../core/deadlines.ts";
import type { Endpoint } from "../../../core/link.ts";
import type { TotalQueued } from "../../../core/queued.ts";
import { Hub } from "../../../hub/hub.ts";
import { IdPool } from "../../../hub/id_pool.ts";
import { RecordedPort } from "./recorded_port.ts";
import type { DatagramGuard } from "../../dialect.ts";
import { GroupServer } from "../server.ts";

const SERVER: Endpoint = { hostname: "192.0.2.9", port: 4000 };

/** What a client is answered when it has registered. */
export const WELCOME_TEXT = "[Welcome, You are registered.]";

/** A client as the wire shows it. Texts have `|` for line breaks. */
export interface WireClient {
  /** Its name. */
  readonly name: string;
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** Sends a datagram from a port of its own, as the document's client does. */
  ask(text: string): void;
  /** Everything that came. */
  take(): string[];
  /** What came but for tables, in short: the header and the first value. */
  answers(): string[];
  /** The last table that came: see {@linkcode tableOf}. */
  table(): string[] | undefined;
}

/** A server, and all that a test needs of it. */
export interface ServerWorld {
  /** The time; {@linkcode ServerWorld.pass} moves it in small steps. */
  readonly deadlines: Deadlines;
  /** Where all dialects meet. */
  readonly hub: Hub;
  /** The server's port. */
  readonly port: RecordedPort;
  /** The server. */
  readonly server: GroupServer;
  /** What it has logged. */
  readonly log: string[];
  /** Lets milliseconds pass. */
  pass(ms: number): void;
  /** Somebody who has not registered. */
  client(name: string, port: number, hostname?: string): WireClient;
  /** Somebody who has. */
  register(name: string, port: number, hostname?: string): WireClient;
  /** Somebody in a group. */
  join(name: string, port: number, group: string): WireClient;
  /** Makes a group; gives the one who did, who is not in it. */
  create(group: string): WireClient;
}

/** Lets in everybody, and believes only those who say that they are at `192.0.2.1`. */
export const WARY: DatagramGuard = {
  enter: () => ({ heard: () => {}, takes: () => true, charge: () => {}, left: () => {} }),
  answersStranger: () => true,
  trusts: (hostname) => hostname === "192.0.2.1",
  yields: () => {},
  unprovenBudget: 16 * 1024,
};

/** A server with a clock that the test moves, and clients that are no more than endpoints; counts what waits in `queued`. */
export function startServer(guard?: DatagramGuard, queued?: TotalQueued): ServerWorld {
  const deadlines = new Deadlines(0);
  const log: string[] = [];
  const hub = new Hub({ ackTimeout: 5000, deadlines, wallClock: () => 0, ids: new IdPool(2, 255) });
  const port = new RecordedPort(SERVER);
  const note = (_level: string, text: string) => void log.push(text);
  const context = { hub, deadlines, maxMessage: 65_536, log: note, ...queued !== undefined && { queued } };
  const server = new GroupServer(context, port, guard);
  port.start(server);
  const pass = (ms: number) => {
    for (const end = deadlines.now + ms; deadlines.now < end;) deadlines.advance(deadlines.now + 10);
  };
  const client = (name: string, portNumber: number, hostname = "192.0.2.1"): WireClient => {
    const endpoint = { hostname, port: portNumber };
    return {
      name,
      endpoint,
      ask: (text: string) => port.feed(text, { hostname, port: 50_000 + (portNumber % 1000) }),
      take: () => port.take(endpoint),
      answers: () =>
        port.take(endpoint).filter((text) => !text.startsWith("Header:|update|")).map((text) => {
          const lines = text.split("|");
          return `${lines[1]} ${lines[3]}`;
        }),
      table: () => tableOf(port.take(endpoint).findLast((text) => text.startsWith("Header:|update|"))),
    };
  };
  const register = (name: string, portNumber: number, hostname?: string) => {
    const one = client(name, portNumber, hostname);
    one.ask(`header:|register|username:|${name}|ip:|10.0.0.1|port:|${portNumber}`);
    must(one.answers(), [`ack ${WELCOME_TEXT}`]);
    return one;
  };
  const join = (name: string, portNumber: number, group: string) => {
    const one = register(name, portNumber);
    one.ask(`header:|join_group|port:|${portNumber}|group_name:|${group}|current_user:|${name}`);
    must(one.answers(), [`ack [Entered group ${group} successfully.]`]);
    return one;
  };
  const create = (group: string) => {
    const one = register("creator", 1999);
    one.ask(`header:|create_group|port:|1999|group_name:|${group}|current_user:|creator`);
    must(one.answers(), [`ack [Group ${group} created by Server.]`]);
    return one;
  };
  return { deadlines, hub, port, server, log, pass, client, register, join, create };
}

function must(answers: readonly string[], expected: readonly string[]): void {
  if (answers.join() !== expected.join()) throw new Error(`answered ${answers}, not ${expected}`);
}

/** A table as `name status mode`, in order; with the address where `withAddress`. */
export function tableOf(datagram: string | undefined, withAddress = false): string[] | undefined {
  if (datagram === undefined) return undefined;
  const rows: { name: string; ip: string; port: number; status: string; mode: string }[] = Object.values(
    JSON.parse(datagram.split("|")[3]!),
  );
  return rows.map((row) => `${row.name} ${row.status} ${row.mode}${withAddress ? ` ${row.ip}:${row.port}` : ""}`);
}
