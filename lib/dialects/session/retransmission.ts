/**
 * A datagram that is sent until it is answered.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";

/** What is sent, and how often. */
export interface RetransmissionOptions {
  /** How long an answer is waited for each time, in milliseconds. */
  readonly interval: number;
  /** How often it is sent at most. */
  readonly attempts: number;
  /** Sends it once. */
  send(): void;
  /** Called when it was sent as often as it may be, and the last time has not been answered either. */
  exhausted(): void;
}

/**
 * Sends the same again and again, until an answer stops it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Deadlines } from "../../core/deadlines.ts";
 *
 * const deadlines = new Deadlines(0);
 * const log: string[] = [];
 * const options = { interval: 500, attempts: 2, send: () => log.push("sent"), exhausted: () => log.push("exhausted") };
 * new Retransmission(deadlines, options).start();
 * deadlines.advance(2000);
 * deadlines.advance(4000);
 * assertEquals(log, ["sent", "sent", "exhausted"]);
 * ```
 */
export class Retransmission {
  readonly #deadlines: Deadlines;
  readonly #options: RetransmissionOptions;
  #sent = 0;
  #deadline: Deadline | undefined;

  /** Nothing is sent before {@linkcode Retransmission.start}. */
  constructor(deadlines: Deadlines, options: RetransmissionOptions) {
    this.#deadlines = deadlines;
    this.#options = options;
  }

  /** How often it was sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends it for the first time. */
  start(): void {
    const { interval, attempts } = this.#options;
    if (this.#sent === attempts) return this.#options.exhausted();
    this.#sent++;
    this.#deadline = this.#deadlines.set(interval, { expired: () => this.start() });
    this.#options.send();
  }

  /** Sends it no more, and does not call `exhausted`. */
  stop(): void {
    this.#deadline?.cancel();
  }
}
