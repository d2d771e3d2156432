/**
 * Waiting for what a server does: on one connection or several, until one thing comes true, time is up, or nothing that
 * anybody waits for can come true any more.
 *
 * @module
 */

import { type Match, Matcher, type MatchState } from "../pattern/matcher.ts";
import type { Program } from "../pattern/program.ts";
import { spell } from "../transcript/escape.ts";
import type { Choice, Closed, Expect } from "../transcript/syntax.ts";
import type { Connection, Waiter } from "./connection.ts";
import { type Attempt, Unmet } from "./failure.ts";

/** A failure shows no more of what arrived than this, in bytes. */
const SHOWN = 512;

const NOTHING: Match = { length: 0, values: new Map(), choices: new Map() };

/** One thing that is waited for: bytes that match, or the end. */
export class Expectation implements Waiter {
  /** The connection on which it is waited for. */
  readonly connection: Connection;
  /** The step that waits. */
  readonly step: Expect | Closed;
  readonly #program: Program | undefined;
  #matcher: Matcher | undefined;
  #state: MatchState = "more";
  #wait: StepWait | undefined;

  /** Takes the compiled pattern of an {@linkcode Expect}, none for {@linkcode Closed}. */
  constructor(connection: Connection, step: Expect | Closed, program: Program | undefined) {
    this.connection = connection;
    this.step = step;
    this.#program = program;
    this.restart();
  }

  /** See {@linkcode Waiter.state}. */
  get state(): MatchState {
    return this.#state;
  }

  /** How many bytes fit. */
  get position(): number {
    return this.#matcher?.position ?? 0;
  }

  /** What could come next, spelled for people. */
  get wanted(): string[] {
    return this.#matcher?.wanted() ?? [];
  }

  /** Makes a wait the one who is told. */
  belongTo(wait: StepWait): void {
    this.#wait = wait;
  }

  /** See {@linkcode Waiter.restart}. */
  restart(): void {
    this.#matcher = this.#program === undefined ? undefined : new Matcher(this.#program, this.connection.hasDatagrams);
    this.#state = "more";
  }

  /** See {@linkcode Waiter.look}. */
  look(unread: Uint8Array, isClosed: boolean): MatchState {
    if (this.#matcher === undefined) this.#state = unread.length > 0 ? "failed" : isClosed ? "matched" : "more";
    else if (this.connection.hasDatagrams && unread.length === 0) this.#state = "more";
    else {
      this.#state = this.#matcher.advance(unread);
      // Nothing more will come.
      if (isClosed && this.#state === "open") this.#state = "matched";
      if (isClosed && this.#state === "more") this.#state = "failed";
    }
    return this.#state;
  }

  /** See {@linkcode Waiter.match}. */
  match(): Match {
    return this.#matcher?.match() ?? NOTHING;
  }

  /** See {@linkcode Waiter.taken}. */
  taken(match: Match): void {
    if (this.step.kind === "closed") this.connection.isCloseExpected = true;
    this.#wait?.came(this, match);
  }

  /** Whether these bytes, which arrived elsewhere, are what it waits for. */
  wouldMatch(bytes: Uint8Array): boolean {
    if (this.#program === undefined) return false;
    return ["open", "matched"].includes(new Matcher(this.#program, this.connection.hasDatagrams).advance(bytes));
  }

  /** What it waited for, and what there is. */
  attempt(): Attempt {
    const { unread } = this.connection;
    const fits = this.#matcher === undefined ? 0 : this.position;
    return {
      connection: this.connection.name,
      fits: spell(unread.subarray(Math.max(fits - SHOWN, 0), fits)),
      wanted: this.#matcher === undefined ? "closed" : this.wanted,
      got: spell(unread.subarray(fits, fits + SHOWN)),
      isClosed: this.connection.state === "closed",
    };
  }
}

/** What a wait has come to. */
export interface Fulfilled {
  /** Which of its hopes came true; `undefined`: silence. */
  readonly hope: Expectation | undefined;
  /** What it matched. */
  readonly match: Match;
}

/** One step of a lane that waits for the first of several hopes. */
export class StepWait {
  /** The step that waits. */
  readonly step: Expect | Closed | Choice;
  /** What may come true, the preferred first. */
  readonly hopes: readonly Expectation[];
  /** Whether it fails at once when it cannot come true, because it will be tried again. */
  readonly isRetried: boolean;
  readonly #outcome = Promise.withResolvers<Fulfilled>();
  readonly #lanes: ParallelBranches;

  /** Takes the step, what may come true, and the lanes of its fixture. */
  constructor(
    step: Expect | Closed | Choice,
    hopes: readonly Expectation[],
    lanes: ParallelBranches,
    isRetried: boolean,
  ) {
    this.step = step;
    this.hopes = hopes;
    this.#lanes = lanes;
    this.isRetried = isRetried;
    for (const hope of hopes) hope.belongTo(this);
  }

  /** Waits. */
  run(): Promise<Fulfilled> {
    this.#lanes.waits.add(this);
    for (const hope of this.hopes) {
      // One may come true at once, with what has arrived before: then the others hope for nothing.
      if (this.#lanes.waits.has(this)) hope.connection.add(hope);
    }
    this.#lanes.look();
    return this.#outcome.promise;
  }

  /** Whether none of its hopes can come true with what has arrived. */
  get isDead(): boolean {
    return this.hopes.every(({ state, connection }) => state === "failed" && !connection.isAmidAside);
  }

  /** One of its hopes came true; without one, silence. */
  came(hope: Expectation | undefined, match: Match = NOTHING): void {
    this.#leave();
    this.#outcome.resolve({ hope, match });
  }

  /** It is over, for this reason. */
  fail(reason: unknown): void {
    this.#leave();
    this.#outcome.reject(reason);
  }

  #leave(): void {
    this.#lanes.waits.delete(this);
    for (const hope of this.hopes) hope.connection.remove(hope);
  }
}

/**
 * All that goes on at the same time in one fixture. A wait on a connection where something else has arrived may still come
 * true if another lane takes that first; when every lane waits in vain, nobody will.
 */
export class ParallelBranches {
  /** Those who wait at present, in the order in which they began. */
  readonly waits = new Set<StepWait>();
  /** How many there are. */
  running = 1;
  readonly #explain: (wait: StepWait) => Unmet;

  /** Takes who says what went wrong. */
  constructor(explain: (wait: StepWait) => Unmet) {
    this.#explain = explain;
  }

  /** Ends those who wait in vain. */
  look(): void {
    for (const wait of [...this.waits]) if (wait.isRetried && wait.isDead) wait.fail(this.#explain(wait));
    if (this.waits.size < this.running) return;
    const waits = [...this.waits];
    if (waits.every(({ isDead }) => isDead)) waits[0]?.fail(this.#explain(waits[0]));
  }
}
