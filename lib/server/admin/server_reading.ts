/**
 * All figures of a server at one moment.
 *
 * @module
 */

import type { ClusterStatus } from "../../cluster/node_options.ts";
import type { HistogramReading } from "../../core/histogram.ts";
import { VERSION } from "../../core/version.ts";
import { inFlight, type MessageCounters } from "../../hub/message_counters.ts";
import type { Server, ServerState } from "../server.ts";

/** What is read of a server. */
export type ReadableServer =
  & Pick<Server, "closeCounters" | "hub" | "listeners" | "node" | "queued" | "state">
  & { readonly hub: { readonly counters: Pick<MessageCounters, "accounts"> } };

/** What is read beside it. */
export interface ReadingSources {
  /** The server. */
  readonly server: ReadableServer;
  /** When the program began, and the time now, in milliseconds since 1970. */
  readonly startedAt: number;
  /** See above. */
  readonly now: () => number;
  /** How late timers are. */
  readonly eventLoopDelay: { readonly reading: HistogramReading };
  /** Until when the certificate is valid, in milliseconds since 1970, where there is one and it says so. */
  readonly certificateUntil: () => number | undefined;
  /** The memory that the program has, by kind, in bytes. */
  readonly memory: () => Readonly<Record<string, number>>;
}

/** What is known of one dialect's senders and connections. */
export interface DialectFigures {
  /** Messages that were taken of them. */
  readonly accepted: number;
  /** Those whose outcome is known, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The others. */
  readonly inFlight: number;
  /** How long it took until they were delivered, in seconds. */
  readonly acknowledged?: HistogramReading | undefined;
  /** Open connections, or clients that are registered where there are none. */
  readonly connections: number;
  /** Who is present on this server. */
  readonly users: number;
  /** Connections that were closed, by reason. */
  readonly closed: Readonly<Record<string, number>>;
}

/** All figures of a server at one moment. */
export interface ServerReading {
  /** The program's version. */
  readonly version: string;
  /** When it began, and when this was read, in milliseconds since 1970. */
  readonly startedAt: number;
  /** See above. */
  readonly at: number;
  /** Whether it takes new connections. */
  readonly state: ServerState;
  /** By dialect: those that are listened to, and those whose users have sent something. */
  readonly dialects: Readonly<Record<string, DialectFigures>>;
  /** Who is present on other nodes. */
  readonly usersElsewhere: number;
  /** How much waits to be written to all peers, in bytes. */
  readonly queuedBytes: number;
  /** How late timers are, in seconds. */
  readonly eventLoopDelay: HistogramReading;
  /** The memory that the program has, by kind, in bytes. */
  readonly memory: Readonly<Record<string, number>>;
  /** Until when the certificate is valid, in milliseconds since 1970. */
  readonly certificateUntil?: number | undefined;
  /** The cluster, if it is not alone. */
  readonly cluster?: ClusterStatus | undefined;
}

/** Reads all figures in one go, so that they fit together. */
export function readServer(sources: ReadingSources): ServerReading {
  const { server, eventLoopDelay, certificateUntil, memory } = sources;
  const { hub, listeners, closeCounters } = server;
  const users: Record<string, number> = {};
  for (const { dialect } of hub.locals()) users[dialect] = (users[dialect] ?? 0) + 1;
  const here = Object.values(users).reduce((sum, count) => sum + count, 0);
  const connections: Record<string, number> = {};
  for (const { dialect, connections: more } of listeners) connections[dialect] = (connections[dialect] ?? 0) + more;
  const { accounts } = hub.counters;
  const names = new Set([...Object.keys(connections), ...closeCounters.counts.keys(), ...accounts.keys()]);
  const dialects = [...names].map((name): [string, DialectFigures] => {
    const account = accounts.get(name);
    return [name, {
      accepted: account?.accepted ?? 0,
      outcomes: { delivered: account?.delivered ?? 0, ...account?.refused },
      inFlight: account === undefined ? 0 : inFlight(account),
      acknowledged: account?.acknowledged,
      connections: connections[name] ?? 0,
      users: users[name] ?? 0,
      closed: Object.fromEntries(closeCounters.counts.get(name) ?? []),
    }];
  });
  return {
    version: VERSION,
    startedAt: sources.startedAt,
    at: sources.now(),
    state: server.state,
    dialects: Object.fromEntries(dialects),
    usersElsewhere: [...hub.members()].length - here,
    queuedBytes: server.queued.bytes,
    eventLoopDelay: eventLoopDelay.reading,
    memory: memory(),
    certificateUntil: certificateUntil(),
    cluster: server.node?.status,
  };
}
