/**
 * The time for which a script goes on listening when it has nothing more to say.
 *
 * @module
 */

import type { SetTimer } from "./waiter.ts";

/** A length of time that begins once, whatever happens to the connection meanwhile. */
export class Linger implements Disposable {
  readonly #timer: SetTimer;
  readonly #length: number;
  readonly #over = Promise.withResolvers<void>();
  #stop: (() => void) | undefined;
  #isOver: boolean;

  /** @param length in milliseconds. */
  constructor(timer: SetTimer, length: number) {
    this.#timer = timer;
    this.#length = length;
    this.#isOver = length === 0;
    if (this.#isOver) this.#over.resolve();
  }

  /** Whether it is over, or there is none. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Begins it, unless it has begun already; resolves when it is over. */
  begin(): Promise<void> {
    if (!this.#isOver) {
      this.#stop ??= this.#timer(this.#length, () => {
        this.#isOver = true;
        this.#over.resolve();
      });
    }
    return this.#over.promise;
  }

  /** Leaves no timer behind. */
  [Symbol.dispose](): void {
    this.#stop?.();
  }
}
