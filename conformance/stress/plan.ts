/**
 * What users do: drawn from a seed, or given, as what is left of a run that is made smaller.
 *
 * @module
 */

import { Chance } from "../../lib/simulation/chance.ts";
import type { Filling } from "./bodies.ts";
import type { ClientFault } from "./faults.ts";

/** One thing that a user does. Users are given by their number, groups too. */
export type UserStep =
  /** Sends some messages to a user, to all, or to somebody that is not there, and waits for no answer between them. */
  | {
    readonly kind: "send";
    readonly to: number | "all" | "nobody";
    readonly count: number;
    readonly size: number;
    readonly filling: Filling;
  }
  /** Leaves, or breaks off, and comes back, under its own name or one that others want too. */
  | { readonly kind: "return"; readonly as: "own" | number; readonly by: "leave" | Parting }
  /** Does something to its own connections for a while, in milliseconds. */
  | { readonly kind: "disturb"; readonly fault: Disturbance; readonly time: number }
  /** Joins a group, leaves it, or asks who its members are. */
  | { readonly kind: "join" | "leave" | "members"; readonly group: number };

/** Faults after which a client is gone. */
export type Parting = Extract<ClientFault, "reset" | "half-close" | "cut">;
/** Faults after which it goes on. */
export type Disturbance = Exclude<ClientFault, Parting>;

/** A step and when it is done. */
export interface PlannedStep {
  /** What is done. */
  readonly step: UserStep;
  /** Whether it is done at the next beat, at which others do theirs. */
  readonly atBeat: boolean;
  /** How long it waits before that, in milliseconds. */
  readonly pause: number;
  /** When it was done, in milliseconds since the run began; done again, it is done then. */
  readonly at?: number;
}

/** Names that several users want. */
const HOT_NAMES = 3;
/** Every so many-th user neither leaves nor breaks off. */
const RESIDENTS = 3;

/** What a dialect allows. */
export interface Abilities {
  /** Whether clients have names that they choose and that nobody else may have. */
  readonly choosesNames: boolean;
  /** Whether a message goes to all. */
  readonly sendsToAll: boolean;
  /** Whether a message goes to one. */
  readonly sendsToOne: boolean;
  /** Whether there are groups. */
  readonly hasGroups: boolean;
  /** What bodies may be filled with. */
  readonly fillings: readonly Filling[];
  /** The sizes of bodies, in bytes: common ones, several times. */
  readonly sizes: readonly number[];
}

/** What kind of run it is. */
export interface PlanOptions extends Abilities {
  /** The seed. */
  readonly seed: number;
  /** How many users there are. */
  readonly users: number;
  /** The faults that there may be. */
  readonly faults: readonly ClientFault[];
}

/** Draws what users do; the same seed draws the same, for each user by itself. */
export class Plan {
  readonly #options: PlanOptions;
  readonly #chance: Chance;

  /** Draws nothing yet. */
  constructor(options: PlanOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed);
  }

  /** The step of a user with a number, from 0. */
  step(user: number, number: number): PlannedStep {
    const chance = this.#chance.fork(`${user} ${number}`);
    const atBeat = chance.happens(0.2);
    return { step: this.#draw(user, chance), atBeat, pause: chance.happens(0.15) ? chance.below(10) : 0 };
  }

  /** Whom all send to at a beat. */
  target(beat: number): number {
    return this.#chance.fork(`beat ${beat}`).below(this.#options.users);
  }

  #draw(user: number, chance: Chance): UserStep {
    const { users, choosesNames, sendsToAll, sendsToOne, hasGroups, faults } = this.#options;
    const partings = faults.filter(isParting);
    const disturbances = faults.filter((fault): fault is Disturbance => !isParting(fault));
    // Some stay, so that what is sent to them must have arrived in the end.
    const returns = user % RESIDENTS === 0 ? 0 : 1;
    const weights: [number, () => UserStep][] = [
      [sendsToOne ? 60 : 0, () => this.#send(chance, (user + 1 + chance.below(Math.max(users - 1, 1))) % users)],
      [sendsToOne && choosesNames ? 3 : 0, () => this.#send(chance, "nobody")],
      [sendsToAll ? sendsToOne ? 8 : 60 : 0, () => this.#send(chance, "all")],
      [5 * returns, () => ({ kind: "return", as: "own", by: "leave" })],
      [choosesNames ? 6 * returns : 0, () => ({ kind: "return", as: chance.below(HOT_NAMES), by: "leave" })],
      [partings.length > 0 ? 3 * returns : 0, () => ({ kind: "return", as: "own", by: chance.pick(partings) })],
      [disturbances.length > 0 ? 3 : 0, () => ({
        kind: "disturb",
        fault: chance.pick(disturbances),
        time: 20 + chance.below(300),
      })],
      [hasGroups ? 12 : 0, () => ({ kind: "join", group: chance.below(2) })],
      [hasGroups ? 10 : 0, () => ({ kind: "leave", group: chance.below(2) })],
      [hasGroups ? 10 : 0, () => ({ kind: "members", group: chance.below(2) })],
    ];
    let drawn = chance.below(weights.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of weights) {
      if (drawn < weight) return make();
      drawn -= weight;
    }
    return this.#send(chance, "all");
  }

  #send(chance: Chance, to: number | "all" | "nobody"): UserStep {
    const { fillings, sizes } = this.#options;
    const count = to === "all" || !chance.happens(0.2) ? 1 : 2 + chance.below(3);
    return { kind: "send", to, count, size: chance.pick(sizes), filling: chance.pick(fillings) };
  }
}

function isParting(fault: ClientFault): fault is Parting {
  return fault === "reset" || fault === "half-close" || fault === "cut";
}
