/**
 * Whether anything could be found out: with very many users and little time, nobody may be in when the time is up.
 *
 * @module
 */

import type { OperationHistory } from "../history.ts";

/** How the run was made. */
export interface AdmissionTerms {
  /** What was spoken. */
  readonly dialect: string;
  /** How many users there were. */
  readonly users: number;
  /** For how long they were to act, in milliseconds. */
  readonly duration: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** Whether it was broken off. */
  readonly isInterrupted: boolean;
}

/** Why nothing was found out. */
export interface Untested {
  /** `blocked` if the server lets nobody in; `error` if nobody can know. */
  readonly verdict: "blocked" | "error";
  /** The reason, in one line, and what to do. */
  readonly reason: string;
}

/** Says why nothing was found out; gives nothing where users were in and have done something. */
export function untested(history: OperationHistory, terms: AdmissionTerms): Untested | undefined {
  const { sendings, groupOperations, lives } = history;
  if (sendings.length + groupOperations.length > 0) return undefined;
  const isIn = lives.some(({ held }) => held !== undefined);
  if (!isIn && isTurnedAway(history, terms.timeout)) {
    return { verdict: "blocked", reason: `no client was accepted: does it speak ${terms.dialect}?` };
  }
  const { users, duration, isInterrupted } = terms;
  if (isInterrupted) return { verdict: "error", reason: "broken off before anybody was in and had done anything" };
  const many = users > 1 ? ", or fewer users (--users)" : "";
  const who = users > 1 ? `so many users: none of ${users} was` : "a user: it was not";
  return {
    verdict: "error",
    reason: `too short for ${who} in and had done anything after ${
      duration / 1000
    } s; give it more time (--stress)${many}`,
  };
}

/** How many users have never been in before the end of the time in which they act. */
export function usersLeftOut({ lives }: OperationHistory, users: number, duration: number): number {
  const wereIn = new Set(lives.filter(({ held = Infinity }) => held < duration).map(({ user }) => user));
  return users - wereIn.size;
}

/** Whether the server refuses whoever comes, or says nothing to anybody for so long that it will not. */
function isTurnedAway({ lives, claims, arrivals, end }: OperationHistory, timeout: number): boolean {
  const isAnswered = claims.some(({ outcome }) => outcome === "ok");
  const isRefused = claims.some(({ outcome }) => outcome === "fail") || arrivals.length > 0 ||
    lives.some(({ closedByServer }) => closedByServer !== undefined);
  if (isRefused && !isAnswered) return true;
  const first = lives.reduce((first, { reached = Infinity }) => Math.min(first, reached), Infinity);
  const last = lives.reduce((last, { heard = first }) => Math.max(last, heard), first);
  return end - last >= timeout;
}
