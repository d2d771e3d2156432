/**
 * What is measured.
 *
 * @module
 */

import type { Job, PairsJob } from "./load/job.ts";
import type { Drive } from "./load/drive.ts";
import type { Contestant } from "./processes.ts";

/** How long each measurement takes, in milliseconds. */
export type Span = Pick<Drive, "warmup" | "duration">;

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
}

/** A scenario of throughput and latency. */
export interface LoadScenario {
  /** Its name on the command line. */
  readonly name: string;
  /** What it is, in a line. */
  readonly what: string;
  /** Those measured, alternately; ratios are against the first. */
  readonly entries: readonly Entry[];
}

type Shape = Pick<PairsJob, "pairs" | "inFlight" | "bodySize"> & Partial<Pick<PairsJob, "crowd" | "stalled">>;

function pairs(label: string, server: Contestant, exchange: PairsJob["exchange"], shape: Shape): Entry {
  return { label, server, job: (port, span) => ({ kind: "pairs", port, exchange, ...shape, ...span }) };
}

/** The same load on the raw byte relay, nats-server and ours. */
function threeWay(name: string, what: string, shape: Shape): LoadScenario {
  return {
    name,
    what,
    entries: [
      pairs("raw byte relay", "bytes", "bytes", shape),
      pairs("nats-server", "nats", "nats", shape),
      pairs("chat", "chat", "relay", shape),
    ],
  };
}

function broadcast(recipients: number): LoadScenario {
  const shape: Shape = { pairs: Math.max(1, recipients / 2), inFlight: 1, bodySize: 64 };
  return {
    name: `broadcast-${recipients}`,
    what: `one sender, ${recipients} recipients, 64-byte bodies; messages are those that reached a recipient who ` +
      `acknowledged, against those that the byte relay passes on over ${recipients} connections (two for each exchange)`,
    entries: [
      { ...pairs("raw byte relay", "bytes", "bytes", shape), factor: 2 },
      {
        label: "chat",
        server: "chat",
        job: (port, span) => ({ kind: "broadcast", port, recipients, bodySize: 64, inFlight: 1, ...span }),
      },
    ],
  };
}

const FIFTY: Shape = { pairs: 50, inFlight: 1, bodySize: 64 };

/** All scenarios of throughput and latency. */
export const LOAD_SCENARIOS: readonly LoadScenario[] = [
  threeWay("pairs-50", "50 pairs, 1 message in flight each, 64-byte bodies", FIFTY),
  threeWay("pairs-50-deep", "50 pairs, 16 messages in flight each, 64-byte bodies", { ...FIFTY, inFlight: 16 }),
  threeWay("pairs-500", "500 pairs, 1 message in flight each, 64-byte bodies", { ...FIFTY, pairs: 500 }),
  threeWay("bodies-16k", "50 pairs, 1 message in flight each, 16 KiB bodies", { ...FIFTY, bodySize: 16_384 }),
  broadcast(10),
  broadcast(100),
  broadcast(1_000),
  {
    name: "arrivals",
    what: "connect both sockets, register and leave, 20 at once",
    entries: [{
      label: "chat",
      server: "chat",
      job: (port, span) => ({ kind: "arrivals", port, inFlight: 20, ...span }),
    }],
  },
  {
    name: "stalled-reader",
    what: "50 pairs, 1 message in flight each, with and without one more user who is sent messages and never reads",
    entries: [
      pairs("nobody stalls", "chat", "relay", FIFTY),
      pairs("one stalls", "chat", "relay", { ...FIFTY, stalled: true }),
    ],
  },
  {
    name: "crowded",
    what: "50 pairs, 1 message in flight each, among 100, 1,000 and 4,500 connected users (9,000 of the 20,000 " +
      "descriptors that a process has here); a message must not get dearer",
    entries: [100, 1_000, 4_500].map((crowd) => pairs(`${crowd} users`, "chat", "relay", { ...FIFTY, crowd })),
  },
];
