/**
 * How long a recipient may leave everybody without an answer.
 *
 * @module
 */

import type { Deadline, Deadlines, Expiring } from "../../core/deadlines.ts";

/** How many messages in a row a recipient may leave unanswered, and for how many ack timeouts it may say nothing meanwhile. */
const MAX_ROW = 3;
const ACK_TIMEOUTS = 3;
/** How much later it is looked whether the third was given up, in milliseconds: it is, if at all, in the same moment. */
const AFTERWARDS = 10;

/** What patience is measured with. */
export interface PatienceOptions {
  /** The table of deadlines. */
  readonly deadlines: Deadlines;
  /** How long a recipient may take to acknowledge one message, in milliseconds. */
  readonly ackTimeout: number;
}

/**
 * Runs out when a recipient has left three messages in a row unanswered and has said nothing at all for three ack timeouts
 * meanwhile (PROTOCOLS.md, relay): it would hold up every broadcast for ever. Costs no timer until the third waits.
 */
export class Patience implements Expiring {
  readonly #deadlines: Deadlines;
  readonly #ackTimeout: number;
  readonly #isGivenUp: (nthFromLast: number) => boolean;
  readonly #runOut: () => void;
  /** How many messages were passed on, one after the other, that have no answer. */
  #row = 0;
  /** When the first of them was passed on, and when the recipient said anything last. */
  #since = 0;
  #heardAt = 0;
  #watch: Deadline | undefined;

  /** @param isGivenUp whether a message was given up, counted from the last that is unanswered (1). */
  constructor(
    { deadlines, ackTimeout }: PatienceOptions,
    isGivenUp: (nthFromLast: number) => boolean,
    runOut: () => void,
  ) {
    this.#deadlines = deadlines;
    this.#ackTimeout = ackTimeout;
    this.#isGivenUp = isGivenUp;
    this.#runOut = runOut;
  }

  /** A message was passed on to the recipient. */
  passedOn(): void {
    if (this.#row++ === 0) this.#since = this.#now;
    if (this.#row >= MAX_ROW && this.#watch === undefined) this.#watchUntil(this.#now + this.#ackTimeout + AFTERWARDS);
  }

  /** A message was answered, in time or late, behind which so many were passed on that are unanswered. */
  answered(behind: number): void {
    if (behind < this.#row) this.#row = behind;
  }

  /** The recipient has said something, whatever it was. */
  heard(): void {
    if (this.#row > 0) this.#heardAt = this.#now;
  }

  /** Looks whether it has run out. */
  expired(): void {
    this.#watch = undefined;
    if (this.#row < MAX_ROW) return;
    const isThirdGivenUp = this.#isGivenUp(this.#row - MAX_ROW + 1);
    if (isThirdGivenUp && this.#deadlines.time >= this.#silentUntil) return this.#runOut();
    this.#watchUntil(this.#deadlines.time);
  }

  /** Nobody waits for the recipient any more. */
  stop(): void {
    this.#watch?.cancel();
    this.#watch = undefined;
    this.#row = 0;
  }

  /** Until when it may be silent. */
  get #silentUntil(): number {
    return Math.max(this.#since, this.#heardAt) + ACK_TIMEOUTS * this.#ackTimeout;
  }

  #watchUntil(time: number): void {
    const due = Math.max(time, this.#silentUntil);
    this.#watch = this.#deadlines.set(due - this.#deadlines.time, this);
  }

  /** Without asking the clock for every message: where a deadline is pending, the table's own time is fresh. */
  get #now(): number {
    return this.#deadlines.pending === 0 ? this.#deadlines.time : this.#deadlines.now;
  }
}
