/**
 * What a simulated network does to what it carries.
 *
 * @module
 */

/** What happens to the bytes of a connection, in each direction. Times are in milliseconds, shares from 0 to 1. */
export interface WireConditions {
  /** How long each piece is on its way at least. */
  readonly latency: number;
  /** How much longer it may be, at random. Pieces keep their order. */
  readonly jitter: number;
  /** How many bytes leave in a millisecond. */
  readonly bandwidth: number;
  /** The share of writes that are cut, and into pieces of how many bytes, from and to. */
  readonly cutting: { readonly share: number; readonly sizes: readonly [number, number] };
  /** The share of reads that get all that has arrived, and not one piece alone. */
  readonly coalescing: number;
  /** How many bytes may be on the way or unread before a writer must wait until half of that is free. */
  readonly capacity: number;
  /** How often a piece finds that its reader's side takes nothing, and for how long at most. */
  readonly stalling: { readonly share: number; readonly longest: number };
  /** How often the connection is reset in place of carrying a piece. */
  readonly resetting: number;
}

/** A connection that carries everything at once, as it was written. */
export const CALM_WIRE: WireConditions = {
  latency: 0,
  jitter: 0,
  bandwidth: Infinity,
  cutting: { share: 0, sizes: [1, 1] },
  coalescing: 0,
  capacity: 65_536,
  stalling: { share: 0, longest: 0 },
  resetting: 0,
};

/** A connection in a bad network, which still carries everything. */
export const ROUGH_WIRE: WireConditions = {
  latency: 2,
  jitter: 20,
  bandwidth: 2_000,
  cutting: { share: 0.3, sizes: [1, 200] },
  coalescing: 0.5,
  capacity: 65_536,
  stalling: { share: 0.001, longest: 100 },
  resetting: 0,
};

/** What happens to datagrams. */
export interface DatagramConditions {
  /** The share that is lost, 0 to 1. */
  readonly loss: number;
  /** The share that arrives twice, 0 to 1; each copy has a delay of its own. */
  readonly duplication: number;
  /** The shortest and the longest time on the way, in milliseconds; where they differ, datagrams overtake each other. */
  readonly delay: readonly [number, number];
}

/** A network that carries every datagram, in order. */
export const CALM_DATAGRAMS: DatagramConditions = { loss: 0, duplication: 0, delay: [0, 0] };

/** What happens where somebody listens. */
export interface AcceptConditions {
  /** The share of connections that cannot be accepted at first, 0 to 1. */
  readonly failures: number;
  /** How many connections may be open at a time to one listener; more wait, as where the system has no descriptors left. */
  readonly maxConnections: number;
  /** How many connections may wait to be accepted; more are refused. */
  readonly backlog: number;
}

/** Where everybody is accepted. */
export const CALM_ACCEPTING: AcceptConditions = { failures: 0, maxConnections: Infinity, backlog: 1_024 };
