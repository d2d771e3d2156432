/**
 * Waits until a client connects, and says what a connection is to begin with.
 *
 * @module
 */

import type { Match } from "../../pattern/matcher.ts";
import type { Program } from "../../pattern/program.ts";
import type { Accept, Expect } from "../../transcript/syntax.ts";
import type { Connection } from "../connection/connection.ts";
import { Expectation, NOTHING } from "../expectation.ts";
import type { Attempt, FailureKind } from "../failure.ts";
import type { ClientStage } from "./client_stage.ts";
import type { ProgramWait } from "./program_wait.ts";

/** One connection of the client's that no step has taken yet: the first, or the first that begins with something. */
export class AcceptWait implements ProgramWait {
  readonly isOfProgram = true;
  onMatch: (match: Match) => void = () => {};
  readonly #stage: ClientStage;
  readonly #step: Accept;
  readonly #program: Program | undefined;
  /** What is expected on each connection that nobody has taken. */
  readonly #expected = new Map<Connection, Expectation>();
  #isWaiting = false;
  readonly #changed = () => this.#check();

  /** Waits for it; the program is the compiled pattern, if there is one. */
  constructor(stage: ClientStage, step: Accept, program: Program | undefined) {
    this.#stage = stage;
    this.#step = step;
    this.#program = program;
  }

  get isHopeless(): boolean {
    if (this.#stage.run?.ending === undefined) return false;
    return [...this.#expected.values()].every(({ isHopeless }) => isHopeless);
  }

  begin(): void {
    this.#isWaiting = true;
    this.#stage.listeners.add(this.#changed);
    this.#check();
  }

  cease(): void {
    this.#isWaiting = false;
    this.#stage.listeners.delete(this.#changed);
    for (const connection of [...this.#expected.keys()]) this.#leave(connection);
  }

  why(deadline?: number): [FailureKind, string] {
    const { ending } = this.#stage.run ?? {};
    const closest = this.#closest;
    if (closest !== undefined) return ["mismatch", `something else arrived on ${closest.connection.name}`];
    const what = this.#stage.hasConnected ? "opens no further connection" : "does not connect";
    if (ending !== undefined) return ["closed", `the client has ended ${ending.words}, and ${what}`];
    const silent = this.#expected.size > 0 ? "says nothing on what it has connected" : what;
    return [
      "timeout",
      `the client ${silent}${deadline === undefined ? "" : ` within ${Math.round(deadline) / 1000} s`}`,
    ];
  }

  attempts(): Attempt[] {
    const attempts = [...this.#expected.values()].map((expectation) => expectation.attempt());
    return attempts.filter(({ fits, got, isClosed }) => fits !== "" || got !== "" || isClosed);
  }

  get hint(): string | undefined {
    return this.#closest === undefined ? this.#stage.hint : undefined;
  }

  get #closest(): Expectation | undefined {
    const spoken = [...this.#expected.values()].filter(({ connection }) => connection.unread.length > 0);
    return spoken.sort((a, b) => b.position - a.position)[0];
  }

  #check(): void {
    for (const connection of [...this.#expected.keys()]) {
      if (!this.#stage.waiting.includes(connection)) this.#leave(connection);
    }
    for (const connection of this.#stage.waiting) {
      if (!this.#isWaiting || this.#expected.has(connection)) continue;
      if (this.#program === undefined) return this.#take(connection, NOTHING);
      const step: Expect = { ...this.#step, kind: "expect", patient: false };
      const expectation = new Expectation(connection, step, this.#program);
      expectation.onMatch = (match) => this.#take(connection, match);
      this.#expected.set(connection, expectation);
      connection.add(expectation);
    }
  }

  #leave(connection: Connection): void {
    const expectation = this.#expected.get(connection);
    this.#expected.delete(connection);
    if (expectation !== undefined) connection.remove(expectation);
  }

  #take(connection: Connection, match: Match): void {
    if (!this.#isWaiting) return;
    this.#expected.delete(connection);
    this.#stage.take(connection, this.#step, match);
    this.onMatch(match);
  }
}
