/**
 * One message on its way to one recipient.
 *
 * @module
 */

import type { Deadline, Expiring } from "../core/deadlines.ts";
import { type Outcome, TIMED_OUT } from "../core/outcome.ts";
import type { Audience, Form, Forms, Said } from "./forms.ts";
import type { Member } from "./member.ts";

export type { Audience };

/** How many of those for whom a broadcast was have it. Of those on a node where not all have it, none is counted. */
export interface BroadcastReach {
  /** How many have it, at least. */
  readonly delivered: number;
  /** How many it was for. */
  readonly recipients: number;
}

/** Who is told what became of a message: exactly once, at once or later. */
export interface OutcomeObserver {
  /** The message's outcome is known, for good; of a broadcast, also how many have it. */
  settled(outcome: Outcome, reach?: BroadcastReach): void;
  /** A recipient of a broadcast does not count; see {@linkcode Delivery.exempt}. */
  exempted?(): void;
}

const NOTHING = new Uint8Array();

/** One message on its way to one recipient, who must {@linkcode Delivery.settle} it sooner or later. */
export class Delivery implements Expiring, Said {
  readonly #forms: Forms | undefined;
  #body: Uint8Array;
  #report: OutcomeObserver | undefined;
  #deadline: Deadline | undefined;

  constructor(
    /** The sender. */
    readonly from: Member,
    /** Whether others get it too. */
    readonly audience: Audience,
    body: Uint8Array,
    report: OutcomeObserver,
    forms?: Forms,
  ) {
    this.#body = body;
    this.#report = report;
    this.#forms = forms;
  }

  /** What was said. Only valid during {@linkcode Recipient.deliver}: a recipient that keeps it must copy it. */
  get body(): Uint8Array {
    return this.#body;
  }

  /** The recipient has taken what it wants of the body: a recipient that keeps deliveries for long calls this, to keep no more than those. */
  passedOn(): void {
    this.#body = NOTHING;
  }

  /** Whether its outcome is known; nothing that comes later changes it. */
  get isSettled(): boolean {
    return this.#report === undefined;
  }

  /** The message in a form, made once for all recipients of a broadcast. Only valid during {@linkcode Recipient.deliver}. */
  as<Made>(form: Form<Made>): Made {
    return this.#forms === undefined ? form(this) : this.#forms.of(this, form);
  }

  /** Puts an end to the waiting, unless it is settled already. The hub calls this. */
  expireAt(deadline: Deadline): void {
    if (this.isSettled) deadline.cancel();
    else this.#deadline = deadline;
  }

  /** Reports the outcome. Only the first call counts: what comes after the ack timeout confirms nothing. */
  settle(outcome: Outcome): void {
    this.#close()?.settled(outcome);
  }

  /**
   * Counts this recipient out: the broadcast is confirmed without it, and not by it. For those who get broadcasts later,
   * if at all (PROTOCOLS.md, One hub: clients inside a group). In place of {@linkcode Delivery.settle}.
   */
  exempt(): void {
    this.#close()?.exempted?.();
  }

  /** Whoever is to be told, unless they were told already. */
  #close(): OutcomeObserver | undefined {
    const report = this.#report;
    this.#report = undefined;
    this.#deadline?.cancel();
    this.#deadline = undefined;
    return report;
  }

  /** The ack timeout has passed. */
  expired(): void {
    this.settle(TIMED_OUT);
  }
}

/** What waits for somebody. */
export interface Waiting {
  /** Messages whose outcome is open, where the dialect knows. */
  readonly messages?: number;
  /** Bytes that are queued and not handed to the system. */
  readonly bytes: number;
}

/** Somebody present, as the hub sees them: a dialect's session. */
export interface Recipient {
  /** What waits for them, where the dialect knows. */
  readonly waiting?: Waiting;
  /**
   * Passes a message on in the dialect's own form and settles the delivery when it is known what became of it: at once,
   * or later, and with {@linkcode GONE} when its user leaves before that. Deliveries come in the order in which each
   * sender sent them.
   */
  deliver(delivery: Delivery): void;
}
