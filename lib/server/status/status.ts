/**
 * The status of a running server, for its operator.
 *
 * @module
 */

import type { ClusterStatus } from "../../cluster/node_options.ts";
import type { TotalQueued } from "../../core/queued.ts";
import { inFlight, type MessageCounters } from "../../hub/message_counters.ts";
import type { Hub } from "../../hub/hub.ts";
import { NAME_WIDTH } from "../../dialects/registry.ts";
import { addressTable } from "./address_table.ts";
import type { CloseCounters } from "./close_counters.ts";

/**
 * What became of all messages, a line for each dialect whose users sent any:
 * `relay  accepted 12 = delivered 10 + unknown 1 + timed-out 1 + on their way 0`.
 */
export function messageCounterLines(counters: MessageCounters): string[] {
  return [...counters.accounts].map(([dialect, account]) => {
    const refused = Object.entries(account.refused).map(([why, count]) => ` + ${why} ${count}`).join("");
    const open = inFlight(account);
    return `${
      dialect.padEnd(NAME_WIDTH)
    } accepted ${account.accepted} = delivered ${account.delivered}${refused} + on their way ${open}`;
  });
}

/** What the status is about. */
export interface ServerStatus {
  /** The users who are present, and what became of all messages. */
  readonly hub: Hub;
  /** Why connections were closed. */
  readonly closeCounters: CloseCounters;
  /** What waits to be written to all peers. */
  readonly queued: Pick<TotalQueued, "bytes">;
  /** The server's part of a cluster, if it is not alone. */
  readonly node?: { readonly status: ClusterStatus } | undefined;
}

/** A line about the cluster: `cluster a gives names; b 12 present, c 3 present`. */
export function clusterLine({ label, isServing, peers }: ClusterStatus): string {
  const others = peers.map((peer) => `${peer.label} ${peer.members} present`).join(", ") || "no other server";
  return `cluster ${label} ${isServing ? "gives names" : "gives no names at the moment"}; ${others}`;
}

/**
 * What was counted of the cluster, in two lines:
 * `cluster holds 3 names, 3 ids and 0 groups, waits for 1; others came 2 times, NATS was back 0 times` and
 * `cluster asked 12 = answered 10 + timed-out 1 + refused 1 + on their way 0; was asked 9; sent 12 KiB, received 30 KiB`.
 */
export function clusterCountLines({ counts }: ClusterStatus): string[] {
  const { claims: { names, ids, groups }, requests, bytes } = counts;
  const { asked, answered, timedOut, refused } = requests;
  const waiting = names.waiting + ids.waiting + groups.waiting;
  const open = asked - answered - timedOut - refused;
  const outcomes = `answered ${answered} + timed-out ${timedOut} + refused ${refused} + on their way ${open}`;
  const [sent, received] = [bytes.sent, bytes.received].map((count) => `${Math.ceil(count / 1024)} KiB`);
  return [
    `cluster holds ${names.held} names, ${ids.held} ids and ${groups.held} groups, waits for ${waiting}; ` +
    `others came ${counts.nodesSeen} times, NATS was back ${counts.reconnects} times`,
    `cluster asked ${asked} = ${outcomes}; was asked ${counts.served}; sent ${sent}, received ${received}`,
  ];
}

/** The users who are present, what became of all messages, why connections were closed, and how much waits to be written. */
export function statusLines({ hub, closeCounters, queued, node }: ServerStatus): string[] {
  const cluster = node === undefined ? [] : [clusterLine(node.status), ...clusterCountLines(node.status)];
  const waits = `queued ${Math.ceil(queued.bytes / 1024)} KiB`;
  return [
    ...addressTable(hub.members()),
    ...messageCounterLines(hub.counters),
    ...closeCounters.lines(),
    waits,
    ...cluster,
  ];
}
