/**
 * How many connections wait at once for the target to accept them.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import { sleep, unlessAborted } from "../sleep.ts";
import type { Connection } from "./connection.ts";

/**
 * So many may wait. Python's `socketserver`, and every program that calls `listen(5)`, has room for five that it has not accepted yet;
 * who comes when there is none is tried again by the system a second later, or two, or four.
 */
const MOST_WAITING = 4;
/** A connection on which nothing is said is taken for accepted after this, in milliseconds. */
const UNSAID = 20;

/**
 * Opens connections as fast as the target accepts them, which shows when it says something on one.
 *
 * @example
 * ```ts
 * import { REAL_TIME } from "../../../lib/transport/real_time.ts";
 *
 * const pacer = new ConnectionPacer(REAL_TIME);
 * const admitted = await pacer.admit(new AbortController().signal); // the first need not wait
 * admitted.failed(); // it could not be opened: the next may
 * ```
 */
export class ConnectionPacer {
  readonly #runtime: Runtime;
  readonly #queue: (() => void)[] = [];
  #waiting = 0;

  /** Begins with no connection. */
  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * Settles when another one may be opened, and is to be told what has become of it. Rejects with the signal's reason.
   *
   * @param isNext Whether it goes before all others that wait: it is the second one of somebody who is half there.
   */
  async admit(signal: AbortSignal, isNext = false): Promise<Admitted> {
    signal.throwIfAborted();
    if (this.#waiting >= MOST_WAITING) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (isNext) this.#queue.unshift(resolve);
      else this.#queue.push(resolve);
      await unlessAborted(promise, signal).catch((reason) => {
        const index = this.#queue.indexOf(resolve);
        // Its place was given to it at the same moment.
        if (index < 0) this.#pass();
        else this.#queue.splice(index, 1);
        throw reason;
      });
    } else this.#waiting++;
    return { failed: () => this.#pass(), opened: (connection) => void this.#watch(connection) };
  }

  async #watch({ spoken }: Pick<Connection, "spoken">): Promise<void> {
    const over = new AbortController();
    await Promise.race([spoken, sleep(this.#runtime, UNSAID, over.signal)]);
    over.abort("over");
    this.#pass();
  }

  /** The place of one that is through goes to the next in line. */
  #pass(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#waiting--;
    else next();
  }
}

/** A place among those that wait to be accepted. */
export interface Admitted {
  /** The connection is open. */
  opened(connection: Pick<Connection, "spoken">): void;
  /** It could not be opened. */
  failed(): void;
}
