/**
 * Stops the server at random times, and has it go on a moment later.
 *
 * @module
 */

import type { Runtime, Timer } from "../../lib/core/runtime.ts";
import { Chance } from "../../lib/simulation/chance.ts";
import type { HistoryFault } from "./history.ts";
import type { Recorder } from "./recorder.ts";

/** Stops the server, or has it go on. */
export type Freeze = (isStopped: boolean) => void;

/** The shortest time for which it is stopped, and how much longer it may be, in milliseconds. */
const [SHORTEST, LONGER] = [200, 600];
/** It is stopped for the first time so soon, so that short runs have it too; in milliseconds. */
const FIRST = 400;
/** The shortest time for which it goes on then, and how much longer that may be, in milliseconds: it is to do something, too. */
const [BETWEEN, MORE] = [1_500, 2_500];

/** Stops a server again and again, from a seed. */
export class Freezes {
  readonly #freeze: Freeze;
  readonly #runtime: Runtime;
  readonly #recorder: Recorder;
  readonly #chance: Chance;
  #timer: Timer | undefined;
  #going: HistoryFault | undefined;
  #isOver = false;

  /** Does nothing yet. */
  constructor(freeze: Freeze, runtime: Runtime, recorder: Recorder, seed: number) {
    this.#freeze = freeze;
    this.#runtime = runtime;
    this.#recorder = recorder;
    this.#chance = new Chance(seed).fork("freezes");
  }

  /** Whether the server is stopped at the moment. */
  get isStopped(): boolean {
    return this.#going !== undefined;
  }

  /** Begins, unless it is over already. */
  start(): void {
    this.#after(this.#chance.below(FIRST), () => this.#stop());
  }

  /** Has the server go on, and does not stop it any more. */
  end(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#goOn();
  }

  #stop(): void {
    // What is written down is longer than what has happened, never shorter.
    this.#going = this.#recorder.freeze();
    this.#freeze(true);
    this.#after(SHORTEST + this.#chance.below(LONGER), () => {
      this.#goOn();
      this.#after(BETWEEN + this.#chance.below(MORE), () => this.#stop());
    });
  }

  #goOn(): void {
    if (this.#going === undefined) return;
    this.#freeze(false);
    this.#going.end = this.#recorder.moment();
    this.#going = undefined;
  }

  #after(delay: number, callback: () => void): void {
    if (!this.#isOver) this.#timer = this.#runtime.after(delay, callback);
  }
}
