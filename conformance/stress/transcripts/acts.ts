/**
 * What was done in a small run of many clients, in its order, by the names that a transcript gives them.
 *
 * @module
 */

import type { Parting, PlannedStep } from "../plan.ts";
import type { UserScript } from "../shrinking/script.ts";

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];

/** What one of them does where there are no groups. */
export type Act =
  | {
    readonly kind: "message";
    readonly from: string;
    readonly to: string | "all" | "nobody";
    /** The letter that it is made of, and how often. */
    readonly letter: string;
    readonly size: number;
    /** What a transcript may call it. */
    readonly text: string;
  }
  | { readonly kind: "return"; readonly who: string; readonly as: "own" | number; readonly by: "leave" | Parting };
/** Joins a group, leaves it, or asks who its members are. */
export interface GroupAct {
  /** Which. */
  readonly kind: "join" | "leave" | "members";
  /** Who. */
  readonly who: string;
  /** The group's number, from 0. */
  readonly group: number;
}
/** A message. */
export type Message = Extract<Act, { kind: "message" }>;

/** The name of a user with a number, from 0. */
export function nameOf(user: number): string {
  return NAMES[user] ?? `user${user}`;
}

/** All that is done in a script, each message by itself; what users do to their own connections is left out. */
export function actsOf(script: UserScript): (Act | GroupAct)[] {
  const steps = script.flatMap((own, user) => own.map((planned) => ({ user, at: 0, ...planned })));
  let count = 0;
  return steps.sort((a, b) => a.at - b.at).flatMap(
    ({ user, step }: PlannedStep & { user: number }): (Act | GroupAct)[] => {
      const who = nameOf(user);
      if (step.kind === "disturb") return [];
      if (step.kind !== "send") return [{ ...step, who }];
      const to = typeof step.to === "number" ? nameOf(step.to) : step.to;
      return Array.from({ length: step.count }, () => {
        const letter = String.fromCharCode(97 + count % 26);
        return { kind: "message", from: who, to, letter, size: step.size, text: `text-${++count}` };
      });
    },
  );
}
