/**
 * Time for tests, which passes when they say so.
 *
 * @module
 */

/** Noon, without colours, and no chance. */
export const STILL = { now: (): Date => new Date(2026, 0, 1, 12), random: (): number => 0, hasColors: false } as const;

/** A {@linkcode Timer} whose time stands still until {@linkcode FakeTimer.advance}. */
export class FakeTimer {
  #now = 0;
  #armed = Promise.withResolvers<void>();
  readonly #due = new Set<{ readonly at: number; readonly callback: () => void }>();

  /** The timer itself. */
  readonly timer = (delay: number, callback: () => void): () => void => {
    const entry = { at: this.#now + delay, callback };
    this.#due.add(entry);
    this.#armed.resolve();
    return () => this.#due.delete(entry);
  };

  /** How many callbacks are due some time. */
  get pending(): number {
    return this.#due.size;
  }

  /** Waits until some callback is due some time. */
  armed(): Promise<void> {
    if (this.#due.size === 0) this.#armed = Promise.withResolvers<void>();
    else this.#armed.resolve();
    return this.#armed.promise;
  }

  /** Lets milliseconds pass. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const entry of [...this.#due]) if (entry.at <= this.#now && this.#due.delete(entry)) entry.callback();
  }
}
