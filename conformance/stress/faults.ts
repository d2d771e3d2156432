/**
 * What may be done to the connections of clients, for the run and for the command line.
 *
 * @module
 */

/** Faults, all of them. */
export const FAULT_KINDS = ["reset", "half-close", "cut", "stall", "slow-read", "byte-wise"] as const;

/** What a client may be made to do to its connections. */
export type FaultKind = typeof FAULT_KINDS[number];
