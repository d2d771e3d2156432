/**
 * What became of all messages, counted: accepted = delivered + refused + still on their way.
 *
 * @module
 */

import { Histogram, type HistogramReading } from "../core/histogram.ts";
import type { Outcome } from "../core/outcome.ts";
import type { OutcomeObserver } from "./delivery.ts";

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
  /** How long it took until they were confirmed, in seconds, of those that were taken since somebody wanted to know. */
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
  #now: (() => number) | undefined;

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

  /** Measures from now on how long it takes until messages are confirmed; `now` is the time, in milliseconds. */
  measureTimes(now: () => number): void {
    this.#now = now;
  }

  /** Enters a message of a sender of this dialect; the report returned enters its outcome and passes it on. */
  open(dialect: string, report: OutcomeObserver): OutcomeObserver {
    let account = this.#accounts.get(dialect);
    if (account === undefined) this.#accounts.set(dialect, account = new OpenCounters());
    account.accepted++;
    return this.#now === undefined ? new Entry(account, report) : new TimedEntry(account, report, this.#now);
  }
}

/** One message, until its outcome is known. */
class Entry implements OutcomeObserver {
  readonly #account: OpenCounters;
  readonly #report: OutcomeObserver;

  constructor(account: OpenCounters, report: OutcomeObserver) {
    this.#account = account;
    this.#report = report;
  }

  settled(outcome: Outcome): void {
    if (outcome.kind === "delivered") this.#account.delivered++;
    else {
      const { refused } = this.#account;
      const because = outcome.kind === "refused" ? outcome.reason : outcome.kind;
      refused[because] = (refused[because] ?? 0) + 1;
    }
    this.#report.settled(outcome);
  }
}

/** One whose time is measured: two readings of the clock for each message, which nobody pays for who does not want to know. */
class TimedEntry implements OutcomeObserver {
  readonly #account: OpenCounters;
  readonly #entry: Entry;
  readonly #now: () => number;
  readonly #begun: number;

  constructor(account: OpenCounters, report: OutcomeObserver, now: () => number) {
    this.#account = account;
    this.#entry = new Entry(account, report);
    this.#now = now;
    this.#begun = now();
  }

  settled(outcome: Outcome): void {
    if (outcome.kind === "delivered") this.#account.acknowledged.record((this.#now() - this.#begun) / 1000);
    this.#entry.settled(outcome);
  }
}
