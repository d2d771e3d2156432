/**
 * How far a watch of the store has come.
 *
 * @module
 */

interface Waiting {
  readonly revision: number;
  readonly done: () => void;
}

/** Lets others wait until the watch has told a revision. */
export class WatchProgress {
  readonly #patience: number;
  readonly #waiting = new Set<Waiting>();
  #revision = 0;

  /** @param patience how long it is waited at most, in milliseconds. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** This revision is told, and what came before it. */
  at(revision: number): void {
    this.#revision = revision;
    for (const one of this.#waiting) if (one.revision <= revision) one.done();
  }

  /** Resolves when a revision is told, or is not waited for any longer. */
  reaches(revision: number): Promise<void> {
    if (revision <= this.#revision) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(() => one.done(), this.#patience);
      const one: Waiting = {
        revision,
        done: () => {
          clearTimeout(late);
          this.#waiting.delete(one);
          resolve();
        },
      };
      this.#waiting.add(one);
    });
  }

  /** Nothing more is told: nobody waits. */
  giveUp(): void {
    this.#revision = 0;
    for (const { done } of this.#waiting) done();
  }
}
