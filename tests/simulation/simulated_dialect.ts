/**
 * Who speaks a dialect in the simulation.
 *
 * @module
 */

import type { Chance } from "../../lib/simulation/chance.ts";
import type { Life } from "./message_tracker.ts";
import type { SimulationContext } from "./user.ts";

/** Somebody who comes, talks, goes, and comes again. */
export interface SimulatedUser extends Life {
  /** Whether others may be told that this user is there. */
  readonly isReady: boolean;
  /** Whether there is a life. */
  readonly isAlive: boolean;
  /** Comes for the first time, soon. */
  start(): void;
  /** Does not come back. */
  stayAway(): void;
  /** Leaves, and does not come back. */
  finish(): void;
}

/** A dialect's part in the simulation. */
export interface SimulatedDialect {
  /** How many users speak it; all together are a few more than there are frame IDs. */
  readonly users: number;
  /** Whether recipients acknowledge; otherwise a message is delivered when it was handed to the network. */
  readonly acknowledges?: true;
  /** Whether the first that a client sends has to arrive in one piece. */
  readonly beginsInOnePiece?: true;
  /** Makes one of them, who has this name where the dialect has names. */
  make(name: string, context: SimulationContext, dialect: string, chance: Chance, hostname: string): SimulatedUser;
}
