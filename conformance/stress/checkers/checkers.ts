/**
 * All checkers, by the clause that each decides.
 *
 * @module
 */

import type { Checker, Finding, OperationHistory } from "../history.ts";
import { checkOnce, checkOrder, checkWhole } from "./arrivals.ts";
import { checkMembers } from "./members.ts";
import { checkNames } from "./names.ts";
import { checkConfirmed, checkRefused } from "./outcomes.ts";
import { checkUndisturbed } from "./undisturbed.ts";

/** By their clauses, without the dialect. */
export const CHECKERS: Readonly<Record<string, Checker>> = {
  "concurrent-whole": checkWhole,
  "concurrent-once": checkOnce,
  "concurrent-confirmed": checkConfirmed,
  "concurrent-refused": checkRefused,
  "concurrent-order": checkOrder,
  "concurrent-names": checkNames,
  "concurrent-undisturbed": checkUndisturbed,
  "concurrent-members": checkMembers,
};

/** What is wrong in a history, the earliest first. */
export function check(history: OperationHistory, clauses: readonly string[] = Object.keys(CHECKERS)): Finding[] {
  return clauses.flatMap((clause) => CHECKERS[clause]?.(history) ?? []).sort((a, b) => a.at - b.at);
}

/** The same for a run that goes on or was broken off: what is still to come may still come, and nobody is blamed that it has not. */
export function checkUnfinished(history: OperationHistory, clauses?: readonly string[]): Finding[] {
  const unfinished = { ...history, settling: Infinity, end: Infinity };
  return check(unfinished, clauses).filter(({ at }) => at < Infinity);
}
