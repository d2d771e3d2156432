/**
 * What is measured.
 *
 * @module
 */

import { count } from "./figures.ts";
import { cost, type Goal, LIMIT, OURS, processor, quicker, rate, slowest } from "./goals.ts";
import type { DialectLoad } from "./load/dialect_load.ts";
import { openRelayUser, relayExchange } from "./load/dialects/relay.ts";
import { DIALECT_LOADS, loadOf } from "./load/loads.ts";
import { nameOf, Plan } from "./load/plan.ts";
import { mostUsers } from "./machine.ts";
import type { Contestant } from "./processes.ts";

/** One line of a scenario's result: somebody under some load. */
export interface Entry {
  /** Who, as the report says it. */
  readonly label: string;
  /** The server. */
  readonly server: Contestant;
  /** The load on a port, among no more than so many other users. */
  readonly plan: (port: number, mostOthers: number) => Plan;
  /** By how much the confirmed messages are multiplied, where the report counts something else. */
  readonly factor?: number;
}

/** A scenario of processor time, throughput and latency. */
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

interface Shape {
  readonly pairs: number;
  readonly inFlight: number;
  readonly bodySize: number;
}

const RAW = "byte relay in Deno";
const NATS = "nats-server";

function addPairs(plan: Plan, exchange: string, { pairs, inFlight, bodySize }: Shape, port: number): Plan {
  for (const pair of loadOf(exchange, "pairs")(plan, pairs, bodySize, port)) plan.exchange(pair, inFlight);
  return plan;
}

function pairs(label: string, server: Contestant, exchange: string, shape: Shape): Entry {
  return { label, server, plan: (port) => addPairs(new Plan(), exchange, shape, port) };
}

/** The same load on both byte relays, nats-server and ours. */
function side(name: string, what: string, shape: Shape, goals: readonly Goal[]): LoadScenario {
  return {
    name,
    what,
    entries: [
      pairs(LIMIT, "limit", "bytes", shape),
      pairs(RAW, "bytes", "bytes", shape),
      pairs(NATS, "nats", "nats", shape),
      pairs(OURS, "relay", "relay", shape),
    ],
    goals,
  };
}

/** From so many recipients on, the runtime's own relay is measured as well. */
const MANY_RECIPIENTS = 1_000;

/** One who sends to so many, and the byte relays passing on as much over as many connections: two for each exchange. */
function oneToMany(exchange: string, recipients: number): readonly Entry[] {
  const shape: Shape = { pairs: Math.max(1, recipients / 2), inFlight: 1, bodySize: 64 };
  const plan = () => {
    const plan = new Plan();
    plan.exchange(loadOf(exchange, "audience")(plan, recipients, shape.bodySize), 1);
    return plan;
  };
  return [
    { ...pairs(LIMIT, "limit", "bytes", shape), factor: 2 },
    ...(recipients < MANY_RECIPIENTS ? [] : [{ ...pairs(RAW, "bytes", "bytes", shape), factor: 2 }]),
    { label: OURS, server: exchange, plan, factor: recipients },
  ];
}

function broadcast(recipients: number, goals: readonly Goal[] = []): LoadScenario {
  return {
    name: `broadcast-${recipients}`,
    what: `one sender, ${recipients} recipients, 64-byte bodies; messages are those that reached a recipient who ` +
      `acknowledged, against those that the byte relays pass on over ${recipients} connections (two for each exchange)`,
    entries: oneToMany("relay", recipients),
    goals,
  };
}

const FIFTY: Shape = { pairs: 50, inFlight: 1, bodySize: 64 };

function datagrams(label: string, server: Contestant, exchange: string): Entry {
  const plan = (port: number) => {
    const plan = new Plan();
    const pairs = loadOf(exchange, "datagrams")(plan, FIFTY.pairs, FIFTY.bodySize, port);
    for (const pair of pairs) plan.exchange(pair, 1);
    return plan;
  };
  return { label, server, plan };
}

/** How many recipients there are in the scenario of a dialect in which everybody hears everything. */
const RECIPIENTS = 10;

/** The dialects' own scenarios, against as little as it takes; relay's is `pairs-50`. */
const UNICASTS: readonly LoadScenario[] = [...DIALECT_LOADS].flatMap(([dialect, load]) =>
  load.what === undefined ? [] : [{ name: `unicast-${dialect}`, what: load.what, entries: entriesOf(dialect, load) }]
);

function entriesOf(dialect: string, load: DialectLoad): readonly Entry[] {
  if (load.pairs !== undefined) return [pairs(LIMIT, "limit", "bytes", FIFTY), pairs(OURS, dialect, dialect, FIFTY)];
  if (load.audience !== undefined) return oneToMany(dialect, RECIPIENTS);
  return [datagrams("datagram relay in Deno", "datagrams", "bytes"), datagrams(OURS, dialect, dialect)];
}

/** The pairs' own users are among those connected. */
const USERS_OF_FIFTY_PAIRS = 100;

function crowded(users: number): Entry {
  const plan = (port: number, mostOthers: number) => {
    const plan = new Plan();
    const others = Math.min(users - USERS_OF_FIFTY_PAIRS, mostOthers);
    for (let i = 0; i < others; i++) openRelayUser(plan, nameOf("c", i));
    return addPairs(plan, "relay", FIFTY, port);
  };
  return { label: `${count(users)} users`, server: "relay", plan };
}

function arrivals(atOnce: number): Entry {
  const plan = () => {
    const plan = new Plan();
    plan.arrivals(atOnce);
    openRelayUser(plan, "dNUMBER");
    return plan;
  };
  return { label: OURS, server: "relay", plan };
}

/**
 * How often, in milliseconds, a guest is sent something, and how much, in bytes: 1.6 MB a second. Within the four
 * seconds of a run the system's buffers are full (4 MB on Linux), then the server's queue, and one who stalls is closed.
 */
const FEEDING = { every: 40, size: 65_536 } as const;

/** 50 pairs, and somebody besides who is sent something all the time, and reads and acknowledges it or reads nothing at all. */
function withGuest(label: string, stalls: boolean): Entry {
  const plan = (port: number) => {
    const plan = new Plan();
    const [guest, feeder] = [nameOf("s", 0), nameOf("f", 0)];
    const reader = openRelayUser(plan, guest);
    plan.feed(relayExchange(feeder, openRelayUser(plan, feeder), guest, [reader], FEEDING.size), FEEDING.every, stalls);
    return addPairs(plan, "relay", FIFTY, port);
  };
  return { label, server: "relay", plan };
}

/** All scenarios of processor time, throughput and latency. */
export const LOAD_SCENARIOS: readonly LoadScenario[] = [
  side("pairs-50", "50 pairs, 1 message in flight each, 64-byte bodies", FIFTY, [
    processor("at least", 1.9),
    processor("aim", 1.6),
  ]),
  side("pairs-50-deep", "50 pairs, 16 messages in flight each, 64-byte bodies", { ...FIFTY, inFlight: 16 }, [
    processor("at least", 3),
    processor("aim", 2.2),
  ]),
  side("pairs-500", "500 pairs, 1 message in flight each, 64-byte bodies", { ...FIFTY, pairs: 500 }, [
    processor("at least", 2.3),
    processor("aim", 1.8),
    processor("at least", 1, NATS),
    quicker("at least", NATS),
  ]),
  side("bodies-16k", "50 pairs, 1 message in flight each, 16 KiB bodies", { ...FIFTY, bodySize: 16_384 }, [
    processor("at least", 1.5),
    processor("aim", 1.2),
  ]),
  broadcast(10),
  broadcast(100),
  broadcast(1_000, [processor("at least", 1, RAW)]),
  ...UNICASTS,
  {
    name: "arrivals",
    what: "connect both sockets, register and leave, 20 at once",
    entries: [arrivals(20)],
    goals: [rate("at least", 8_000)],
  },
  {
    name: "stalled-reader",
    what:
      "50 pairs, 1 message in flight each, and one more user who is sent 1.6 MB a second, and reads it or never does",
    entries: [
      withGuest("it reads", false),
      withGuest("it stalls", true),
      pairs("it is not there", "relay", "relay", FIFTY),
    ],
    goals: [slowest("at least", 1.1, "it stalls", "it reads")],
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
