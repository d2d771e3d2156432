/**
 * What the load generator is asked to do.
 *
 * @module
 */

import type { Drive } from "./drive.ts";

/** Pairs that exchange confirmed messages. */
export interface PairsJob extends Drive {
  /** Tells the jobs apart. */
  readonly kind: "pairs";
  /** The server's port. */
  readonly port: number;
  /** What is spoken: a dialect, or one of the loads beside them. */
  readonly exchange: string;
  /** How many pairs. */
  readonly pairs: number;
  /** The size of each body, in bytes. */
  readonly bodySize: number;
  /** What one more relay user does with the messages that it is sent, if there is one. */
  readonly guest?: "reads" | "stalls";
}

/** Pairs that exchange confirmed messages in datagrams, one in flight each. */
export interface DatagramsJob extends Drive {
  /** Tells the jobs apart. */
  readonly kind: "datagrams";
  /** The server's port. */
  readonly port: number;
  /** What is spoken: a dialect, or one of the loads beside them. */
  readonly exchange: string;
  /** How many pairs. */
  readonly pairs: number;
  /** The size of each body, in bytes. */
  readonly bodySize: number;
}

/** One user who sends to all others. */
export interface BroadcastJob extends Drive {
  /** Tells the jobs apart. */
  readonly kind: "broadcast";
  /** The server's port. */
  readonly port: number;
  /** What is spoken: a dialect, or one of the loads beside them. */
  readonly exchange: string;
  /** How many get it. */
  readonly recipients: number;
  /** The size of each body, in bytes. */
  readonly bodySize: number;
}

/** relay users who come and go. */
export interface ArrivalsJob extends Drive {
  /** Tells the jobs apart. */
  readonly kind: "arrivals";
  /** The server's port. */
  readonly port: number;
}

/** relay users who are only there, until the generator's input closes. */
export interface CrowdJob {
  /** Tells the jobs apart. */
  readonly kind: "crowd";
  /** The server's port. */
  readonly port: number;
  /** How many. */
  readonly size: number;
}

/** What the load generator is asked to do. */
export type Job = PairsJob | DatagramsJob | BroadcastJob | ArrivalsJob | CrowdJob;
