/**
 * What may be done to the connections of clients, and to a server that was started, for the run and for the command line.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";

/** What is done to streams. */
export const STREAM_FAULTS = ["reset", "half-close", "cut", "stall", "slow-read", "byte-wise"] as const;
/** What is done to datagrams, both ways. */
export const DATAGRAM_FAULTS = ["loss", "duplication", "delay", "reordering"] as const;
/** What is done to a server that was started for the run: it is stopped, and goes on a moment later. */
export const SERVER_FAULTS = ["freeze"] as const;
/** Faults, all of them. */
export const FAULT_KINDS = [...STREAM_FAULTS, ...DATAGRAM_FAULTS, ...SERVER_FAULTS] as const;

/** What may be done. */
export type FaultKind = typeof FAULT_KINDS[number];
/** What may be done to the connections of a client. */
export type ClientFault = Exclude<FaultKind, typeof SERVER_FAULTS[number]>;
/** What may be done to the datagrams of a client. */
export type DatagramDisturbance = typeof DATAGRAM_FAULTS[number];

/** Whether what has it goes astray: datagrams do, and not streams. */
export function strays(kind: FaultKind): kind is DatagramDisturbance {
  return DATAGRAM_FAULTS.some((fault) => fault === kind);
}

/** Those of some faults that can be done to clients: the ones that speak in datagrams have others. */
export function clientFaults(faults: readonly FaultKind[], isConnectionless: boolean): ClientFault[] {
  const fitting: readonly FaultKind[] = isConnectionless ? DATAGRAM_FAULTS : STREAM_FAULTS;
  return faults.filter((fault): fault is ClientFault => fitting.includes(fault));
}

/** Those of some faults that can be done where clients speak so: to them and to the server. */
export function fittingFaults(faults: readonly FaultKind[], isConnectionless: boolean): FaultKind[] {
  const own = clientFaults(faults, isConnectionless);
  return faults.filter((fault) => own.some((one) => one === fault) || SERVER_FAULTS.some((one) => one === fault));
}

/**
 * Compares the faults that somebody has chosen with the dialects that are played.
 *
 * @param chosen What was chosen, in the order in which it was.
 * @param dialects The dialects, and whether they speak in datagrams.
 * @returns For each dialect that some faults cannot be done to, a sentence that says which.
 * @throws ChatError `usage` where none of them can be done to any of the dialects.
 */
export function checkChosenFaults(
  chosen: readonly FaultKind[],
  dialects: ReadonlyMap<string, { readonly isConnectionless: boolean }>,
): string[] {
  const notes: string[] = [];
  let isInVain = chosen.length > 0 && dialects.size > 0;
  for (const [dialect, { isConnectionless }] of dialects) {
    const fitting = fittingFaults(chosen, isConnectionless);
    const left = chosen.filter((fault) => !fitting.includes(fault));
    if (fitting.length > 0) isInVain = false;
    if (left.length === 0) continue;
    const speaks = isConnectionless ? "in datagrams" : "over connections";
    const instead = (isConnectionless ? DATAGRAM_FAULTS : STREAM_FAULTS).join(", ");
    notes.push(
      `--faults ${left.join(",")} cannot be done to ${dialect}, which speaks ${speaks}: it can have ${instead}`,
    );
  }
  if (isInVain) throw new ChatError("usage", `${notes.join("; ")}; or say --faults none`);
  return notes.map((note) => `${note}; it is left out`);
}
