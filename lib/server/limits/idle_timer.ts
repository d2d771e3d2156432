/**
 * How long one peer sends nothing.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";

/** Waits for a peer to be silent for too long. One deadline does for all that it sends. */
export class IdleTimer {
  readonly #timeout: number;
  readonly #deadlines: Deadlines;
  readonly #onIdle: () => void;
  #heard: number;
  #deadline: Deadline;

  /** Begins to wait. `onIdle` is called once, after `timeout` milliseconds of silence. */
  constructor(timeout: number, deadlines: Deadlines, onIdle: () => void) {
    this.#timeout = timeout;
    this.#deadlines = deadlines;
    this.#onIdle = onIdle;
    this.#heard = deadlines.time;
    this.#deadline = this.#watch(timeout);
  }

  /** The peer has sent something. */
  restart(): void {
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
      else this.#onIdle();
    };
    return this.#deadlines.set(delay, { expired });
  }
}
