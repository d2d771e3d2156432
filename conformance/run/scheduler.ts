/**
 * Which fixture is played when: what others need comes first, what may hurt the server last, those that disturb others alone,
 * the rest side by side.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { Result } from "../results/verdict.ts";
import { type Footing, footingOf, isExplained, isInLineOf, type Obstacle } from "./obstacles.ts";
import { Pace } from "./pace.ts";

/** How a fixture is played. */
export interface Occasion {
  /** Whether nothing of what it needs has come true so far: only that it passes says anything. */
  readonly isTrial: boolean;
  /** Whether nothing else is played meanwhile. */
  readonly isAlone: boolean;
}

/** Plays fixtures for a {@linkcode Scheduler}. */
export interface FixtureRunner {
  /** Plays one fixture. Never throws. */
  play(fixture: Fixture, occasion: Occasion): Promise<Result>;
  /** Plays again what is not final, if anything is. */
  readonly review?: Reviewer;
  /** Called with each result, of a fixture that was played or that was blocked. Returns whether the run goes on. */
  done(result: Result): boolean;
}

/** Plays fixtures again whose results are not final. */
export interface Reviewer {
  /** Whether a fixture is to be played again, while nothing else is, before its result counts. */
  doubts(result: Result): boolean;
  /** Plays it again, and gives what counts. Never throws. */
  review(doubtful: Result): Promise<Result>;
  /** Whether each fixture is played alone from now on. */
  readonly isolatesAll: boolean;
}

/** What keeps a fixture from being played: for the time being, or for good. */
type BlockReason = "undecided" | Pick<Result, "verdict" | "reason">;

/** After so many fixtures that need a broken clause, and have failed, the others that need it are not tried any more. */
const TRIALS = 3;

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
  /** What failed first, of those that are to be played again. */
  readonly #doubtful = new Map<Fixture, Result>();
  readonly #results = new Map<Fixture, Result>();
  /** What shows each clause to those that need it, by its slug. */
  readonly #byClause: ReadonlyMap<string, readonly Fixture[]>;
  /** What is known of the clauses that others need; not there any more when another result has come in. */
  readonly #footings = new Map<string, Footing>();
  /** Clauses that something needs which has passed. */
  readonly #proven = new Set<string>();
  /** What is blocked, unless something passes that needs the same; with the failure of those that were tried. */
  readonly #held = new Map<Fixture, Result | undefined>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #playing = new Set<Fixture>();
  /** How many of those do not let others have a turn. */
  #busy = 0;
  readonly #pace: Pace;
  /** Those that have waited for long, once or more. */
  readonly #stalled = new Set<Fixture>();
  #isAlone = false;
  #hasStopped = false;

  /**
   * @param jobs how many are played at a time, at most.
   * @param known Results of some of the fixtures, by their names: these are not played.
   */
  constructor(
    fixtures: readonly Fixture[],
    jobs: number,
    runner: FixtureRunner,
    known: ReadonlyMap<string, Result> = new Map(),
  ) {
    this.#fixtures = fixtures;
    this.#jobs = jobs;
    this.#pace = new Pace(jobs);
    this.#runner = runner;
    for (const fixture of fixtures) {
      const result = known.get(fixture.name);
      if (result !== undefined) this.#results.set(fixture, { ...result, fixture });
    }
    this.#pending = new Set(fixtures.filter((fixture) => !this.#results.has(fixture)));
    const telling = fixtures.filter(({ blocksNothing, unplayable }) => !blocksNothing && unplayable === undefined);
    this.#byClause = Map.groupBy(telling, ({ clause }) => clause.slug);
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

  /** A fixture has waited for long: others may begin, if the server answers them. Gives what is to be called when that is over. */
  stalled(fixture: Fixture): () => void {
    this.#stalled.add(fixture);
    const resume = this.#pace.stall(fixture, this.#busy);
    this.#next();
    return resume;
  }

  /** The server has said something to a fixture. */
  heard(fixture: Fixture): void {
    if (this.#pace.heard(fixture)) this.#next();
  }

  #next(): void {
    const ready = this.#ready();
    if (this.#pending.size === 0 && this.#playing.size === 0) return this.#finished.resolve();
    if (this.#isAlone) return;
    // The very first shows whether the target is there.
    const isFirst = this.#results.size === 0;
    const together = ready.filter((one) => !this.#isSolitary(one)).sort((a, b) => this.#urgency(b) - this.#urgency(a));
    const waitsLong = [...this.#playing].some((one) => one.patient || this.#stalled.has(one));
    const isReviewing = ready.some((one) => this.#doubtful.has(one)) && !waitsLong;
    for (const fixture of together) {
      // What is not final comes before anything that may depend on it; but nobody waits for who waits long.
      if (isReviewing) break;
      if (isFirst ? this.#busy > 0 : !this.#pace.hasRoom(this.#playing.size, this.#busy)) break;
      this.#play(fixture);
    }
    const [solitary] = ready.filter((one) => this.#isSolitary(one)).sort((a, b) => this.#doubt(b) - this.#doubt(a));
    if (this.#playing.size === 0 && solitary !== undefined) {
      this.#isAlone = true;
      this.#play(solitary);
    }
  }

  #urgency(fixture: Fixture): number {
    if (!this.#hurried.has(fixture)) return 0;
    return fixture.patient ? 2 : 1;
  }

  #doubt(fixture: Fixture): number {
    return this.#doubtful.has(fixture) ? 1 : 0;
  }

  /** All that could begin now. What cannot begin any more is settled on the way. */
  #ready(): Fixture[] {
    for (;;) {
      const ready: Fixture[] = [];
      let isAnySettled = false;
      const phase = Math.min(...[...this.#pending, ...this.#playing].map(({ phase = 0 }) => phase));
      for (const fixture of [...this.#pending].filter((one) => !this.#held.has(one))) {
        const blockReason = this.#blockReason(fixture);
        if (blockReason === undefined) {
          if ((fixture.phase ?? 0) !== phase) continue;
          if (!this.#doubtful.has(fixture) && this.#isGivenUp(fixture)) this.#held.set(fixture, undefined);
          else ready.push(fixture);
        } else if (blockReason !== "undecided") {
          this.#settle({ fixture, ...blockReason, chosen: [], duration: 0 });
          isAnySettled = true;
        }
      }
      if (ready.length === 0 && this.#playing.size === 0 && this.#held.size > 0) {
        for (const [fixture, failed] of this.#held) this.#block(fixture, failed);
        isAnySettled = true;
      }
      if (!isAnySettled) return ready;
    }
  }

  /** What keeps a fixture from being played. */
  #blockReason({ role, needs, unplayable: why }: Fixture): BlockReason | undefined {
    if (why !== undefined) return { verdict: "blocked", reason: `means nothing with this ${role ?? "server"}: ${why}` };
    const footings = needs.map((need) => [need, this.#footing(need)] as const);
    const needing = (wanted: Footing) => footings.find(([, footing]) => footing === wanted)?.[0];
    const [unplayable, declined] = [needing("unplayable"), needing("declined")];
    if (unplayable !== undefined) {
      return { verdict: "error", reason: `needs ${unplayable}, which could not be played` };
    }
    if (declined !== undefined) {
      return { verdict: "unsupported", reason: `needs ${declined}, which the ${role ?? "server"} declines` };
    }
    return needing("undecided") === undefined ? undefined : "undecided";
  }

  /** How far a clause holds. What was not selected holds. */
  #footing(clause: string): Footing {
    const known = this.#footings.get(clause);
    if (known !== undefined) return known;
    const needed = this.#byClause.get(clause) ?? [];
    const results = needed.flatMap((other) => this.#results.get(other) ?? []);
    const footing = footingOf(results, results.length === needed.length, this.#proven.has(clause));
    this.#footings.set(clause, footing);
    return footing;
  }

  /** The clauses that a fixture needs, and that do not hold. */
  #obstacles({ needs }: Fixture): Obstacle[] {
    return needs.flatMap((clause) => {
      const footing = this.#footing(clause);
      if (footing !== "shaky" && footing !== "broken") return [];
      return [{ clause, footing, causes: this.#causes(clause) }];
    });
  }

  /** The failures of a clause, and those that have blocked what is blocked of it. */
  #causes(clause: string): Result[] {
    const results = (this.#byClause.get(clause) ?? []).flatMap((one) => this.#results.get(one) ?? []);
    return results.flatMap((result) => {
      if (result.verdict === "fail") return [result];
      if (result.verdict !== "blocked") return [];
      return result.fixture.needs.flatMap((need) => this.#causes(need));
    });
  }

  /** Whether a fixture is not even tried: others that need the same broken clause have been, and all have failed. */
  #isGivenUp(fixture: Fixture): boolean {
    return this.#obstacles(fixture).some(({ clause, footing }) => {
      if (footing !== "broken") return false;
      const tried = [...this.#held].filter(([one, failed]) => failed !== undefined && one.needs.includes(clause));
      const trying = [...this.#playing].filter(({ needs }) => needs.includes(clause));
      return tried.length + trying.length >= TRIALS;
    });
  }

  /** Settles what was played although something that it needs does not hold. */
  #settleTried(result: Result, obstacles: readonly Obstacle[]): void {
    const { fixture, verdict } = result;
    const isBroken = ({ footing }: Obstacle) => footing === "broken";
    if (verdict === "fail" && obstacles.some(isBroken)) {
      this.#pending.add(fixture);
      // Something else that needs the same may have passed meanwhile: then it is played again.
      if (this.#obstacles(fixture).some(isBroken)) this.#held.set(fixture, result);
      return;
    }
    if (verdict === "fail" && this.#explanation(result, obstacles) !== undefined) return this.#block(fixture, result);
    if (verdict === "pass") {
      for (const need of fixture.needs) this.#prove(need);
    }
    this.#settle(result);
  }

  /** Something has passed that needs a clause: what is wrong with that clause is not wrong for all. */
  #prove(clause: string): void {
    if (this.#proven.has(clause)) return;
    this.#proven.add(clause);
    this.#footings.delete(clause);
    for (const fixture of this.#held.keys()) if (fixture.needs.includes(clause)) this.#held.delete(fixture);
  }

  /** Settles what cannot be shown: with what went over the wire, if that was tried. */
  #block(fixture: Fixture, failed: Result | undefined): void {
    const obstacles = this.#obstacles(fixture);
    const explains = failed && this.#explanation(failed, obstacles);
    const broken = obstacles.find(({ footing }) => footing === "broken");
    const blockedBy = this.#origin(explains ?? (broken ?? obstacles[0]!).clause);
    const { chosen = [], duration = 0, wire } = failed ?? {};
    const seen = wire === undefined ? {} : { wire };
    this.#settle({ fixture, verdict: "blocked", reason: `needs ${blockedBy}`, blockedBy, chosen, ...seen, duration });
  }

  /** The clause that shows a failure already: one that its fixture needs, or, in what both begin with, one that those need. */
  #explanation(result: Result, obstacles: readonly Obstacle[]): string | undefined {
    const near = obstacles.find((obstacle) => isExplained(result, obstacle))?.clause;
    const others = [...this.#foundations(result.fixture)].filter((clause) => clause !== result.fixture.clause.slug);
    return near ?? others.find((clause) => isInLineOf(result, this.#causes(clause)));
  }

  /** The clauses that a fixture needs, and those that their fixtures need, and so on. */
  #foundations(fixture: Fixture, found: Set<string> = new Set()): ReadonlySet<string> {
    for (const clause of fixture.needs) {
      if (found.has(clause)) continue;
      found.add(clause);
      for (const other of this.#byClause.get(clause) ?? []) this.#foundations(other, found);
    }
    return found;
  }

  /** The clause that has failed itself, where it is not this one but one that this one needs. */
  #origin(clause: string): string {
    const results = (this.#byClause.get(clause) ?? []).flatMap((one) => this.#results.get(one) ?? []);
    if (results.some(({ verdict }) => verdict === "fail")) return clause;
    return results.find(({ blockedBy }) => blockedBy !== undefined)?.blockedBy ?? clause;
  }

  #isSolitary(fixture: Fixture): boolean {
    return fixture.exclusive || this.#solitary.has(fixture) || this.#runner.review?.isolatesAll === true;
  }

  async #play(fixture: Fixture): Promise<void> {
    const isSolitary = this.#isSolitary(fixture);
    const obstacles = this.#obstacles(fixture);
    const isTrial = obstacles.some(({ footing }) => footing === "broken");
    this.#pending.delete(fixture);
    this.#playing.add(fixture);
    this.#busy++;
    const doubtful = this.#doubtful.get(fixture);
    const result = doubtful === undefined
      ? await this.#runner.play(fixture, { isTrial, isAlone: isSolitary })
      : await this.#runner.review!.review(doubtful);
    this.#playing.delete(fixture);
    this.#busy--;
    this.#pace.ended(this.#stalled.delete(fixture));
    if (isSolitary) this.#isAlone = false;
    const isDoubtful = doubtful === undefined && this.#runner.review?.doubts(result) === true;
    if (isDoubtful) this.#doubtful.set(fixture, result);
    // Others may have had what it was short of.
    if (isDoubtful || result.isShort && !isSolitary) {
      this.#solitary.add(fixture);
      if (!this.#hasStopped) this.#pending.add(fixture);
    } else if (!this.#hasStopped) this.#settleTried(result, obstacles);
    else this.#settle(result);
    this.#next();
  }

  #settle(result: Result): void {
    this.#pending.delete(result.fixture);
    this.#held.delete(result.fixture);
    this.#results.set(result.fixture, result);
    this.#footings.delete(result.fixture.clause.slug);
    if (this.#runner.done(result)) return;
    this.#hasStopped = true;
    this.#pending.clear();
    this.#held.clear();
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
