/**
 * The outcomes of a broadcast, counted.
 *
 * @module
 */

import { DELIVERED, type Outcome, UNKNOWN } from "../core/outcome.ts";
import type { OutcomeObserver } from "./delivery.ts";

/** Waits for the outcomes of all deliveries of one broadcast, then reports one for all. */
export class BroadcastOutcome implements OutcomeObserver {
  readonly #report: OutcomeObserver;
  /** The broadcast itself holds one until all recipients are counted. */
  #missing = 1;
  #recipients = 0;
  #delivered = 0;
  #outcome: Outcome = DELIVERED;

  /**
   * @param report told `unknown` without any recipient that counts, `delivered`, or the first outcome that was neither.
   */
  constructor(report: OutcomeObserver) {
    this.#report = report;
  }

  /** One more recipient. */
  expect(): void {
    this.#missing++;
    this.#recipients++;
  }

  /** So many more recipients, of whom one outcome for all will be told. */
  expectAll(count: number): OutcomeObserver {
    this.#missing++;
    this.#recipients += count;
    return {
      settled: (outcome) => {
        if (outcome.kind === "delivered") this.#delivered += count - 1;
        this.settled(outcome);
      },
      exempted: () => {
        this.#recipients -= count - 1;
        this.exempted();
      },
    };
  }

  /** All recipients have been counted. */
  complete(): void {
    if (--this.#missing > 0) return;
    const reach = { delivered: this.#delivered, recipients: this.#recipients };
    this.#report.settled(this.#recipients === 0 ? UNKNOWN : this.#outcome, reach);
  }

  /** The outcome of one of them. */
  settled(outcome: Outcome): void {
    if (outcome.kind === "delivered") this.#delivered++;
    else if (this.#outcome === DELIVERED) this.#outcome = outcome;
    this.complete();
  }

  /** One of them does not count. */
  exempted(): void {
    this.#recipients--;
    this.complete();
  }
}
