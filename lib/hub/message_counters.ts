/**
 * What became of all messages, counted: accepted = delivered + refused + still on their way.
 *
 * @module
 */

import { Histogram, type HistogramReading } from "../core/histogram.ts";
import type { Outcome } from "../core/outcome.ts";
import type { BroadcastReach, OutcomeObserver } from "./delivery.ts";

/** Why a message was not delivered, as the counters call it: an outcome's kind, or the reason of a refusal. */
export type RefusedBecause =
  | Exclude<Outcome["kind"], "delivered" | "refused">
  | (Outcome & { kind: "refused" })["reason"];

/** The messages of one dialect's senders. A broadcast is one message. */
export interface DialectCounters {
  /** Taken from a sender. */
  readonly accepted: number;
  /** Confirmed. */
  readonly delivered: number;
  /** Refused, by reason. */
  readonly refused: Readonly<Partial<Record<RefusedBecause, number>>>;
  /** How long it took until they were confirmed, in seconds, of those for which it was measured. */
  readonly acknowledged: HistogramReading;
}

/** The bounds of {@linkcode DialectCounters.acknowledged}, in seconds. */
const ACKNOWLEDGED_WITHIN = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

/** How many of a dialect's messages have no outcome yet. */
export function inFlight({ accepted, delivered, refused }: DialectCounters): number {
  return accepted - delivered - Object.values(refused).reduce((sum, count) => sum + count, 0);
}

/** An account that is being kept. */
class OpenCounters implements DialectCounters {
  accepted = 0;
  delivered = 0;
  readonly refused: Partial<Record<RefusedBecause, number>> = {};
  readonly acknowledged = new Histogram(ACKNOWLEDGED_WITHIN);
}

/** Keeps an account for each dialect. */
export class MessageCounters {
  readonly #accounts = new Map<string, OpenCounters>();
  /** How many messages are still to be measured, and with what. */
  #unmeasured = 0;
  #now: () => number = () => NOT_MEASURED;

  /** The accounts, by dialect. */
  get accounts(): ReadonlyMap<string, DialectCounters> {
    return this.#accounts;
  }

  /** How many messages have no outcome yet. */
  get onTheirWay(): number {
    let count = 0;
    for (const account of this.#accounts.values()) count += inFlight(account);
    return count;
  }

  /**
   * Measures how long it takes until messages are confirmed, of the next ones that are taken, so many. To read a clock costs so much that
   * it is not done for each of thousands.
   *
   * @param now the time, in milliseconds from 0 on.
   */
  measureNext(count: number, now: () => number): void {
    this.#unmeasured = count;
    this.#now = now;
  }

  /** Enters a message of a sender of this dialect; the report returned enters its outcome and passes it on. */
  open(dialect: string, report: OutcomeObserver): OutcomeObserver {
    let account = this.#accounts.get(dialect);
    if (account === undefined) this.#accounts.set(dialect, account = new OpenCounters());
    account.accepted++;
    if (this.#unmeasured === 0) return new Entry(account, report, NOT_MEASURED, this.#now);
    this.#unmeasured--;
    return new Entry(account, report, this.#now(), this.#now);
  }
}

/** When a message was taken of which that is not known. */
const NOT_MEASURED = -1;

/** One message, until its outcome is known. */
class Entry implements OutcomeObserver {
  readonly #account: OpenCounters;
  readonly #report: OutcomeObserver;
  readonly #taken: number;
  readonly #now: () => number;

  constructor(account: OpenCounters, report: OutcomeObserver, taken: number, now: () => number) {
    this.#account = account;
    this.#report = report;
    this.#taken = taken;
    this.#now = now;
  }

  settled(outcome: Outcome, reach?: BroadcastReach): void {
    const account = this.#account;
    if (outcome.kind === "delivered") {
      account.delivered++;
      if (this.#taken !== NOT_MEASURED) account.acknowledged.record((this.#now() - this.#taken) / 1000);
    } else {
      const { refused } = account;
      const because = outcome.kind === "refused" ? outcome.reason : outcome.kind;
      refused[because] = (refused[because] ?? 0) + 1;
    }
    this.#report.settled(outcome, reach);
  }
}
