/**
 * How much one peer may have us say in answer to what it sends.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";

/** How many bytes of answers a peer may get at once, and in a second after that. */
const AT_ONCE = 256 * 1024;
const A_SECOND = 1024 * 1024;
/** What an answer costs besides its bytes: the turn that it takes is nobody else's. */
const AN_ANSWER = 256;

/**
 * Keeps a peer's answers at its own pace, and at ours: while one of them waits to be handed over, or more was said than its
 * allowance, its next request is not read. Seven bytes may be answered with a list of everybody, and who reads that quickly would
 * otherwise have everybody else wait. What is said anyway (a message, an outcome) does not come here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Deadlines } from "../../core/deadlines.ts";
 *
 * const deadlines = new Deadlines(0);
 * const answering = new Answering(deadlines, () => {});
 * answering.begin(100);
 * assertEquals(answering.isUnderWay, true);
 * answering.handedOver();
 * assertEquals(answering.isUnderWay, false);
 * ```
 */
export class Answering {
  readonly #deadlines: Deadlines;
  readonly #changed: () => void;
  #waiting = 0;
  #allowance = AT_ONCE;
  #refilled = -Infinity;
  #rest: Deadline | undefined;

  /** @param changed told when the allowance is there again. */
  constructor(deadlines: Deadlines, changed: () => void) {
    this.#deadlines = deadlines;
    this.#changed = changed;
  }

  /** Whether the next request has to wait. */
  get isUnderWay(): boolean {
    return this.#waiting > 0 || this.#rest !== undefined;
  }

  /** An answer of so many bytes is written; {@linkcode Answering.handedOver} is to follow. */
  begin(bytes: number): void {
    this.#waiting++;
    this.#refill();
    this.#allowance -= bytes + AN_ANSWER;
    this.#restIfSpent();
  }

  /** An answer has been handed over, or never will be. */
  handedOver(): void {
    this.#waiting--;
  }

  /** The peer is gone. */
  stop(): void {
    this.#rest?.cancel();
  }

  #refill(): void {
    const now = this.#deadlines.time;
    this.#allowance = Math.min(AT_ONCE, this.#allowance + (now - this.#refilled) / 1000 * A_SECOND);
    this.#refilled = now;
  }

  #restIfSpent(): void {
    if (this.#allowance >= 0 || this.#rest !== undefined) return;
    this.#rest = this.#deadlines.set(-this.#allowance / A_SECOND * 1000, {
      expired: () => {
        this.#rest = undefined;
        this.#refill();
        // It may have been told more meanwhile.
        this.#restIfSpent();
        if (this.#rest === undefined) this.#changed();
      },
    });
  }
}
