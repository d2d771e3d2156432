/**
 * What a dialect brings for many clients at once.
 *
 * @module
 */

import type { Timer } from "../../lib/core/runtime.ts";
import type { Arrival, Claim, GroupOperation, Sending } from "./history.ts";
import type { Abilities } from "./plan.ts";
import type { StressLink } from "./stress_link.ts";

/** What a client has around it; it writes the history of the client. */
export interface StressHost {
  /** The name that it is to have, where clients choose theirs. */
  readonly name: string;
  /** Whether the server is stopped at the moment: what is written now, it reads together with what is written later. */
  readonly isFrozen: boolean;
  /**
   * Connects to the server; `receive` is told what comes, `closed` that nothing more does. Rejects with a `ChatError` `unreachable`.
   */
  dial(receive: (bytes: Uint8Array) => void, closed?: () => void): Promise<StressLink>;
  /** Calls back after some milliseconds. */
  after(delay: number, callback: () => void): Timer;
  /** Notes that a name is asked for. */
  claim(key: string): Claim;
  /** Notes what was answered. */
  answer(operation: Claim | Sending | GroupOperation, outcome: "ok" | "fail", words?: string): void;
  /** Notes that it asks for a change of a group's members, or who they are. */
  asks(kind: GroupOperation["kind"], group: string): GroupOperation;
  /** Notes that nobody can know what became of it: it was asked for again and again. */
  unanswered(operation: Sending | GroupOperation): void;
  /** Notes that the server says that the client is not in a group in which it should be. */
  outOf(group: string): void;
  /** Notes what has arrived, and from whom. */
  arrive(from: string, body: Uint8Array): Arrival;
  /** Notes that it is about to be acknowledged. */
  acknowledge(arrival: Arrival): void;
  /** Notes that something has arrived that is none of the dialect's messages; the client can do nothing but leave. */
  garbled(words: string): void;
}

/** A client that the server has accepted. */
export interface StressClient {
  /** What it is called. */
  readonly name: string;
  /** Sends a message to somebody, or to all. The host is told the answer, if the dialect has answers. */
  send(to: string | undefined, body: Uint8Array, sending: Sending): void;
  /**
   * Says goodbye where the dialect has a word for it; the connections are closed by the caller, where there is an answer to it once that
   * has come (`true`), or is given up (`false`).
   */
  leave(): void | Promise<boolean>;
  /** The group that it is in; nothing is sent to all where there are groups and it is in none. */
  readonly group?: string | undefined;
  /** Joins a group, leaves it, or asks who its members are, as far as that is possible; done once that is answered. */
  act?(kind: GroupOperation["kind"], group: string): Promise<void>;
}

/** A dialect's clients. */
export interface Driver {
  /** The dialect. */
  readonly dialect: string;
  /** What it allows. */
  readonly abilities: Abilities;
  /** Whether recipients acknowledge, and senders are told. */
  readonly hasAcknowledgements: boolean;
  /** Whether there are no connections: the server knows that a client is gone when it says so. */
  readonly isConnectionless?: boolean;
  /** Comes; nothing if the server has refused the name. Waits as long as it takes. */
  come(host: StressHost): Promise<StressClient | undefined>;
}
