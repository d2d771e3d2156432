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
