/**
 * A read-write lock: many may hold it together, or one alone.
 *
 * @module
 */

/** A lock that many can share, or one can have alone. One that waits to have it alone comes before those that would share it. */
export class ReadWriteLock {
  #sharing = 0;
  #isTaken = false;
  readonly #alone: (() => void)[] = [];
  #together: (() => void)[] = [];

  /** Acts while others may act, too. */
  async together<T>(act: () => Promise<T>): Promise<T> {
    if (this.#isTaken || this.#alone.length > 0) await new Promise<void>((resolve) => this.#together.push(resolve));
    else this.#sharing++;
    try {
      return await act();
    } finally {
      this.#sharing--;
      this.#next();
    }
  }

  /** Acts alone. */
  async alone<T>(act: () => Promise<T>): Promise<T> {
    if (this.#isTaken || this.#sharing > 0) await new Promise<void>((resolve) => this.#alone.push(resolve));
    else this.#isTaken = true;
    try {
      return await act();
    } finally {
      this.#isTaken = false;
      this.#next();
    }
  }

  #next(): void {
    if (this.#isTaken || this.#sharing > 0) return;
    const alone = this.#alone.shift();
    if (alone !== undefined) {
      this.#isTaken = true;
      return alone();
    }
    const together = this.#together;
    this.#together = [];
    this.#sharing = together.length;
    for (const go of together) go();
  }
}
