/**
 * Which of the servers besides the target plays what: each has one fixture at a time.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";

/** So many play at a time what is only to be played alone. */
const BESIDES = 3;
/** It takes so many fixtures that wait for their turn to have another one play them; fewer once something has failed, and may wait long. */
const WORTH_A_START = 12;
const WORTH_A_FAILURE = 4;

/** So many are left to what is played again, which decides what becomes of the rest, where there are as many. */
const LEFT_TO_REPLAYS = 3;

/** Why a fixture is played on one of them: it is played again, it may wait for long, or it is only to be played alone. */
export type Haste = "again" | "patient" | "alone";

/** A fixture that one of them plays. */
interface Occupant {
  readonly fixture: Fixture;
  readonly haste: Haste;
  /** Whether it has waited for long. */
  isStalled: boolean;
}

/** Knows what they do, by their numbers, which begin with 1. */
export class OtherServers {
  readonly #occupants = new Map<number, Occupant>();
  /** The highest number of those that have played something: they need not be started. */
  #started = 0;
  /** Whether something has failed. */
  #isWrong = false;

  /** Whether none of them plays anything. */
  get areIdle(): boolean {
    return this.#occupants.size === 0;
  }

  /** What they play of a clause. */
  playing(slug: string): Fixture[] {
    return [...this.#occupants.values()].map(({ fixture }) => fixture).filter(({ clause }) => clause.slug === slug);
  }

  /** One of them begins to play a fixture. */
  begin(server: number, fixture: Fixture, haste: Haste): void {
    this.#occupants.set(server, { fixture, haste, isStalled: false });
    this.#started = Math.max(this.#started, server);
    this.#isWrong ||= haste === "again";
  }

  /** A fixture has waited for long. */
  stalled(fixture: Fixture): void {
    for (const occupant of this.#occupants.values()) if (occupant.fixture === fixture) occupant.isStalled = true;
  }

  /** Whether one of them plays it, and waits for its server to lose patience, probably. */
  hasPatience(fixture: Fixture): boolean {
    const occupant = [...this.#occupants.values()].find((one) => one.fixture === fixture);
    return occupant !== undefined && occupant.isStalled && occupant.haste === "patient";
  }

  /** One of them has nothing to do any more. */
  end(server: number): void {
    this.#occupants.delete(server);
  }

  /**
   * The number of one that has nothing to do, of as many as there may be with the target; undefined where none has, or it is not worth
   * while to start one for so many that wait: a server that keeps its clauses plays them in less time than it takes to start.
   */
  idle(most: number, haste: Haste, waiting: number): number | undefined {
    const alike = [...this.#occupants.values()].filter((one) => one.haste === haste);
    if (haste === "alone" && alike.length >= BESIDES) return undefined;
    if (haste === "patient" && alike.length >= Math.max(most - 1 - LEFT_TO_REPLAYS, 1)) return undefined;
    const server = Array.from({ length: most - 1 }, (_, i) => i + 1).find((one) => !this.#occupants.has(one));
    const isStarted = server !== undefined && server <= this.#started;
    if (server === undefined || haste === "again") return server;
    if (haste === "patient") return isStarted || alike.every((one) => one.isStalled) ? server : undefined;
    if (this.#isWrong && isStarted) return server;
    return waiting >= (this.#isWrong ? WORTH_A_FAILURE : WORTH_A_START) * server ? server : undefined;
  }
}
