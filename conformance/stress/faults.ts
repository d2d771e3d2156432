/**
 * What may be done to the connections of clients, for the run and for the command line.
 *
 * @module
 */

/** What is done to streams. */
export const STREAM_FAULTS = ["reset", "half-close", "cut", "stall", "slow-read", "byte-wise"] as const;
/** What is done to datagrams, both ways. */
export const DATAGRAM_FAULTS = ["loss", "duplication", "delay", "reordering"] as const;
/** Faults, all of them. */
export const FAULT_KINDS = [...STREAM_FAULTS, ...DATAGRAM_FAULTS] as const;

/** What may be done. */
export type FaultKind = typeof FAULT_KINDS[number];
/** What may be done to the datagrams of a client. */
export type DatagramDisturbance = typeof DATAGRAM_FAULTS[number];

/** Whether what has it goes astray: datagrams do, and not streams. */
export function strays(kind: FaultKind): kind is DatagramDisturbance {
  return DATAGRAM_FAULTS.some((fault) => fault === kind);
}

/** Those of some faults that can be done to clients: the ones that speak in datagrams have others. */
export function clientFaults(faults: readonly FaultKind[], isConnectionless: boolean): FaultKind[] {
  const fitting: readonly FaultKind[] = isConnectionless ? DATAGRAM_FAULTS : STREAM_FAULTS;
  return faults.filter((fault): fault is FaultKind => fitting.includes(fault));
}
