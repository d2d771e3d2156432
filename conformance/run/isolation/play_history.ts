/**
 * What was played when: before a fixture, and beside it.
 *
 * @module
 */

import type { Fixture } from "../../fixtures/fixture.ts";

/** So many of those that were played last are remembered. */
const MOST = 512;

/** A fixture that was played, or still is. */
export interface Played {
  /** The fixture. */
  readonly fixture: Fixture;
  /** Those that were over before it began, on the same server. */
  readonly before: readonly Fixture[];
  /** Those that were played at the same time. */
  readonly beside: ReadonlySet<Fixture>;
}

/** Remembers what was played since the server was started. */
export class PlayHistory {
  #over: Fixture[] = [];
  readonly #playing = new Map<Played, Set<Fixture>>();
  readonly #first: Map<Fixture, Played>;

  /** @param first where it is remembered how fixtures were played at first, on this server or another one. */
  constructor(first: Map<Fixture, Played> = new Map()) {
    this.#first = first;
  }

  /** Whether nothing was played since the server was started. */
  get isEmpty(): boolean {
    return this.#over.length === 0 && this.#playing.size === 0;
  }

  /** Plays a fixture, and remembers it; where it is played again, what was played when it was played first stays known. */
  async during<T>(fixture: Fixture, play: () => Promise<T>, isAgain = false): Promise<T> {
    const beside = new Set([...this.#playing.keys()].map(({ fixture }) => fixture));
    const entry = { fixture, before: [...this.#over], beside };
    for (const others of this.#playing.values()) others.add(fixture);
    this.#playing.set(entry, beside);
    if (!isAgain) this.#first.set(fixture, entry);
    try {
      return await play();
    } finally {
      this.#playing.delete(entry);
      this.#over = [...this.#over, fixture].slice(-MOST);
    }
  }

  /** The server is another one: nothing has been played on it. */
  clear(): void {
    this.#over = [];
  }
}
