/**
 * What became of all messages, counted: accepted = delivered + refused + still on their way.
 *
 * @module
 */

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
}

/** An account that is being kept. */
class OpenCounters implements DialectCounters {
  accepted = 0;
  delivered = 0;
  readonly refused: Partial<Record<RefusedBecause, number>> = {};
}

/** Keeps an account for each dialect. */
export class MessageCounters {
  readonly #accounts = new Map<string, OpenCounters>();

  /** The accounts, by dialect. */
  get accounts(): ReadonlyMap<string, DialectCounters> {
    return this.#accounts;
  }

  /** How many messages have no outcome yet. */
  get onTheirWay(): number {
    let count = 0;
    for (const { accepted, delivered, refused } of this.#accounts.values()) {
      count += accepted - delivered - Object.values(refused).reduce((sum, each) => sum + each, 0);
    }
    return count;
  }

  /** Enters a message of a sender of this dialect; the report returned enters its outcome and passes it on. */
  open(dialect: string, report: OutcomeObserver): OutcomeObserver {
    let account = this.#accounts.get(dialect);
    if (account === undefined) this.#accounts.set(dialect, account = new OpenCounters());
    account.accepted++;
    return new Entry(account, report);
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
