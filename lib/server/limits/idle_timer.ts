/**
 * How long one peer says nothing.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";

/** Waits for a peer to be silent for too long. One deadline does for all that it says. */
export class IdleTimer {
  readonly #timeout: number;
  readonly #deadlines: Deadlines;
  readonly #tooLong: () => void;
  #heard: number;
  #deadline: Deadline;

  /** Takes how long is too long, in milliseconds, the table of deadlines, and who is told, once. */
  constructor(timeout: number, deadlines: Deadlines, tooLong: () => void) {
    this.#timeout = timeout;
    this.#deadlines = deadlines;
    this.#tooLong = tooLong;
    this.#heard = deadlines.time;
    this.#deadline = this.#watch(timeout);
  }

  /** The peer has said something. */
  broken(): void {
    this.#heard = this.#deadlines.time;
  }

  /** Waits no more. */
  stop(): void {
    this.#deadline.cancel();
  }

  #watch(delay: number): Deadline {
    const expired = () => {
      const left = this.#heard + this.#timeout - this.#deadlines.time;
      if (left > 0) this.#deadline = this.#watch(left);
      else this.#tooLong();
    };
    return this.#deadlines.set(delay, { expired });
  }
}
