/**
 * Plays again what has failed, alone and on a fresh server, before that is final: a verdict does not depend on what else is played.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import type { Clause } from "../../fixtures/clauses.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import { everyStep } from "../../transcript/blocks.ts";
import type { Place } from "../../transcript/place.ts";
import { recurrenceText } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";
import { findCulprit } from "./culprit.ts";
import { isOverheard } from "./overheard.ts";
import type { Played } from "./play_history.ts";
import { ReplayBudget } from "./replay_budget.ts";
import { blockedBySetUp, type Reviewed, shownBy, withRecurrence } from "./reviewed.ts";

/** The run whose failures are played again. */
export interface ReviewStage {
  /** The clock. */
  readonly runtime: Runtime;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How each fixture was played at first. */
  readonly firstPlays: ReadonlyMap<Fixture, Played>;
  /** How many servers are asked at the same time. */
  readonly mostServers: number;
  /** Whether nothing is played any more. */
  readonly isOver: boolean;
  /** Whether the server has never said anything, on a fresh start either. */
  readonly isUnheard: boolean;
}

/** A server that a failed fixture is played again on, while nothing else is played on it. */
export interface ReviewBench {
  /** Plays a fixture once more, with a deadline for each step; by default it is what a server needs that answers at all. Never throws. */
  playAgain(fixture: Fixture, timeout?: number): Promise<Result>;
  /** Takes a fresh server in the place of the one that is there, if that is possible. */
  readonly renew?: (() => Promise<void>) | undefined;
  /** Whether something has failed that may have hurt it, since it was started. */
  isTainted: boolean;
}

/** The search for the fixture that sets off a failure takes so long at most, in milliseconds, and all of them together. */
const SEARCH = 3_000;
const SEARCHES = 12_000;
/** After so many failures that others have left behind, each fixture has a server of its own. */
const LEFT_BEHIND = 3;

/** After so many silences that were cut short, and waited for to the end in vain, all are believed. */
const ENOUGH_IN_VAIN = 1;

/** So many are played again at a time, if there are as many servers. */
const MOST_AT_A_TIME = 4;
/** A fixture that takes so long alone, in milliseconds, may take so many times as long after others. */
const LONG = 500;
const SLOWER = 10;
/** So often a fixture has to pass alone before others are blamed for its failure. */
const CHANCES = 2;
/** Where this program itself was kept from working for so large a share of a wait, the server may have been as well. */
const KEPT_FROM_WORKING = 0.2;
const KEPT_WAITING =
  "it was not answered in time once, while this machine was so busy that this program had to wait, too";

/** Plays again what has failed. */
export class FailureReview {
  readonly #stage: ReviewStage;
  readonly #budget = new ReplayBudget();
  readonly #began: number;
  #searched = 0;
  /** How many silences that were cut short were none too long when they were waited for. */
  #inVain = 0;
  /** The one of those that is waited for now. */
  #patientReplay: Promise<unknown> | undefined;
  #leftBehind = 0;
  #shown: Result[] = [];
  /** What has failed once beside others, and never again. */
  readonly #inCompany = new Set<Result>();
  /** One that passes and does no harm. */
  #ordinary: Fixture | undefined;
  /** What has passed: some of it is what others begin with. */
  readonly #passed: Fixture[] = [];
  /** The lines of macros that have come true in what has passed. */
  readonly #provenLines = new Set<string>();
  /** How many of those that have passed were looked through for them: with a server that is right, none ever is. */
  #looked = 0;
  /** Clauses that fail on a fresh server, and pass later. */
  readonly #failsFresh = new Set<string>();
  /** How those fared at first that have failed. */
  readonly #failed = new Map<Fixture, Result>();

  constructor(stage: ReviewStage) {
    this.#stage = stage;
    this.#began = stage.runtime.now();
  }

  /** Whether every fixture is played alone, on a fresh server where there is one: what others leave behind would fail it. */
  get isolatesAll(): boolean {
    return this.#leftBehind >= LEFT_BEHIND;
  }

  /** Whether the result of a fixture is not final yet that was played on this server. */
  doubts(result: Result, bench: ReviewBench): boolean {
    const { verdict, failure, fixture: { clause, patient, phase = 0 } } = result;
    if (this.#stage.isOver || this.#stage.isUnheard) return false;
    if (verdict === "pass" && !patient && phase === 0) this.#ordinary ??= result.fixture;
    if (verdict === "pass") this.#passed.push(result.fixture);
    // What a server must do it may decline only because of what others have left behind.
    if (verdict === "unsupported") return clause.level !== "may" && bench.renew !== undefined;
    if (verdict !== "fail" || failure?.kind === "inconsistent") return false;
    this.#failed.set(result.fixture, result);
    // Who does not stand what may hurt it, or has left something behind, is not trusted with more.
    bench.isTainted ||= phase > 0 || this.#leftBehind > 0;
    if (this.#hasShownAll(result, bench)) {
      this.#budget.confirmed(result, 0);
      return false;
    }
    return this.#isAffordable(result);
  }

  /** Whether it was alone on a fresh server already, and was waited for as long as a server may take to lose patience. */
  #hasShownAll({ fixture, failure }: Result, { renew }: ReviewBench): boolean {
    const played = this.#stage.firstPlays.get(fixture);
    const isAlone = played?.before.length === 0 && played.beside.size === 0;
    return isAlone && renew !== undefined && failure!.kind === "timeout" && failure!.waited! > this.#stage.timeout &&
      failure!.insteadOf === undefined;
  }

  #isAffordable(result: Result): boolean {
    const place = result.failure?.place;
    const isInProvenSetUp = place?.calledFrom !== undefined && this.#isProven(place);
    const width = Math.min(this.#stage.mostServers, MOST_AT_A_TIME);
    return this.#budget.allows(result, this.#stage.runtime.now() - this.#began, { width, isInProvenSetUp });
  }

  /** Whether a fixture has passed that has this line of a macro. */
  #isProven(place: Place): boolean {
    for (const { steps } of this.#passed.slice(this.#looked)) {
      for (const { place } of everyStep(steps)) {
        if (place.calledFrom !== undefined) this.#provenLines.add(lineOf(place));
      }
    }
    this.#looked = this.#passed.length;
    return this.#provenLines.has(lineOf(place));
  }

  /** Plays a failed fixture again, on a server on which nothing else is played. */
  async review(first: Result, bench: ReviewBench): Promise<Result> {
    // Those that failed at the same time may have shown enough.
    if (!this.#isAffordable(first)) return first;
    const { result, shown } = await this.#review(first, bench);
    if (shown !== undefined) this.#shown.push(shown);
    return result;
  }

  /**
   * The results of a round as they are reported, with what failures have shown of other clauses than their own. What fails only in company may
   * be what others do to a server that fails for certain in something else: it counts when that is mended.
   */
  settle(results: readonly Result[]): Result[] {
    const hasFailed = (clause?: Clause) =>
      results.some((one) => one.verdict === "fail" && one.fixture.clause === clause);
    const certain = results.find(({ verdict, recurrence }) => verdict === "fail" && recurrence?.when === "always");
    return [...results, ...this.#shown.splice(0)].map((result) => {
      const slug = this.#failedBefore(result, results);
      if (slug !== undefined) return blockedBySetUp(result, slug);
      const { fixture, failure, recurrence, chosen, wire, duration } = result;
      const isInCompany = recurrence?.when === "beside" || this.#inCompany.has(result);
      const { reuseClause } = fixture;
      const isTurnedAway = recurrence?.when === "after" && failure?.kind === "closed" && hasFailed(reuseClause);
      const why = isTurnedAway ? reuseClause : isInCompany ? certain?.fixture.clause : undefined;
      if (why === undefined || why.slug === fixture.clause.slug) return result;
      const blockedBy = why.slug;
      const reason = `${recurrenceText(recurrence!)}, and ${blockedBy}, which always fails, may be why`;
      return { fixture, verdict: "blocked", reason, blockedBy, chosen, ...wire && { wire }, duration };
    });
  }

  async #review(first: Result, bench: ReviewBench): Promise<Reviewed> {
    const { runtime, firstPlays } = this.#stage;
    const { renew } = bench;
    const { fixture } = first;
    const played = firstPlays.get(fixture) ?? { fixture, before: [], beside: new Set() };
    const tries: Result[] = [first];
    const again = async (timeout?: number) => {
      const result = await bench.playAgain(fixture, timeout);
      tries.push(result);
      return result;
    };
    await renewed(bench);
    // What comes of one says whether the others are waited for as long.
    while (this.#deservesPatience(first) && this.#patientReplay !== undefined) await this.#patientReplay;
    const began = runtime.now();
    const isCut = this.#deservesPatience(first);
    const replay = again(isCut ? this.#stage.timeout : undefined);
    if (isCut) this.#patientReplay = replay.finally(() => this.#patientReplay = undefined);
    let passed = await replay;
    // What fails elsewhere than before may be slow.
    if (passed.verdict === "fail" && renew !== undefined && !isSamePlace(first, passed)) {
      await renewed(bench);
      passed = await again(this.#stage.timeout);
    }
    if (passed.verdict === "unsupported" && first.verdict === "unsupported") return { result: first };
    // Who is gone shows nothing more; the next fixture says so.
    if (passed.verdict === "blocked" || passed.failure?.kind === "unreachable") return { result: first };
    if (passed.verdict !== "pass" && passed.verdict !== "unsupported") {
      if (isCut) this.#inVain++;
      this.#budget.confirmed(first, runtime.now() - began);
      const final = passed.verdict === "fail" && renew !== undefined && !isSamePlace(first, passed) ? passed : first;
      const setUp = await this.#failedSetUp(final, bench);
      await renewed(bench);
      if (setUp !== undefined) return setUp;
      return { result: withRecurrence(final, "always", tries, renew !== undefined) };
    }
    // It is slow, and was not waited for.
    if (first.failure === undefined || isCut && passed.duration > first.failure.waited!) return { result: passed };
    const review = { first, passed, tries, isFresh: renew !== undefined };
    const source = [...played.beside].find((other) => isOverheard(first, this.#failed.get(other)));
    if (source !== undefined) return shownBy(review, "beside", source, source.clause);
    const goesOn = this.#searchTime();
    // What takes long when it passes is not to fail for that.
    const patience = passed.duration < LONG ? undefined : Math.min(SLOWER * passed.duration, this.#stage.timeout);
    const culprit = await this.#culpritBefore(played, bench, patience, goesOn);
    const sometimes = () => {
      if (tries.every((one) => one.verdict !== "fail" || wasKeptWaiting(one))) {
        return { result: { ...passed, reason: KEPT_WAITING } };
      }
      const result = withRecurrence(first, "sometimes", tries, renew !== undefined);
      if (played.beside.size > 0) this.#inCompany.add(result);
      return { result };
    };
    if (culprit !== undefined) {
      if (await this.#failsByChance(bench, again)) return sometimes();
      this.#leftBehind++;
      return shownBy(review, "after", culprit, await this.#blamedAfter(fixture, culprit, bench));
    }
    const neighbour = await this.#culpritBeside(played, bench, patience, goesOn);
    if (neighbour !== undefined) {
      if (await this.#failsByChance(bench, again)) return sometimes();
      return shownBy(review, "beside", neighbour, blamedBeside(first));
    }
    const isExamined = goesOn() || played.before.length + played.beside.size === 0;
    if (isExamined || wasKeptWaiting(first)) return sometimes();
    // What many have left behind together has no culprit that could be found soon.
    this.#leftBehind++;
    const { clause, afterClause = clause } = fixture;
    if (played.beside.size === 0) return shownBy(review, "after", undefined, afterClause);
    return shownBy(review, "beside", undefined, blamedBeside(first));
  }

  /** Whether the silence was cut short that a clause failed for: once it is waited for the whole deadline, since a right server may be slow. */
  #deservesPatience(result: Result): boolean {
    const { failure } = result;
    if (this.#ordinary === undefined || this.#inVain >= ENOUGH_IN_VAIN) return false;
    const { waited = Infinity } = failure ?? {};
    return failure?.kind === "timeout" && waited < this.#stage.timeout && this.#budget.isFirstOfClause(result);
  }

  /** Whether a fixture that passes alone fails now and then all the same: then what was played before or beside it need not be why. */
  async #failsByChance(bench: ReviewBench, again: (timeout: number) => Promise<Result>): Promise<boolean> {
    for (let i = 0; i < CHANCES; i++) {
      await renewed(bench);
      if ((await again(this.#stage.timeout)).verdict === "fail") return true;
    }
    return false;
  }

  /** The fixture that shows what this one has failed in although it is only what it begins with: the same line of a macro. */
  #setUpOf({ fixture, failure }: Result): Fixture | undefined {
    if (failure?.place.calledFrom === undefined) return undefined;
    // Those of other clauses that it needs may begin with the same.
    return this.#passed.find(({ needs, clause: { slug }, steps }) =>
      needs.length === 0 && fixture.needs.includes(slug) &&
      [...everyStep(steps)].some(({ place }) => isSameLine(place, failure.place))
    );
  }

  /** The clause that fails on a fresh server, where a result is a failure in that alone, or blocked by nothing but such. */
  #failedBefore(result: Result, results: readonly Result[]): string | undefined {
    const { verdict, blockedBy } = result;
    if (verdict === "blocked") {
      const failures = results.filter((one) => one.verdict === "fail" && one.fixture.clause.slug === blockedBy);
      const slugs = failures.map((one) => this.#failedBefore(one, results));
      return slugs.includes(undefined) ? undefined : slugs[0];
    }
    const slug = verdict === "fail" ? this.#setUpOf(result)?.clause.slug : undefined;
    return slug !== undefined && this.#failsFresh.has(slug) ? slug : undefined;
  }

  /** Blames a failure in what a fixture begins with on the clause of that, where this fails on a fresh server as well. */
  async #failedSetUp(result: Result, bench: ReviewBench): Promise<Reviewed | undefined> {
    const setUp = this.#setUpOf(result);
    if (setUp === undefined || bench.renew === undefined) return undefined;
    const { slug } = setUp.clause;
    const blocked = blockedBySetUp(result, slug);
    if (this.#failsFresh.has(slug)) return { result: blocked };
    await renewed(bench);
    const fresh = await bench.playAgain(setUp);
    if (fresh.verdict !== "fail" || !isSamePlace(fresh, result)) return undefined;
    this.#failsFresh.add(slug);
    const title = `${setUp.title} (on a fresh server)`;
    const shown: Fixture = { ...setUp, name: `${setUp.name}~fresh`, variation: "fresh", title };
    return { result: blocked, shown: { ...fresh, fixture: shown, chosen: [] } };
  }

  /** How long is searched: says whether there is time left. */
  #searchTime(): () => boolean {
    const { runtime } = this.#stage;
    const until = runtime.now() + Math.min(SEARCH, SEARCHES - this.#searched);
    let last = runtime.now();
    return () => {
      const now = runtime.now();
      this.#searched += now - last;
      last = now;
      return now < until;
    };
  }

  /** The fixture after which this one fails. On a server that cannot be renewed, only the last one can be tried. */
  async #culpritBefore(
    { fixture, before }: Played,
    bench: ReviewBench,
    patience: number | undefined,
    goesOn: () => boolean,
  ): Promise<Fixture | undefined> {
    const { renew } = bench;
    // What waits long is not the first to be suspected.
    const suspects = before.filter(({ patient }) => !patient);
    const fails = async (some: readonly Fixture[]) => {
      await renewed(bench);
      for (const other of some) {
        if (!goesOn()) return false;
        await bench.playAgain(other);
      }
      return (await bench.playAgain(fixture, patience)).verdict === "fail";
    };
    const culprit = await findCulprit(renew === undefined ? suspects.slice(-1) : suspects, fails, goesOn);
    await renewed(bench);
    return culprit;
  }

  /**
   * The clause that is not kept: where a fixture fails after an ordinary one as well, it is a fault of how anybody leaves; or else of
   * what the culprit does, if that may hurt a server.
   */
  async #blamedAfter(fixture: Fixture, { phase = 0, clause }: Fixture, bench: ReviewBench): Promise<Clause> {
    const { afterClause = fixture.clause } = fixture;
    if (phase === 0 || bench.renew === undefined) return afterClause;
    if (this.#ordinary === undefined) return clause;
    await renewed(bench);
    await bench.playAgain(this.#ordinary);
    const { verdict } = await bench.playAgain(fixture);
    await renewed(bench);
    return verdict === "fail" ? afterClause : clause;
  }

  /** The fixture beside which this one fails. */
  async #culpritBeside(
    { fixture, beside }: Played,
    bench: ReviewBench,
    patience: number | undefined,
    goesOn: () => boolean,
  ): Promise<Fixture | undefined> {
    for (const other of beside) {
      if (!goesOn()) break;
      const [, result] = await Promise.all([bench.playAgain(other), bench.playAgain(fixture, patience)]);
      await renewed(bench);
      if (result.verdict === "fail") return other;
    }
    return undefined;
  }
}

async function renewed(bench: ReviewBench): Promise<void> {
  bench.isTainted = false;
  await bench.renew?.();
}

/** Whether this program was short of processor time while it waited in vain. */
function wasKeptWaiting({ failure }: Result): boolean {
  const { kind, late = 0, waited = Infinity } = failure ?? {};
  return kind === "timeout" && late >= KEPT_FROM_WORKING * waited;
}

function lineOf({ file, line }: Place): string {
  return `${file}:${line}`;
}

function isSameLine(one: Place, other: Place): boolean {
  return one.file === other.file && one.line === other.line;
}

function isSamePlace({ failure: one }: Result, { failure: other }: Result): boolean {
  return one?.kind === other?.kind && one?.place.file === other?.place.file && one?.place.line === other?.place.line;
}

/** A connection that is not answered at all beside others is kept waiting by them; what else others change is a fault of the clause itself. */
function blamedBeside({ fixture: { clause, besideClause = clause }, failure, wire }: Result): Clause {
  const awaited = new Set(failure!.attempts.map(({ connection }) => connection));
  const hasHeard = wire?.events.some(({ kind, connection }) => kind === "received" && awaited.has(connection));
  return failure!.kind === "timeout" && !hasHeard ? besideClause : clause;
}
