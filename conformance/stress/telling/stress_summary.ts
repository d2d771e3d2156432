/**
 * A whole run of many clients in figures, for a plot: what was done over time, how it ended, how long it took, and what faults there were.
 *
 * @module
 */

import type { FaultKind } from "../faults.ts";
import type { End, OperationHistory } from "../history.ts";

/** What users do, by kinds. */
export type OperationKind = "message" | "name" | "group request";

/** Operations of one kind, by the slices of time in which they began. */
export interface OperationSeries {
  /** What they are. */
  readonly kind: OperationKind;
  /** How many ended so: they happened, they did not, or nobody can know. */
  readonly ends: Readonly<Record<End, readonly number[]>>;
  /** How long half of those that were answered took at most, in milliseconds; nothing where none was answered. */
  readonly median: readonly (number | null)[];
  /** How long the slowest took that was answered, in milliseconds. */
  readonly slowest: readonly (number | null)[];
}

/** A run in figures. */
export interface StressSummary {
  /** How many users there were. */
  readonly users: number;
  /** How long a slice of time is, in milliseconds. */
  readonly slice: number;
  /** The operations, by kinds of which there were any. */
  readonly operations: readonly OperationSeries[];
  /** How many clients had which fault in each slice, by faults of which there were any. */
  readonly faults: readonly { readonly kind: FaultKind; readonly clients: readonly number[] }[];
}

/** What an end means, in a few words. */
export const END_TEXTS: Readonly<Record<End, string>> = { ok: "done", fail: "refused", info: "open" };

/** Time is cut into so many slices. */
const SLICES = 60;

interface Operation {
  readonly kind: OperationKind;
  readonly begin: number;
  readonly end?: number;
  readonly outcome: End;
}

/** Sums a history up. */
export function summarize(history: OperationHistory, users: number): StressSummary {
  const length = Math.max(Math.min(history.settling, history.end), 1);
  const slice = length / SLICES;
  const of = (at: number) => Math.max(0, Math.min(SLICES - 1, Math.floor(at / slice)));
  const all: Operation[] = [
    ...history.sendings.map((one) => ({ ...one, kind: "message" as const })),
    ...history.claims.map((one) => ({ ...one, kind: "name" as const })),
    ...history.groupOperations.map((one) => ({ ...one, kind: "group request" as const })),
  ];
  const byKind = Map.groupBy(all, ({ kind }) => kind);
  return {
    users,
    slice,
    operations: [...byKind].map(([kind, own]) => seriesOf(kind, own, of)),
    faults: [...faultsOf(history, of), ...freezesOf(history, users, of)],
  };
}

function seriesOf(kind: OperationKind, operations: readonly Operation[], of: (at: number) => number): OperationSeries {
  const ends = { ok: zeros(), fail: zeros(), info: zeros() };
  const times: number[][] = Array.from({ length: SLICES }, () => []);
  for (const { begin, end, outcome } of operations) {
    ends[outcome][of(begin)]!++;
    if (end !== undefined) times[of(begin)]!.push(end - begin);
  }
  for (const own of times) own.sort((a, b) => a - b);
  return {
    kind,
    ends,
    median: times.map((own) => own[own.length >> 1] ?? null),
    slowest: times.map((own) => own.at(-1) ?? null),
  };
}

function faultsOf({ lives, end }: OperationHistory, of: (at: number) => number): StressSummary["faults"] {
  const byKind = new Map<FaultKind, number[]>();
  for (const life of lives) {
    for (const fault of life.faults) {
      const clients = byKind.get(fault.kind) ?? zeros();
      byKind.set(fault.kind, clients);
      // Who has broken off is gone soon.
      const last = of(fault.end ?? life.gone ?? end);
      for (let i = of(fault.begin); i <= last; i++) clients[i]!++;
    }
  }
  return [...byKind].map(([kind, clients]) => ({ kind, clients }));
}

/** All clients have to do with a server that is stopped. */
function freezesOf(
  { freezes = [], end: over }: OperationHistory,
  users: number,
  of: (at: number) => number,
): StressSummary["faults"] {
  if (freezes.length === 0) return [];
  const clients = zeros();
  for (const { begin, end = over } of freezes) clients.fill(users, of(begin), of(end) + 1);
  return [{ kind: "freeze", clients }];
}

function zeros(): number[] {
  return Array.from({ length: SLICES }, () => 0);
}
