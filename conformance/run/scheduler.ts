/**
 * Which fixture is played when: what others need comes first, what may hurt the server last, those that disturb others alone,
 * the rest side by side.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { Result } from "../results/verdict.ts";
import type { Reviewer } from "./isolation/reviewer.ts";
import { type Footing, includingNeeds, KnownClauses, type Obstacle } from "./obstacles.ts";
import { type Haste, OtherServers } from "./other_servers.ts";
import { Pace } from "./pace.ts";

/** How a fixture is played. */
export interface Occasion {
  /** Whether nothing of what it needs has come true so far: only that it passes says anything. */
  readonly isTrial: boolean;
  /** Whether nothing else is played on its server meanwhile. */
  readonly isAlone: boolean;
  /** The number of the server that it is played on: 0 is the target, another one has only one fixture at a time. */
  readonly server: number;
}

/** Plays fixtures for a {@linkcode Scheduler}. */
export interface FixtureRunner {
  /** Plays one fixture; gives nothing if that server could not be had, as the target can. Never throws. */
  play(fixture: Fixture, occasion: Occasion): Promise<Result | undefined>;
  /** How many servers may be asked at the same time, now; one if it is left out. */
  readonly mostServers?: number;
  /** Plays again what is not final, if anything is. */
  readonly reviewer?: Reviewer;
  /** Called with each result, of a fixture that was played or that was blocked. Returns whether the run goes on. */
  done(result: Result): boolean;
}

/** What keeps a fixture from being played: for the time being, or for good. */
type BlockReason = "undecided" | Pick<Result, "verdict" | "reason">;

/** After so many fixtures that need a broken clause, and have failed, the others that need it are not tried any more. */
const TRIALS = 3;

/** So many fixtures of a clause wait at a time, each on a server of its own, for a server to lose patience, or before one has passed. */
const SCOUTS = 2;

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
  /** Those that only the target plays, while no other server plays anything. */
  readonly #hereOnly = new Set<Fixture>();
  /** What failed first, of those that are to be played again. */
  readonly #doubtful = new Map<Fixture, Result>();
  readonly #results = new Map<Fixture, Result>();
  /** What is known of the clauses that others need. */
  readonly #known: KnownClauses;
  /** What is blocked, unless something passes that needs the same; with the failure of those that were tried. */
  readonly #held = new Map<Fixture, Result | undefined>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #playing = new Set<Fixture>();
  /** Those of them that the target plays. */
  readonly #here = new Set<Fixture>();
  readonly #others = new OtherServers();
  /** Whether the target is to be a fresh one before anything else is played on it. */
  #needsRenewal = false;
  /** How many that the target plays do not let others have a turn. */
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
    this.#known = new KnownClauses(fixtures, this.#results);
    this.#hurried = includingNeeds(fixtures, fixtures.filter(({ patient }) => patient));
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
  stalled(fixture: Fixture, isPatient = false): () => void {
    if (!this.#here.has(fixture)) {
      this.#others.stalled(fixture);
      this.#next();
      return () => {};
    }
    if (isPatient) return () => {};
    this.#stalled.add(fixture);
    const resume = this.#pace.stall(fixture, this.#busy);
    this.#next();
    return resume;
  }

  /** The server has said something to a fixture. */
  heard(fixture: Fixture): void {
    if (this.#here.has(fixture) && this.#pace.heard(fixture)) this.#next();
  }

  #next(): void {
    const ready = this.#ready();
    if (this.#pending.size === 0 && this.#playing.size === 0 && !this.#isAlone) return this.#finished.resolve();
    this.#playAside(ready);
    if (this.#isAlone) return;
    // The very first shows whether the target is there.
    const isFirst = this.#results.size === 0;
    const open = ready.filter((one) => this.#pending.has(one) && !this.#goesAside(one));
    const together = open.filter((one) => !this.#isSolitary(one)).sort((a, b) => this.#urgency(b) - this.#urgency(a));
    const waitsLong = [...this.#here].some((one) => one.patient || this.#stalled.has(one));
    const isReviewing = open.some((one) => this.#doubtful.has(one)) || this.#needsRenewal;
    for (const fixture of together) {
      // What is not final comes before anything that may depend on it; but nobody waits for who waits long.
      if (isReviewing && !waitsLong) break;
      if (isFirst ? this.#busy > 0 : !this.#pace.hasRoom(this.#here.size, this.#busy)) break;
      this.#play(fixture);
    }
    if (this.#here.size > 0) return;
    if (this.#needsRenewal && this.#pending.size > 0) return this.#renew();
    const isFree = this.#others.areIdle;
    const [solitary] = open.filter((one) => this.#isSolitary(one) && (isFree || !this.#hereOnly.has(one))).sort((
      a,
      b,
    ) => this.#doubt(b) - this.#doubt(a));
    if (solitary === undefined) return;
    this.#isAlone = true;
    this.#play(solitary);
  }

  /** Takes a fresh server in the place of one that something has failed on. */
  #renew(): void {
    this.#needsRenewal = false;
    this.#isAlone = true;
    this.#runner.reviewer!.renew().then(() => {
      this.#isAlone = false;
      this.#next();
    });
  }

  get #mostServers(): number {
    return this.#runner.mostServers ?? 1;
  }

  /** Whether a fixture is left to the servers besides the target, if there are any: it waits long, or is played again. */
  #goesAside(fixture: Fixture): boolean {
    return this.#mostServers > 1 && !this.#hereOnly.has(fixture) && (fixture.patient || this.#doubtful.has(fixture));
  }

  /** Has other servers play, each one at a time, what waits long, what is played again, and what is played alone. */
  #playAside(ready: readonly Fixture[]): void {
    if (this.#mostServers === 1) return;
    const rank = (one: Fixture) => Math.max(this.#urgency(one), this.#doubt(one));
    const isAlone = (one: Fixture) => this.#goesAside(one) || this.#isSolitary(one) && !this.#hereOnly.has(one);
    // A server is a fresh one at the beginning of each phase.
    const early = (one: Fixture) => one.phase ?? 0;
    const alone = ready.filter(isAlone).sort((a, b) => rank(b) - rank(a) || early(a) - early(b));
    for (const fixture of alone) {
      if (this.#isHeldBack(fixture)) continue;
      const server = this.#others.idle(this.#mostServers, this.#haste(fixture), alone.length);
      if (server !== undefined) this.#play(fixture, server);
    }
  }

  #haste(fixture: Fixture): Haste {
    if (this.#doubtful.has(fixture)) return "again";
    return this.#goesAside(fixture) || this.#hurried.has(fixture) ? "patient" : "alone";
  }

  /** Whether others of its clause show first what it would. */
  #isHeldBack(fixture: Fixture): boolean {
    const { clause: { slug }, patient } = fixture;
    const isDoubtful = this.#doubtful.has(fixture);
    const alike = this.#others.playing(slug).filter((one) => isDoubtful ? this.#doubtful.has(one) : one.patient);
    if (isDoubtful) return alike.length > 0;
    const isMany = (some: readonly Fixture[]) => some.length >= SCOUTS;
    const areWaiting = isMany(alike.filter((one) => this.#others.hasPatience(one)));
    return patient && (areWaiting || isMany(alike) && !this.#known.hasPassed(slug));
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
      const here = [...this.#pending].filter((one) => !this.#goesAside(one));
      const phase = Math.min(...[...here, ...this.#here].map(({ phase = 0 }) => phase));
      for (const fixture of [...this.#pending].filter((one) => !this.#held.has(one))) {
        const blockReason = this.#blockReason(fixture);
        if (blockReason === undefined) {
          if ((fixture.phase ?? 0) !== phase && !this.#goesAside(fixture)) continue;
          if (!this.#doubtful.has(fixture) && this.#isGivenUp(fixture)) this.#held.set(fixture, undefined);
          else ready.push(fixture);
        } else if (blockReason !== "undecided") {
          this.#settle({ fixture, ...blockReason, chosen: [], duration: 0 });
          isAnySettled = true;
        }
      }
      if (this.#held.size > 0 && this.#areAllWaiting(ready)) {
        for (const [fixture, failed] of this.#held) this.#block(fixture, failed);
        isAnySettled = true;
      }
      if (!isAnySettled) return ready;
    }
  }

  /** Whether nothing is left that may pass soon, but for what waits for the server to lose patience: nobody waits for that. */
  #areAllWaiting(ready: readonly Fixture[]): boolean {
    return ready.every((one) => one.patient && this.#goesAside(one)) &&
      [...this.#playing].every((one) => this.#others.hasPatience(one));
  }

  /** What keeps a fixture from being played. */
  #blockReason(fixture: Fixture): BlockReason | undefined {
    const { role, needs, unplayable: why } = fixture;
    if (why !== undefined) return { verdict: "blocked", reason: `means nothing with this ${role ?? "server"}: ${why}` };
    const footings = needs.map((need) => [need, this.#known.footing(need)] as const);
    const needing = (wanted: Footing) => footings.find(([, footing]) => footing === wanted)?.[0];
    const [unplayable, declined] = [needing("unplayable"), needing("declined")];
    if (unplayable !== undefined) {
      return { verdict: "error", reason: `needs ${unplayable}, which could not be played` };
    }
    if (declined !== undefined) {
      return { verdict: "unsupported", reason: `needs ${declined}, which the ${role ?? "server"} declines` };
    }
    const isEarly = this.#mostServers > 1 && this.#hurried.has(fixture) && (fixture.patient || fixture.exclusive);
    const isOpen = footings.some(([need, footing]) => footing === "undecided" && !(isEarly && this.#isShown(need)));
    return isOpen ? "undecided" : undefined;
  }

  /**
   * Whether what waits long need not wait for what is still to show a clause, since the run lasts as long as it takes: something has shown
   * it, or what is to show it waits long itself.
   */
  #isShown(clause: string): boolean {
    if (this.#known.hasPassed(clause)) return true;
    const open = this.#known.open(clause);
    return open.every(({ patient }) => patient) && open.some((one) => this.#others.hasPatience(one));
  }

  /** Whether a fixture is not even tried: others that need the same broken clause have been, and all have failed. */
  #isGivenUp(fixture: Fixture): boolean {
    return this.#known.obstacles(fixture).some(({ clause, footing }) => {
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
      if (this.#known.obstacles(fixture).some(isBroken)) this.#held.set(fixture, result);
      return;
    }
    if (verdict === "fail" && this.#known.explanation(result, obstacles) !== undefined) {
      return this.#block(fixture, result);
    }
    if (verdict === "pass") {
      for (const need of fixture.needs) this.#prove(need);
    }
    this.#settle(result);
  }

  /** Something has passed that needs a clause: what is wrong with that clause is not wrong for all. */
  #prove(clause: string): void {
    if (!this.#known.prove(clause)) return;
    for (const fixture of this.#held.keys()) if (fixture.needs.includes(clause)) this.#held.delete(fixture);
  }

  /** Settles what cannot be shown: with what went over the wire, if that was tried. */
  #block(fixture: Fixture, failed: Result | undefined): void {
    const obstacles = this.#known.obstacles(fixture);
    const explains = failed && this.#known.explanation(failed, obstacles);
    const broken = obstacles.find(({ footing }) => footing === "broken");
    const blockedBy = this.#known.origin(explains ?? (broken ?? obstacles[0]!).clause);
    const { chosen = [], duration = 0, wire } = failed ?? {};
    const seen = wire === undefined ? {} : { wire };
    this.#settle({ fixture, verdict: "blocked", reason: `needs ${blockedBy}`, blockedBy, chosen, ...seen, duration });
  }

  #isSolitary(fixture: Fixture): boolean {
    return fixture.exclusive || this.#solitary.has(fixture) || this.#runner.reviewer?.isolatesAll === true;
  }

  async #play(fixture: Fixture, server = 0): Promise<void> {
    const isHere = server === 0;
    const isSolitary = !isHere || this.#isSolitary(fixture);
    const obstacles = this.#known.obstacles(fixture);
    this.#begin(fixture, server);
    const doubtful = this.#doubtful.get(fixture);
    const isTrial = obstacles.some(({ footing }) => footing === "broken");
    const isEarly = fixture.needs.some((need) => this.#known.footing(need) === "undecided");
    const result = doubtful === undefined
      ? await this.#runner.play(fixture, { isTrial, isAlone: isSolitary, server })
      : await this.#runner.reviewer!.review(doubtful, server);
    this.#end(fixture, server);
    if (isHere && isSolitary) this.#isAlone = false;
    const isDoubtful = doubtful === undefined && result !== undefined &&
      this.#runner.reviewer?.doubts(result, server) === true;
    if (isDoubtful) this.#doubtful.set(fixture, result);
    this.#needsRenewal ||= isDoubtful && isHere && this.#mostServers > 1;
    if (result === undefined) this.#again(fixture);
    // Others may have had what it was short of.
    else if (isDoubtful || result.isShort && !(isHere && isSolitary)) {
      this.#solitary.add(fixture);
      if (result.isShort) this.#hereOnly.add(fixture);
      this.#again(fixture);
    } else if (!this.#hasStopped) this.#settleTried(result, isEarly ? this.#known.obstacles(fixture) : obstacles);
    else this.#settle(result);
    this.#next();
  }

  #begin(fixture: Fixture, server: number): void {
    this.#pending.delete(fixture);
    this.#playing.add(fixture);
    if (server > 0) return this.#others.begin(server, fixture, this.#haste(fixture));
    this.#here.add(fixture);
    this.#busy++;
  }

  #end(fixture: Fixture, server: number): void {
    this.#playing.delete(fixture);
    if (server > 0) return this.#others.end(server);
    this.#here.delete(fixture);
    this.#busy--;
    this.#pace.ended(this.#stalled.delete(fixture));
  }

  #again(fixture: Fixture): void {
    if (!this.#hasStopped) this.#pending.add(fixture);
  }

  #settle(result: Result): void {
    this.#pending.delete(result.fixture);
    this.#held.delete(result.fixture);
    this.#results.set(result.fixture, result);
    this.#known.changed(result.fixture.clause.slug);
    if (this.#runner.done(result)) return;
    this.#hasStopped = true;
    this.#pending.clear();
    this.#held.clear();
  }
}
