/**
 * How much a peer may have passed on to many: the work is the server's, and grows with the number of recipients.
 *
 * @module
 */

import type { Deadlines } from "../../core/deadlines.ts";
import type { Link } from "../../core/link.ts";
import type { BroadcastLimit } from "../../dialects/dialect.ts";

/** A delivery counts once for each of these bytes that it has or has begun: so much costs about as much as a short one. */
const BYTES_A_DELIVERY = 4096;
/** How much of a second's deliveries may come at once, behind a pause. */
const BURST_SHARE = 0.1;
/** How much of it a new peer has: a broadcast to a few, not so much that connecting again is a gain. */
const FIRST_SHARE = 0.01;

/** What the broadcasts of all peers share: those that are held divide the rate of one, however many they are. */
export class BroadcastRate {
  /** How many peers are held now. */
  held = 0;

  constructor(
    /** How many deliveries a second the broadcasts of one peer may cost. */
    public rate: number,
    /** The table of deadlines. */
    readonly deadlines: Deadlines,
  ) {}
}

/**
 * One peer's token bucket of deliveries. A broadcast is passed on whatever it costs; a peer that has spent more than it had is
 * read no further until that is made up for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Deadlines } from "../../core/deadlines.ts";
 *
 * const deadlines = new Deadlines(0);
 * const limiter = new BroadcastLimiter(new BroadcastRate(20_000, deadlines));
 * assertEquals(limiter.charge(800, 64), true);
 * deadlines.advance(60);
 * assertEquals(limiter.isHeld, false);
 * ```
 */
export class BroadcastLimiter implements BroadcastLimit {
  readonly #shared: BroadcastRate;
  readonly #link: Pick<Link, "pause" | "resume"> | undefined;
  #allowance: number;
  #refilled: number;
  #isHeld = false;

  /** Limits one peer, whose link, if it has one, is not read while the peer is held. */
  constructor(shared: BroadcastRate, link?: Pick<Link, "pause" | "resume">) {
    this.#shared = shared;
    this.#link = link;
    this.#allowance = shared.rate * FIRST_SHARE;
    this.#refilled = shared.deadlines.time;
  }

  /** Whether the peer has spent more than it had. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** See {@linkcode BroadcastLimit.charge}. */
  charge(recipients: number, bytes: number, resume: () => void = () => {}): boolean {
    const { rate, deadlines } = this.#shared;
    if (!this.#isHeld) {
      const earned = (deadlines.time - this.#refilled) / 1000 * rate;
      this.#allowance = Math.min(rate * BURST_SHARE, this.#allowance + earned);
      this.#refilled = deadlines.time;
    }
    this.#allowance -= recipients * Math.max(1, Math.ceil(bytes / BYTES_A_DELIVERY));
    if (this.#allowance < 0 && !this.#isHeld) this.#hold(resume);
    return this.#isHeld;
  }

  #hold(resume: () => void): void {
    const { rate, deadlines } = this.#shared;
    this.#isHeld = true;
    this.#shared.held++;
    this.#link?.pause("broadcasts");
    const debt = -this.#allowance;
    this.#allowance = 0;
    deadlines.set(debt / rate * 1000 * this.#shared.held, {
      expired: () => {
        this.#shared.held--;
        this.#isHeld = false;
        this.#refilled = deadlines.time;
        // What was spent meanwhile, by what had been read already, is still to be paid for.
        if (this.#allowance < 0) return this.#hold(resume);
        resume();
        if (!this.#isHeld) this.#link?.resume("broadcasts");
      },
    });
  }
}
