/**
 * What is measured.
 *
 * @module
 */

import { count } from "./figures.ts";
import { cost, type Goal, OURS, quicker, tail, throughput } from "./goals.ts";
import type { Job, PairsJob } from "./load/job.ts";
import type { DialectLoad } from "./load/dialect_load.ts";
import { DIALECT_LOADS } from "./load/loads.ts";
import type { Drive } from "./load/drive.ts";
import { mostUsers } from "./machine.ts";
import type { Contestant } from "./processes.ts";

/** How long each measurement takes, in milliseconds, and the server's process. */
export type Span = Pick<Drive, "warmup" | "duration" | "server">;

/** One line of a scenario's result: somebody under some load. */
export interface Entry {
  /** Who, as the report says it. */
  readonly label: string;
  /** The server. */
  readonly server: Contestant;
  /** The load, on a port. */
  readonly job: (port: number, span: Span) => Job;
  /** By how much the confirmed messages a second are multiplied, where the report counts something else. */
  readonly factor?: number;
  /** How many relay users are connected besides, and idle. */
  readonly crowd?: number;
}

/** A scenario of throughput and latency. */
export interface LoadScenario {
  /** Its name on the command line. */
  readonly name: string;
  /** What it is, in a line. */
  readonly what: string;
  /** Those measured, alternately; ratios are against the first. */
  readonly entries: readonly Entry[];
  /** What is to be reached. */
  readonly goals?: readonly Goal[];
}

type Shape = Pick<PairsJob, "pairs" | "inFlight" | "bodySize"> & Partial<Pick<PairsJob, "guest">>;

const RAW = "raw byte relay";
const NATS = "nats-server";

function pairs(label: string, server: Contestant, exchange: string, shape: Shape): Entry {
  return { label, server, job: (port, span) => ({ kind: "pairs", port, exchange, ...shape, ...span }) };
}

/** The same load on the raw byte relay, nats-server and ours. */
function threeWay(name: string, what: string, shape: Shape, goals: readonly Goal[] = []): LoadScenario {
  return {
    name,
    what,
    entries: [
      pairs(RAW, "bytes", "bytes", shape),
      pairs(NATS, "nats", "nats", shape),
      pairs(OURS, "relay", "relay", shape),
    ],
    goals,
  };
}

/** One who sends to so many, and the byte relay passing on as much over as many connections: two for each exchange. */
function oneToMany(exchange: string, recipients: number): readonly Entry[] {
  const shape: Shape = { pairs: Math.max(1, recipients / 2), inFlight: 1, bodySize: 64 };
  return [
    { ...pairs(RAW, "bytes", "bytes", shape), factor: 2 },
    {
      label: OURS,
      server: exchange,
      job: (port, span) => ({ kind: "broadcast", port, exchange, recipients, bodySize: 64, inFlight: 1, ...span }),
    },
  ];
}

function broadcast(recipients: number, goals: readonly Goal[] = []): LoadScenario {
  return {
    name: `broadcast-${recipients}`,
    what: `one sender, ${recipients} recipients, 64-byte bodies; messages are those that reached a recipient who ` +
      `acknowledged, against those that the byte relay passes on over ${recipients} connections (two for each exchange)`,
    entries: oneToMany("relay", recipients),
    goals,
  };
}

const FIFTY: Shape = { pairs: 50, inFlight: 1, bodySize: 64 };

function datagrams(label: string, server: Contestant, exchange: string): Entry {
  return { label, server, job: (port, span) => ({ kind: "datagrams", port, exchange, ...FIFTY, ...span }) };
}

/** How many recipients there are in the scenario of a dialect in which everybody hears everything. */
const RECIPIENTS = 10;

/** The dialects' own scenarios, against as little as it takes; relay's is `pairs-50`. */
const UNICASTS: readonly LoadScenario[] = [...DIALECT_LOADS].flatMap(([dialect, load]) =>
  load.what === undefined ? [] : [{ name: `unicast-${dialect}`, what: load.what, entries: entriesOf(dialect, load) }]
);

function entriesOf(dialect: string, load: DialectLoad): readonly Entry[] {
  if (load.pairs !== undefined) return [pairs(RAW, "bytes", "bytes", FIFTY), pairs(OURS, dialect, dialect, FIFTY)];
  if (load.audience !== undefined) return oneToMany(dialect, RECIPIENTS);
  return [datagrams("raw datagram relay", "datagrams", "bytes"), datagrams(OURS, dialect, dialect)];
}

/** The pairs' own users are among those connected. */
const USERS_OF_FIFTY_PAIRS = 100;

function crowded(users: number): Entry {
  return { ...pairs(`${count(users)} users`, "relay", "relay", FIFTY), crowd: users - USERS_OF_FIFTY_PAIRS };
}

/** All scenarios of throughput and latency. */
export const LOAD_SCENARIOS: readonly LoadScenario[] = [
  threeWay("pairs-50", "50 pairs, 1 message in flight each, 64-byte bodies", FIFTY, [
    throughput("at least", 0.6, RAW),
    throughput("aim", 0.8, RAW),
    throughput("aim", 1, NATS),
  ]),
  threeWay("pairs-50-deep", "50 pairs, 16 messages in flight each, 64-byte bodies", { ...FIFTY, inFlight: 16 }, [
    throughput("at least", 0.6, NATS),
    throughput("aim", 1, NATS),
  ]),
  threeWay("pairs-500", "500 pairs, 1 message in flight each, 64-byte bodies", { ...FIFTY, pairs: 500 }, [
    tail("at least", 5),
    quicker("aim", NATS),
  ]),
  threeWay("bodies-16k", "50 pairs, 1 message in flight each, 16 KiB bodies", { ...FIFTY, bodySize: 16_384 }),
  broadcast(10),
  broadcast(100),
  broadcast(1_000, [throughput("at least", 0.5, RAW), throughput("aim", 1, RAW)]),
  ...UNICASTS,
  {
    name: "arrivals",
    what: "connect both sockets, register and leave, 20 at once",
    entries: [{
      label: OURS,
      server: "relay",
      job: (port, span) => ({ kind: "arrivals", port, inFlight: 20, ...span }),
    }],
  },
  {
    name: "stalled-reader",
    what:
      "50 pairs, 1 message in flight each, and one more user who is sent 1.6 MB a second, and reads it or never does",
    entries: [
      pairs("it reads", "relay", "relay", { ...FIFTY, guest: "reads" }),
      pairs("it stalls", "relay", "relay", { ...FIFTY, guest: "stalls" }),
      pairs("it is not there", "relay", "relay", FIFTY),
    ],
  },
  {
    name: "crowded",
    what:
      "50 pairs, 1 message in flight each, among so many connected users, the pairs' own included; a message must not get " +
      "dearer. 10,000 users, or as many as the descriptors of a process allow, two each",
    entries: [USERS_OF_FIFTY_PAIRS, 1_000, mostUsers()].map(crowded),
    goals: [cost("at least", 1.2), cost("aim", 1.05)],
  },
];
