/**
 * What a node is told, and what it tells.
 *
 * @module
 */

import type { Runtime } from "../core/runtime.ts";
import type { ClusterCounts } from "./counts.ts";
import type { ClusterEngine } from "./engine.ts";
import type { Lease } from "./records.ts";

/** What a node is told at its start. Times are in milliseconds. */
export interface NodeOptions extends Pick<Lease, "machine" | "ports"> {
  /** What carries the cluster. */
  readonly engine: ClusterEngine;
  /** Time and chance. */
  readonly runtime: Runtime;
  /** What people call the node. */
  readonly label: string;
  /** How long a node that says nothing keeps its names. */
  readonly claimTtl: number;
  /** How long a recipient may take to acknowledge. */
  readonly ackTimeout: number;
  /** A line for the log. */
  log(level: "info" | "warning", text: string, about?: Readonly<Record<string, unknown>>): void;
}

/** What is known of the cluster. */
export interface ClusterStatus {
  /** This node, as people call it. */
  readonly label: string;
  /** Which of its leases it has. */
  readonly epoch: number;
  /** Whether names can be given. */
  readonly isServing: boolean;
  /** The other nodes, and how many are present there. */
  readonly peers: readonly { readonly label: string; readonly members: number }[];
  /** What was counted since the node started; {@linkcode clusterReadings} makes a monitor's numbers of it. */
  readonly counts: ClusterCounts;
}
