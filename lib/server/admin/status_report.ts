/**
 * The state of a server in JSON: for scripts, and for the page of operators.
 *
 * @module
 */

import { countOf, type HistogramReading, quantile } from "../../core/histogram.ts";
import type { Member } from "../../hub/member.ts";
import type { Presence } from "../../hub/presence.ts";
import { notReadyBecause } from "./health.ts";
import { type DialectFigures, type ReadingSources, readServer, type ServerReading } from "./server_reading.ts";

/** Somebody who is present, as operators see them. */
export interface MemberReport {
  /** What they are addressed by, and what they have typed where that is something else. */
  readonly name: string;
  /** See above. */
  readonly title?: string;
  /** The dialect that they speak. */
  readonly dialect: string;
  /** Where they are. */
  readonly address: string;
  /** See above. */
  readonly port: number;
  /** When they came, in UTC. */
  readonly since: string;
  /** The number that they hold. */
  readonly id?: number | undefined;
  /** The group that they are in. */
  readonly group?: string | undefined;
  /** Whether they are on another node. */
  readonly elsewhere?: true;
  /** Messages to them whose outcome is open, where their dialect has such, and bytes that wait to be written to them. */
  readonly waiting?: { readonly messages?: number; readonly bytes: number } | undefined;
}

/** How long something took, in seconds. */
export interface DurationReport {
  /** How many times it was measured. */
  readonly count: number;
  /** Half of them took no longer, if there are any. */
  readonly p50?: number | undefined;
  /** The same of 99 in 100. */
  readonly p99?: number | undefined;
  /** How many took so long, for who wants to know it of some of the time: each bound is the next one's beginning. */
  readonly buckets?: Pick<HistogramReading, "bounds" | "counts">;
}

/** The state of a server. What a {@linkcode ServerReading} has as well is the same; times are texts, in UTC. */
export interface StatusReport
  extends Pick<ServerReading, "version" | "state" | "usersElsewhere" | "queuedBytes" | "memory" | "cluster"> {
  /** When this was read. */
  readonly at: string;
  /** When the program began. */
  readonly startedAt: string;
  /** Whether somebody may be sent to it. */
  readonly ready: boolean;
  /** Why not. */
  readonly why?: readonly string[];
  /** Until when the certificate is valid, where there is one. */
  readonly certificateUntil?: string;
  /** Where it listens. */
  readonly listeners: readonly {
    readonly label: string;
    readonly dialect: string;
    readonly address: string;
    readonly port: number;
  }[];
  /** The figures of each dialect. */
  readonly dialects: Readonly<
    Record<string, Omit<DialectFigures, "acknowledged"> & { readonly acknowledged: DurationReport }>
  >;
  /** How late timers are. */
  readonly eventLoopDelay: DurationReport;
  /** How many are present, on all nodes. */
  readonly present: number;
  /** They, or some of them. */
  readonly members: readonly MemberReport[];
}

/**
 * All that is known of a server. Of members only some are told where there are many: first those for whom the most waits, then those who
 * came last.
 *
 * @param most how many members.
 */
export function statusReport(sources: ReadingSources, most = Infinity): StatusReport {
  const reading = readServer(sources);
  const { server } = sources;
  const why = notReadyBecause(server);
  const members = [
    ...[...server.hub.locals()].filter(({ recipient }) => recipient !== undefined).map(localReport),
    ...[...server.hub.members()].filter((member) => !isLocal(member)).map(remoteReport),
  ];
  const told = members.length <= most ? members : members.sort(byInterest).slice(0, most);
  const { dialects, eventLoopDelay, startedAt, at, certificateUntil, ...rest } = reading;
  return {
    ...rest,
    at: new Date(at).toISOString(),
    startedAt: new Date(startedAt).toISOString(),
    ready: why.length === 0,
    ...why.length > 0 && { why },
    ...certificateUntil !== undefined && { certificateUntil: new Date(certificateUntil).toISOString() },
    listeners: server.listeners.map(({ label, dialect, endpoint: { hostname, port } }) => {
      return { label, dialect, address: hostname, port };
    }),
    dialects: Object.fromEntries(
      Object.entries(dialects).map(([name, { acknowledged, ...figures }]) => {
        return [name, { ...figures, acknowledged: durations(acknowledged) }];
      }),
    ),
    eventLoopDelay: durations(eventLoopDelay),
    present: members.length,
    members: told,
  };
}

function isLocal(member: Member): boolean {
  return "recipient" in member && "evict" in member;
}

function localReport(presence: Presence): MemberReport {
  return { ...memberReport(presence), waiting: presence.recipient?.waiting };
}

function remoteReport(member: Member): MemberReport {
  return { ...memberReport(member), elsewhere: true };
}

function memberReport({ name, title, dialect, remote, since, id, group }: Member): MemberReport {
  const { hostname: address, port } = remote;
  return {
    name,
    ...title !== name && { title },
    dialect,
    address,
    port,
    since: new Date(since).toISOString(),
    id,
    group,
  };
}

function byInterest(a: MemberReport, b: MemberReport): number {
  return (b.waiting?.bytes ?? 0) - (a.waiting?.bytes ?? 0) || b.since.localeCompare(a.since);
}

function durations(reading: HistogramReading | undefined): DurationReport {
  if (reading === undefined) return { count: 0 };
  const { bounds, counts } = reading;
  return {
    count: countOf(reading),
    p50: quantile(reading, 0.5),
    p99: quantile(reading, 0.99),
    buckets: { bounds, counts },
  };
}
