/**
 * How fast a target is, and what follows from that for waiting.
 *
 * @module
 */

/** Silence shorter than this says nothing even about a fast target, in milliseconds. */
const SHORTEST_WINDOW = 2;
/** Silence that ends what is said is longer: what comes too late for it would be taken for something else. */
const SHORTEST_SETTLING = 5;
/** The same while there were fewer round trips than this, which say how fast a target is. */
const SHORTEST_SETTLING_AT_FIRST = 50;
const ENOUGH = 3;
/** Silence that decides a choice is longer: an answer that comes too late for it would be a choice changed. */
const SHORTEST_DECIDING = 100;
const DECIDING_WINDOWS = 4;
/** How long a server may take to close its side of a connection that was closed, in milliseconds. */
const CLOSING = 250;
/** The same, if it is known for not doing so, and in so many of the windows in which nothing arrives. */
const SHORTEST_CLOSING = 50;
const CLOSING_WINDOWS = 4;
/** After so many connections, one after the other, that it has not closed. */
const LEFT_OPEN = 3;
/** The smallest and the largest pause between two segments, in milliseconds. */
const SHORTEST_GAP = 1;
const LONGEST_GAP = 50;

/**
 * The smoothed round trip to a target and its deviation, as TCP keeps them for its own timer (RFC 6298): one slow answer
 * does not slow down the rest of a run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const roundTrips = new RoundTripEstimator(5000);
 * assertEquals(roundTrips.window, 2);
 * roundTrips.sample(400); // the first one does not count
 * roundTrips.sample(100);
 * assertEquals(roundTrips.window, 500); // never more than a tenth of the deadline
 * ```
 */
export class RoundTripEstimator {
  readonly #deadline: number;
  #samples = 0;
  #smoothed: number | undefined;
  #deviation = 0;
  /** How many closed connections it has not closed in time, since it did so last. */
  #leftOpen = 0;

  /** Begins with no round trip. The deadline of a step, in milliseconds, bounds all windows. */
  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  /** Adds the time of a round trip, in milliseconds. The first one does not count: in it, both sides do what they do only once. */
  sample(roundTrip: number): void {
    if (++this.#samples === 1) return;
    if (this.#smoothed === undefined) {
      this.#smoothed = roundTrip;
      this.#deviation = roundTrip / 2;
      return;
    }
    this.#deviation += (Math.abs(this.#smoothed - roundTrip) - this.#deviation) / 4;
    this.#smoothed += (roundTrip - this.#smoothed) / 8;
  }

  /**
   * How long it took to connect, in milliseconds: while no round trip is known, that says how far away the target is, though not
   * how fast it answers.
   */
  connected(time: number): void {
    if (this.#smoothed !== undefined) return;
    this.#smoothed = time;
    this.#deviation = time / 4;
  }

  /** Whether the server has closed its side of connections that were closed, as long as that was waited for. */
  closed(hasClosed: boolean): void {
    this.#leftOpen = hasClosed ? 0 : this.#leftOpen + 1;
  }

  /** How long a server may take to close its side: one that never does so is given a moment to notice, in milliseconds. */
  get closingWindow(): number {
    if (this.#leftOpen < LEFT_OPEN) return CLOSING;
    return Math.min(Math.max(CLOSING_WINDOWS * this.window, SHORTEST_CLOSING), CLOSING);
  }

  /** How long nothing must arrive to count as silence, in milliseconds. */
  get window(): number {
    return Math.min(Math.max(this.#scaled, SHORTEST_WINDOW), this.#deadline / 10);
  }

  /**
   * How long after a server has closed its side of all connections it may still tell others of that, in milliseconds: none if
   * it is fast, since no fixture connects in less than that.
   */
  get aftermath(): number {
    return this.#scaled > SHORTEST_WINDOW || this.#samples < ENOUGH ? this.window : 0;
  }

  /** How long nothing must arrive before something that has no end of its own counts as complete, in milliseconds. */
  get settlingWindow(): number {
    const shortest = this.#samples < ENOUGH ? SHORTEST_SETTLING_AT_FIRST : SHORTEST_SETTLING;
    return Math.min(Math.max(this.window, shortest), this.#deadline / 10);
  }

  /** How long nothing must come to be a server's choice, in milliseconds. */
  get decidingWindow(): number {
    return Math.min(Math.max(DECIDING_WINDOWS * this.window, SHORTEST_DECIDING), this.#deadline / 10);
  }

  get #scaled(): number {
    return 2 * ((this.#smoothed ?? 0) + 4 * this.#deviation);
  }

  /** How long after a segment the next one leaves, so that they arrive as two, in milliseconds. */
  get gap(): number {
    return Math.min(Math.max(this.#smoothed ?? 0, SHORTEST_GAP), LONGEST_GAP);
  }
}
