/**
 * What may hurt a server is played on a fresh one, phase by phase, where there is one.
 *
 * @module
 */

/** Knows in which phase fixtures are played: nothing of another phase is played at the same time. */
export class Phases {
  readonly #renewal: () => (() => Promise<void>) | undefined;
  readonly #isByTurns: boolean;
  #phase = 0;
  #entered = Promise.resolve();

  /**
   * @param renewal gives what takes a fresh server in the place of the one that is there, if that is possible.
   * @param isByTurns whether fixtures of all phases are played one by one, a few of each: then an earlier phase may come behind a later one.
   */
  constructor(renewal: () => (() => Promise<void>) | undefined, isByTurns = false) {
    this.#renewal = renewal;
    this.#isByTurns = isByTurns;
  }

  /**
   * Waits for the server of a phase. What comes in it does not find what all before it have left behind: a frame server that never
   * gives an ID out again would have none left amid what has nothing to do with that.
   */
  async enter(phase: number): Promise<void> {
    if (this.#isByTurns ? phase !== this.#phase : phase > this.#phase) {
      this.#entered = this.#renewal()?.() ?? Promise.resolve();
    }
    this.#phase = this.#isByTurns ? phase : Math.max(phase, this.#phase);
    await this.#entered;
  }
}
