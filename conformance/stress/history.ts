/**
 * What many clients did at the same time, and what came of it: data, from which checkers draw their conclusions.
 *
 * All moments are milliseconds since the run began. No two of one history are the same: what was recorded later has the greater one.
 *
 * @module
 */

import type { FaultKind } from "./faults.ts";

/** What became of an operation: it happened, it did not, or nobody can know. */
export type End = "ok" | "fail" | "info";

/** A fault, and when it was there. */
export interface HistoryFault {
  /** What was done. */
  readonly kind: FaultKind;
  /** When it began. */
  readonly begin: number;
  /** When it was over; it never is if the client broke off. */
  end?: number;
}

/** A client under one name, from its first connection until it is gone. A user has one after the other. */
export interface Life {
  /** Its place in the history. */
  readonly id: number;
  /** Whose it is, from 0. */
  readonly user: number;
  /** What the client is called; where the server assigns names, it is known once that has happened. */
  name: string;
  /** When it began to connect. */
  readonly begin: number;
  /** When its first connection was open. */
  reached?: number;
  /** When the server last said something to it before it had accepted it. */
  heard?: number;
  /** When the server had accepted it. */
  held?: number;
  /** When it began to leave, or broke off. */
  parting?: number;
  /** When the last of its connections was closed. */
  gone?: number;
  /** When the server had said that it knows that it has left, where it says so. */
  released?: number;
  /** When the server said that it was not in a group in which it should have been, and which. */
  outOf?: { readonly group: string; readonly at: number }[];
  /** Why, if it was the server that closed it. */
  closedByServer?: string;
  /** What was done to its connections. */
  readonly faults: HistoryFault[];
}

/** A client has asked for a name, an alias or an ID, or for half of one. */
export interface Claim {
  /** What it has asked for; what was assigned, where the server chooses. */
  key: string;
  /** For whom. */
  readonly life: number;
  /** When. */
  readonly begin: number;
  /** When it was answered. */
  end?: number;
  /** What came of it. */
  outcome: End;
}

/** A client has sent a message. */
export interface Sending {
  /** Its number, which its body has. */
  readonly id: number;
  /** Who has sent it. */
  readonly life: number;
  /** To whom; everybody if left out. */
  readonly to?: string;
  /** To the members of which group, where there are groups. */
  readonly group?: string;
  /** Whether it is not answered, though it was sent again and again: nobody can know. */
  isGivenUp?: boolean;
  /** Whether it was sent again, since no answer had come: then it may arrive twice. */
  isRepeated?: boolean;
  /** The length of its body, in bytes. */
  readonly size: number;
  /** When it was sent. */
  readonly begin: number;
  /** When it was answered. */
  end?: number;
  /** What came of it. */
  outcome: End;
  /** What the server said to it, fit for a terminal. */
  words?: string;
}

/** A client has got a message. */
export interface Arrival {
  /** Who has got it. */
  readonly life: number;
  /** When. */
  readonly at: number;
  /** Whom it names as its sender. */
  readonly from: string;
  /** Which it is, if it came whole. */
  readonly sending?: number;
  /** What came otherwise, fit for a terminal. */
  readonly garbled?: string;
  /** When it was acknowledged, where the dialect has clients do that. */
  acknowledged?: number;
}

/** A client has asked for a change of a group's members, or who they are. */
export interface GroupOperation {
  /** Who asks. */
  readonly life: number;
  /** What for. */
  readonly kind: "join" | "leave" | "members";
  /** The group. */
  readonly group: string;
  /** When. */
  readonly begin: number;
  /** When it was answered. */
  end?: number;
  /** What came of it. */
  outcome: End;
  /** Whether it is not answered, though it was asked for again and again: nobody can know. */
  isGivenUp?: boolean;
  /** Who they are, as it was told. */
  members?: readonly string[];
  /** Of whom it was told one thing and, asked again at once, another: they came or left meanwhile, or a datagram was lost. */
  unsure?: readonly string[];
}

/** Everything that happened in one run. */
export interface OperationHistory {
  /** Clients. */
  readonly lives: readonly Life[];
  /** Who asked for which names. */
  readonly claims: readonly Claim[];
  /** What was sent. */
  readonly sendings: readonly Sending[];
  /** What arrived. */
  readonly arrivals: readonly Arrival[];
  /** Whether recipients acknowledge in this dialect. */
  readonly hasAcknowledgements: boolean;
  /** Whether there are no connections: the server knows that a client is gone when it says so. */
  readonly isConnectionless?: boolean;
  /** When the server was stopped for a moment: while it does nothing, all that it waits for goes on. */
  readonly freezes?: readonly HistoryFault[];
  /** Who joined, left and asked for members. */
  readonly groupOperations: readonly GroupOperation[];
  /** When all had done what they were to do, all faults were over, and answers were only waited for. */
  readonly settling: number;
  /** When it ended. */
  readonly end: number;
}

/** What is wrong, by one clause. */
export interface Finding {
  /** The clause, without its dialect: `concurrent-whole`. */
  readonly clause: string;
  /** What is wrong, in one line that is fit for a terminal. */
  readonly text: string;
  /** The moment at which it could be seen. */
  readonly at: number;
  /** Whose it is about. */
  readonly lives: readonly number[];
  /** The messages that it is about. */
  readonly sendings: readonly number[];
}

/** What was found again, and the history in which it was. */
export interface FoundAgain {
  /** What happened. */
  readonly history: OperationHistory;
  /** What is wrong in it. */
  readonly finding: Finding;
  /** When the script was begun with which it was found: it is done again and again in one run. */
  readonly begun: number;
}

/** Finds out what in a history is wrong by one clause. Gives nothing where a fault of a client explains what is odd. */
export type Checker = (history: OperationHistory) => Finding[];

/** How a history is talked about: `user 3 (alice)`. */
export function lifeText({ user, name }: Life): string {
  return `user ${user + 1} (${name})`;
}

/** Its message: `message 17 from user 3 (alice) to bob`. */
export function sendingText({ id, to, group, life }: Sending, { lives }: OperationHistory): string {
  return `message ${id} from ${lifeText(lives[life]!)} to ${to ?? group ?? "all"}`;
}
