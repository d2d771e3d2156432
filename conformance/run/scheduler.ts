/**
 * Which fixture is played when: what others need comes first, what may hurt the server last, those that disturb others alone,
 * the rest side by side.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { Result, Verdict } from "../results/verdict.ts";

/** Plays fixtures for a {@linkcode Scheduler}. */
export interface FixtureRunner {
  /** Plays one fixture. Never throws. */
  play(fixture: Fixture): Promise<Result>;
  /** Called with each result, of a fixture that was played or that was blocked. Returns whether the run goes on. */
  done(result: Result): boolean;
}

/** What keeps a fixture from being played: for the time being, or for good. */
type BlockReason = "undecided" | Pick<Result, "verdict" | "reason">;

/** What keeps those from being played that need it; a fault of the server's before one of ours. */
const BAD: readonly Verdict[] = ["fail", "blocked", "error"];

/** The order of one run. */
export class Scheduler {
  readonly #jobs: number;
  readonly #runner: FixtureRunner;
  readonly #fixtures: readonly Fixture[];
  /** In the order of the fixtures. */
  readonly #pending: Set<Fixture>;
  /** Those that wait long, and those that they need: the run lasts as long as they take. */
  readonly #hurried: ReadonlySet<Fixture>;
  /** Those that are played alone, whatever they say. */
  readonly #solitary = new Set<Fixture>();
  readonly #results = new Map<Fixture, Result>();
  /** What shows each clause to those that need it, by its slug. */
  readonly #byClause: ReadonlyMap<string, readonly Fixture[]>;
  /** What is known of the clauses that others need; not there any more when another result has come in. */
  readonly #blockReasons = new Map<string, BlockReason | undefined>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #playing = new Set<Fixture>();
  /** How many of those take up one of the jobs. */
  #busy = 0;
  #isAlone = false;
  #hasStopped = false;

  /** Prepares to play fixtures, at most `jobs` at a time. */
  constructor(fixtures: readonly Fixture[], jobs: number, runner: FixtureRunner) {
    this.#fixtures = fixtures;
    this.#jobs = jobs;
    this.#runner = runner;
    this.#pending = new Set(fixtures);
    this.#byClause = Map.groupBy(fixtures.filter(({ blocksNothing }) => !blocksNothing), ({ clause }) => clause.slug);
    this.#hurried = hurried(fixtures);
  }

  /** Plays all, and gives the results in the order of the fixtures; fewer if the runner stopped the run. */
  async run(): Promise<Result[]> {
    this.#next();
    await this.#finished.promise;
    return this.#fixtures.flatMap((fixture) => this.#results.get(fixture) ?? []);
  }

  /** Lets another fixture begin while one only waits. */
  async whilePatient<T>(waiting: Promise<T>): Promise<T> {
    if (this.#jobs === 1) return await waiting;
    this.#busy--;
    this.#next();
    try {
      return await waiting;
    } finally {
      this.#busy++;
    }
  }

  #next(): void {
    const ready = this.#ready();
    if (this.#pending.size === 0 && this.#playing.size === 0) return this.#finished.resolve();
    if (this.#isAlone) return;
    // The very first shows whether the target is there.
    const isFirst = this.#results.size === 0;
    const jobs = isFirst ? 1 : this.#jobs;
    const together = ready.filter((one) => !this.#isSolitary(one)).sort((a, b) => this.#urgency(b) - this.#urgency(a));
    for (const fixture of together) {
      if (this.#busy >= jobs) break;
      this.#play(fixture);
    }
    const solitary = ready.find((one) => this.#isSolitary(one));
    if (this.#playing.size === 0 && solitary !== undefined) {
      this.#isAlone = true;
      this.#play(solitary);
    }
  }

  #urgency(fixture: Fixture): number {
    if (!this.#hurried.has(fixture)) return 0;
    return fixture.patient ? 2 : 1;
  }

  /** All that could begin now. What cannot begin any more is settled on the way. */
  #ready(): Fixture[] {
    for (;;) {
      const ready: Fixture[] = [];
      let isAnySettled = false;
      const phase = Math.min(...[...this.#pending, ...this.#playing].map(({ phase = 0 }) => phase));
      for (const fixture of [...this.#pending]) {
        const blockReason = this.#blockReason(fixture);
        if (blockReason === undefined) {
          if ((fixture.phase ?? 0) === phase) ready.push(fixture);
        } else if (blockReason !== "undecided") {
          this.#pending.delete(fixture);
          this.#settle({ fixture, ...blockReason, chosen: [], duration: 0 });
          isAnySettled = true;
        }
      }
      if (!isAnySettled) return ready;
    }
  }

  /** What keeps a fixture from being played. */
  #blockReason({ needs }: Fixture): BlockReason | undefined {
    let isUndecided = false;
    for (const need of needs) {
      const blockReason = this.#blockReasonIn(need);
      if (blockReason === "undecided") isUndecided = true;
      else if (blockReason !== undefined) return blockReason;
    }
    return isUndecided ? "undecided" : undefined;
  }

  /** What a clause has that keeps those from being played which need it. What was not selected blocks nothing. */
  #blockReasonIn(clause: string): BlockReason | undefined {
    if (!this.#blockReasons.has(clause)) this.#blockReasons.set(clause, this.#judge(clause));
    return this.#blockReasons.get(clause);
  }

  #judge(clause: string): BlockReason | undefined {
    const needed = this.#byClause.get(clause) ?? [];
    const results = needed.flatMap((other) => this.#results.get(other) ?? []);
    const bad = BAD.map((bad) => results.find(({ verdict }) => verdict === bad)).find((one) => one !== undefined);
    if (bad !== undefined) {
      if (bad.verdict === "error") return { verdict: "error", reason: `needs ${clause}, which could not be played` };
      return { verdict: "blocked", reason: bad.verdict === "blocked" ? bad.reason! : `needs ${clause}` };
    }
    if (results.length < needed.length) return "undecided";
    if (needed.length > 0 && results.every(({ verdict }) => verdict === "unsupported")) {
      return { verdict: "unsupported", reason: `needs ${clause}, which the server declines` };
    }
    return undefined;
  }

  #isSolitary(fixture: Fixture): boolean {
    return fixture.exclusive || this.#solitary.has(fixture);
  }

  async #play(fixture: Fixture): Promise<void> {
    const isSolitary = this.#isSolitary(fixture);
    this.#pending.delete(fixture);
    this.#playing.add(fixture);
    this.#busy++;
    const result = await this.#runner.play(fixture);
    this.#playing.delete(fixture);
    this.#busy--;
    if (isSolitary) this.#isAlone = false;
    if (result.isShort && !isSolitary) {
      // Others may have had what it was short of.
      this.#solitary.add(fixture);
      if (!this.#hasStopped) this.#pending.add(fixture);
    } else this.#settle(result);
    this.#next();
  }

  #settle(result: Result): void {
    this.#results.set(result.fixture, result);
    this.#blockReasons.delete(result.fixture.clause.slug);
    if (this.#runner.done(result)) return;
    this.#hasStopped = true;
    this.#pending.clear();
  }
}

function hurried(fixtures: readonly Fixture[]): Set<Fixture> {
  const found = new Set<Fixture>();
  const visit = (fixture: Fixture) => {
    if (found.has(fixture)) return;
    found.add(fixture);
    for (const other of fixtures) if (fixture.needs.includes(other.clause.slug)) visit(other);
  };
  for (const fixture of fixtures) if (fixture.patient) visit(fixture);
  return found;
}
