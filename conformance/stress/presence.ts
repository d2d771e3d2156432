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
export function mayBePresent({ begin, gone, parting }: Life, from: number, to: number): boolean {
  const last = Math.max(gone ?? -Infinity, parting ?? -Infinity);
  return begin < to && (gone === undefined && parting === undefined || last + GRACE > from);
}

/** Whether something was done to its connections between two moments, or soon before, that may have delayed what it says and hears. */
export function isDisturbed({ faults }: Life, from: number, to: number): boolean {
  return faults.some(({ begin, end = Infinity }) => begin < to && end + GRACE > from);
}

/** What went astray of datagrams may come so much later than the fault was over, in milliseconds. */
const ASTRAY = 1_000;

/** Whether datagrams to it and from it may have been lost, doubled or late between two moments. */
export function isAstray({ faults }: Life, from: number, to: number): boolean {
  return faults.some(({ kind, begin, end = Infinity }) => strays(kind) && begin < to && end + ASTRAY > from);
}

/** Lives by their names, to look up many. */
export function livesByName({ lives }: OperationHistory): Map<string, Life[]> {
  return Map.groupBy(lives, ({ name }) => name);
}
