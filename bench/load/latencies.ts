/**
 * How long messages took, without keeping each.
 *
 * @module
 */

/** What was measured. */
export interface Measured {
  /** Confirmed messages a second. */
  readonly rate: number;
  /** Half of the messages were confirmed within this, in microseconds. */
  readonly p50: number;
  /** All but one in a hundred were confirmed within this, in microseconds. */
  readonly p99: number;
  /** The server's processor time for each message, in microseconds, where it was measured. */
  readonly processor?: number;
}

/** The histogram's step, in milliseconds, and how many it has; what is slower counts as the last. */
const STEP_MS = 0.01;
const STEPS = 200_000;

/** Counts the latencies of messages that were confirmed between two points in time. */
export class Latencies {
  readonly #counts = new Uint32Array(STEPS);
  readonly #start: number;
  readonly #end: number;
  #messages = 0;

  /**
   * @param start where the time begins that counts, as `performance.now()` tells it.
   * @param end where it ends.
   */
  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
  }

  /** A message was confirmed at `now` after so many milliseconds; it stands for `messages` of them. */
  add(latency: number, now: number, messages = 1): void {
    if (now < this.#start || now > this.#end) return;
    this.#counts[Math.min(STEPS - 1, Math.floor(latency / STEP_MS))]! += messages;
    this.#messages += messages;
  }

  /** How many messages there were of each latency, for {@linkcode Latencies.addCounts} in another thread. */
  get counts(): Uint32Array {
    return this.#counts;
  }

  /** Adds what another thread has counted in the same time. */
  addCounts(counts: Uint32Array): void {
    for (const [step, count] of counts.entries()) {
      this.#counts[step]! += count;
      this.#messages += count;
    }
  }

  /** The figures. */
  measured(): Measured {
    const rate = this.#messages / ((this.#end - this.#start) / 1000);
    return { rate, p50: this.#quantile(0.5), p99: this.#quantile(0.99) };
  }

  #quantile(share: number): number {
    let left = this.#messages * share;
    let step = 0;
    while (step < STEPS - 1 && (left -= this.#counts[step]!) > 0) step++;
    return Math.round((step + 1) * STEP_MS * 1000);
  }
}
