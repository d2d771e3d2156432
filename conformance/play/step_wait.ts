/**
 * What the steps of a fixture wait for: each until one of its expectations is met, time is up, or none can be met any more.
 *
 * @module
 */

import type { Match } from "../pattern/matcher.ts";
import type { Awaitable, Choice } from "../transcript/syntax.ts";
import type { ProgramWait } from "./client/program_wait.ts";
import { type Expectation, NOTHING } from "./expectation.ts";

/** What a step waits for: something on a connection, or of a client under test. */
export type Awaited = Expectation | ProgramWait;

/** A step that waits. */
export type WaitingStep = Awaitable | Choice;

/** What a wait has come to. */
export interface Fulfilled {
  /** Which expectation was met; `undefined`: silence. */
  readonly expectation: Awaited | undefined;
  /** What it matched. */
  readonly match: Match;
}

/** One step that waits for the first of several expectations. */
export class StepWait {
  /** The step. */
  readonly step: WaitingStep;
  /** What it waits for, the preferred first. */
  readonly expectations: readonly Awaited[];
  /** Whether it fails at once when it cannot come true, because it will be tried again. */
  readonly isRetried: boolean;
  readonly #outcome = Promise.withResolvers<Fulfilled>();
  #isOver = false;

  /** Prepares a wait; it waits from {@linkcode StepWait.start} on. */
  constructor(step: WaitingStep, expectations: readonly Awaited[], isRetried: boolean) {
    this.step = step;
    this.expectations = expectations;
    this.isRetried = isRetried;
  }

  /** Settles when an expectation is met, or rejects with the reason for which it failed. */
  get outcome(): Promise<Fulfilled> {
    return this.#outcome.promise;
  }

  /** Whether it waits no more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether none of its expectations can be met with what has arrived. */
  get isHopeless(): boolean {
    return this.expectations.every(({ isHopeless }) => isHopeless);
  }

  /** Waits. One expectation may be met at once, with what has arrived before: then the others wait for nothing. */
  start(): void {
    for (const expectation of this.expectations) {
      if (this.#isOver) return;
      expectation.onMatch = (match) => this.#meet(expectation, match);
      if (isOfProgram(expectation)) expectation.begin();
      else expectation.connection.add(expectation);
    }
  }

  /** Nothing has come for long enough, which is what it waits for. */
  meetSilence(): void {
    this.#end();
    this.#outcome.resolve({ expectation: undefined, match: NOTHING });
  }

  /** Ends it, for this reason. */
  fail(reason: unknown): void {
    this.#end();
    this.#outcome.reject(reason);
  }

  #meet(expectation: Awaited, match: Match): void {
    if (!isOfProgram(expectation) && expectation.step.kind === "closed") expectation.connection.isCloseExpected = true;
    this.#end();
    this.#outcome.resolve({ expectation, match });
  }

  #end(): void {
    this.#isOver = true;
    for (const expectation of this.expectations) {
      if (isOfProgram(expectation)) expectation.cease();
      else expectation.connection.remove(expectation);
    }
  }
}

/** Whether something is waited for that is no matter of one connection. */
export function isOfProgram(expectation: Awaited): expectation is ProgramWait {
  return "isOfProgram" in expectation;
}

/**
 * The branches of a fixture that run at the same time. A wait on a connection where something else has arrived may still come
 * true if another branch takes that first; when all branches wait in vain, none does.
 */
export class ParallelBranches {
  /** How many there are. */
  running = 1;
  #waits: StepWait[] = [];

  /** The steps that wait at present, in the order in which they began. */
  get waits(): readonly StepWait[] {
    return this.#waits = this.#waits.filter(({ isOver }) => !isOver);
  }

  /** Adds a step that begins to wait. */
  add(wait: StepWait): void {
    this.#waits.push(wait);
  }

  /** The first wait that is to fail, because it cannot come true any more; `undefined` if there is none. */
  get hopeless(): StepWait | undefined {
    const { waits } = this;
    const retried = waits.find(({ isRetried, isHopeless }) => isRetried && isHopeless);
    if (retried !== undefined || waits.length < this.running) return retried;
    return waits.every(({ isHopeless }) => isHopeless) ? waits[0] : undefined;
  }
}
