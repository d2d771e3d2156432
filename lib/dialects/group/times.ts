/**
 * The times of the document, and what follows from them.
 *
 * @module
 */

import { isLoopback } from "../../core/datagrams.ts";
import type { Deadlines } from "../../core/deadlines.ts";

/** How long an acknowledgement is waited for, in milliseconds. */
export const ACK_MS = 500;

/** How often a request to the server is sent before the server counts as gone. */
export const TRIES = 5;

/**
 * How much later than the latest copy of a request the same bytes are a repetition of it, in milliseconds: clients that have
 * missed the answer repeat themselves after {@linkcode ACK_MS}.
 */
export const REPEATS_MS = 700;

/**
 * How much later than a datagram a copy of it can arrive that the network has made, in milliseconds: not quite half of
 * {@linkcode ACK_MS}, in which a datagram and its answer must go there and back, since clocks tick coarsely.
 */
const COPY_MS = 200;

/**
 * How much later than a datagram a copy of it can arrive on the way to or from an address, in milliseconds. This machine's
 * loopback carries everything once.
 */
export function delayOfCopies(hostname: string): number {
  return isLoopback(hostname) ? 0 : COPY_MS;
}

/**
 * How long after a datagram was sent its answer, or a copy of that, can arrive, in milliseconds. Answers carry no number: while
 * one is waited for, none of the same words may come for something earlier. As the document has it, what is not there after
 * 500 ms does not come.
 */
export function lifetimeOfAnswers(hostname: string): number {
  return isLoopback(hostname) ? 0 : ACK_MS;
}

/** How long a peer on loopback is watched for a second answer to the first thing that it answers, in milliseconds. */
const TRIAL_MS = 50;
/** How many answers of a peer are remembered. */
const MAX_ANSWERED = 64;

/**
 * How long the answers of one peer can be on the way. Loopback carries everything once, so that nothing comes behind an answer
 * there, except from a peer that was once seen to answer twice.
 */
export class Lifetime {
  readonly #deadlines: Pick<Deadlines, "time">;
  readonly #isLoopback: boolean;
  readonly #answered = new Set<string>();
  #first: number | undefined;
  #isTried = false;
  #answersTwice = false;

  /**
   * No peer has answered twice at first.
   *
   * @param hostname the peer's IP address.
   */
  constructor(deadlines: Pick<Deadlines, "time">, hostname: string) {
    this.#deadlines = deadlines;
    this.#isLoopback = isLoopback(hostname);
  }

  /** How long after a datagram was sent its answer, or another one like it, may come, in milliseconds. */
  get afterSending(): number {
    return this.#isLoopback && !this.#answersTwice ? 0 : ACK_MS;
  }

  /**
   * An answer has come that was awaited.
   *
   * @returns how long from now another one like it may come, in milliseconds.
   */
  afterAnswer(text: string): number {
    if (!this.#isLoopback || this.#answersTwice) return 0;
    const [oldest] = this.#answered;
    if (oldest !== undefined && this.#answered.size >= MAX_ANSWERED) this.#answered.delete(oldest);
    this.#answered.add(text);
    if (this.#isTried) return 0;
    const now = this.#deadlines.time;
    this.#first ??= now;
    this.#isTried = now - this.#first >= TRIAL_MS;
    return this.#isTried ? 0 : TRIAL_MS;
  }

  /**
   * An answer has come that nothing waits for.
   *
   * @returns whether that shows, for the first time, that the peer answers twice.
   */
  unawaited(text: string): boolean {
    if (this.#answersTwice || !this.#answered.has(text)) return false;
    this.#answered.clear();
    return this.#answersTwice = true;
  }
}
