/**
 * Who was certainly there, and who may have been.
 *
 * @module
 */

import { strays } from "./faults.ts";
import type { Life, OperationHistory } from "./history.ts";

/** A server may take so long to see that a client is gone, in milliseconds, and so its name is taken and its messages wait. */
export const GRACE = 2_000;

/** Whether the server knew it, and it had not begun to leave, from one moment to another. */
export function isPresent({ held, parting, gone }: Life, from: number, to: number): boolean {
  return held !== undefined && held < from && (parting ?? Infinity) > to && (gone ?? Infinity) > to;
}

/** Whether a server may have known it at some moment between two, from its own point of view. */
export function mayBePresent({ begin, gone, parting }: Life, from: number, to: number, history: Frozen): boolean {
  const last = Math.max(gone ?? -Infinity, parting ?? -Infinity);
  return begin < to && (gone === undefined && parting === undefined || seenBy(last, history) > from);
}

/** When a server must have seen at last that a client is gone since some moment. */
export function seenBy(gone: number, { freezes = [] }: Frozen): number {
  return freezes.reduce(
    (seen, { begin, end = Infinity }) => begin < seen && end > gone ? seen + end - Math.max(begin, gone) : seen,
    gone + GRACE,
  );
}

/**
 * Whether something was done to its connections or to the server between two moments, or soon before, that may have delayed what it says
 * and hears.
 */
export function isDisturbed({ faults }: Life, from: number, to: number, history: Frozen): boolean {
  return isFrozen(history, from, to) || faults.some(({ begin, end = Infinity }) => begin < to && end + GRACE > from);
}

/** What went astray of datagrams may come so much later than the fault was over, in milliseconds. */
const ASTRAY = 1_000;

/** Whether datagrams to it and from it may have been lost, doubled or late between two moments: those to a stopped server are late, too. */
export function isAstray({ faults }: Life, from: number, to: number, history: Frozen): boolean {
  return history.isConnectionless === true && isFrozen(history, from, to) ||
    faults.some(({ kind, begin, end = Infinity }) => strays(kind) && begin < to && end + ASTRAY > from);
}

/** A server that was stopped has so long to catch up with what has come meanwhile, in milliseconds. */
const CATCHING_UP = 1_000;

/** When a server was stopped, and how it is spoken to. */
export type Frozen = Pick<OperationHistory, "freezes" | "isConnectionless">;

/**
 * Whether the server was stopped between two moments, or soon before. Then its deadlines have passed while what would have kept them was
 * waiting to be read.
 */
export function isFrozen({ freezes = [] }: Frozen, from: number, to: number): boolean {
  return freezes.some(({ begin, end = Infinity }) => begin < to && end + CATCHING_UP > from);
}

/** Lives by their names, to look up many. */
export function livesByName({ lives }: OperationHistory): Map<string, Life[]> {
  return Map.groupBy(lives, ({ name }) => name);
}
