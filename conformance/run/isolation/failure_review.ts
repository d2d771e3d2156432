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
import { type Recurrence, recurrenceText } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";
import { findCulprit } from "./culprit.ts";
import { isOverheard } from "./overheard.ts";
import type { Played, PlayHistory } from "./play_history.ts";
import { ReplayBudget } from "./replay_budget.ts";
import type { Reviewer } from "../scheduler.ts";

/** What plays again. */
export interface ReviewStage {
  /** The clock. */
  readonly runtime: Runtime;
  /** What was played before. */
  readonly history: PlayHistory;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** Plays a fixture once more, with a deadline for each step; by default it is what a server needs that answers at all. Never throws. */
  playAgain(fixture: Fixture, timeout?: number): Promise<Result>;
  /** Takes a fresh server in the place of the one that is there, if that is possible. */
  readonly renew?: (() => Promise<void>) | undefined;
  /** Whether nothing is played any more. */
  readonly isOver: boolean;
}

/** What has come of a failure. */
interface Reviewed {
  /** What becomes of its fixture. */
  readonly result: Result;
  /** The failure of the clause that it shows, if that is another one. */
  readonly shown?: Result;
}

/** The search for the fixture that sets off a failure takes so long at most, in milliseconds, and all of them together. */
const SEARCH = 3_000;
const SEARCHES = 12_000;
/** After so many failures that others have left behind, each fixture has a server of its own. */
const LEFT_BEHIND = 3;

/** After so many silences that were cut short, and waited for to the end in vain, all are believed. */
const ENOUGH_IN_VAIN = 1;

/** Plays again what has failed. */
export class FailureReview implements Reviewer {
  readonly #stage: ReviewStage;
  readonly #budget = new ReplayBudget();
  readonly #began: number;
  #searched = 0;
  /** How many silences that were cut short were none too long when they were waited for. */
  #inVain = 0;
  #leftBehind = 0;
  /** Whether something has failed that may have hurt the server. */
  #isTainted = false;
  #shown: Result[] = [];
  /** What has failed once beside others, and never again. */
  readonly #inCompany = new Set<Result>();
  /** One that passes and does no harm. */
  #ordinary: Fixture | undefined;
  /** What has passed: some of it is what others begin with. */
  readonly #passed: Fixture[] = [];
  /** Clauses that fail on a fresh server, and pass later. */
  readonly #failsFresh = new Set<string>();
  /** How those fared at first that have failed. */
  readonly #failed = new Map<Fixture, Result>();

  constructor(stage: ReviewStage) {
    this.#stage = stage;
    this.#began = stage.runtime.now();
  }

  /** Whether every fixture is played alone, on a fresh server: what others leave behind would fail it. */
  get isolatesAll(): boolean {
    return this.#stage.renew !== undefined && this.#leftBehind >= LEFT_BEHIND;
  }

  /** Takes a fresh server before a fixture is played alone, where what was played before it could fail it. */
  async prepare(): Promise<void> {
    if (this.isolatesAll || this.#isTainted) await this.#renew();
  }

  /** Whether a result is not final yet. */
  doubts(result: Result): boolean {
    const { verdict, failure, fixture: { clause, patient, phase = 0 } } = result;
    if (this.#stage.isOver) return false;
    if (verdict === "pass" && !patient && phase === 0) this.#ordinary ??= result.fixture;
    if (verdict === "pass") this.#passed.push(result.fixture);
    // What a server must do it may decline only because of what others have left behind.
    if (verdict === "unsupported") return clause.level !== "may" && this.#stage.renew !== undefined;
    if (verdict !== "fail" || failure?.kind === "inconsistent") return false;
    this.#failed.set(result.fixture, result);
    // Who does not stand what may hurt it, or has left something behind, is not trusted with more.
    this.#isTainted ||= phase > 0 || this.#leftBehind > 0;
    return this.#isAffordable(result);
  }

  #isAffordable(result: Result): boolean {
    return this.#budget.allows(result, this.#stage.runtime.now() - this.#began);
  }

  /** Plays a failed fixture again, while nothing else is played. */
  async review(first: Result): Promise<Result> {
    // Those that failed at the same time may have shown enough.
    if (!this.#isAffordable(first)) return first;
    const { result, shown } = await this.#review(first);
    if (shown !== undefined) this.#shown.push(shown);
    return result;
  }

  /**
   * The results of a round as they are reported, with what failures have shown of other clauses than their own. What fails only in company may
   * be what others do to a server that fails for certain in something else: it counts when that is mended.
   */
  settle(results: readonly Result[]): Result[] {
    const certain = results.find(({ verdict, recurrence }) => verdict === "fail" && recurrence?.when === "always");
    return [...results, ...this.#shown.splice(0)].map((result) => {
      const slug = this.#failedBefore(result, results);
      if (slug !== undefined) return blockedBySetUp(result, slug);
      const { fixture, recurrence, chosen, wire, duration } = result;
      const isInCompany = recurrence?.when === "beside" || this.#inCompany.has(result);
      if (certain === undefined || !isInCompany || certain.fixture.clause.slug === fixture.clause.slug) return result;
      const blockedBy = certain.fixture.clause.slug;
      const reason = `${recurrenceText(recurrence!)}, and ${blockedBy}, which always fails, may be why`;
      return { fixture, verdict: "blocked", reason, blockedBy, chosen, ...wire && { wire }, duration };
    });
  }

  async #review(first: Result): Promise<Reviewed> {
    const { runtime, history, renew } = this.#stage;
    const began = runtime.now();
    const { fixture } = first;
    const played = history.of(fixture) ?? { fixture, before: [], beside: new Set() };
    const tries: Result[] = [first];
    const again = async (timeout?: number) => {
      const result = await this.#stage.playAgain(fixture, timeout);
      tries.push(result);
      return result;
    };
    await this.#renew();
    const isCut = this.#deservesPatience(first);
    const passed = await again(isCut ? this.#stage.timeout : undefined);
    if (passed.verdict === "unsupported" && first.verdict === "unsupported") return { result: first };
    // Who is gone shows nothing more; the next fixture says so.
    if (passed.verdict === "blocked" || passed.failure?.kind === "unreachable") return { result: first };
    if (passed.verdict !== "pass" && passed.verdict !== "unsupported") {
      if (isCut) this.#inVain++;
      this.#budget.confirmed(first, runtime.now() - began);
      const final = await this.#untainted(first, passed, again);
      const setUp = await this.#failedSetUp(final);
      await this.#renew();
      if (setUp !== undefined) return setUp;
      return { result: withRecurrence(final, "always", tries, renew !== undefined) };
    }
    // It is slow, and was not waited for.
    if (first.failure === undefined || isCut && passed.duration > first.failure.waited!) return { result: passed };
    const review = { first, passed, tries, isFresh: renew !== undefined };
    const source = [...played.beside].find((other) => isOverheard(first, this.#failed.get(other)));
    if (source !== undefined) return shownBy(review, "beside", source, source.clause);
    const goesOn = this.#searchTime();
    const culprit = await this.#culpritBefore(played, goesOn);
    if (culprit !== undefined) {
      this.#leftBehind++;
      return shownBy(review, "after", culprit, await this.#blamedAfter(fixture, culprit));
    }
    const neighbour = await this.#culpritBeside(played, goesOn);
    if (neighbour !== undefined) return shownBy(review, "beside", neighbour, blamedBeside(first));
    if (goesOn() || played.before.length + played.beside.size === 0) {
      const result = withRecurrence(first, "sometimes", tries, renew !== undefined);
      if (played.beside.size > 0) this.#inCompany.add(result);
      return { result };
    }
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

  /** A failure as it is on a fresh server, if it is another one there. */
  async #untainted(first: Result, again: Result, play: (timeout: number) => Promise<Result>): Promise<Result> {
    const { renew, timeout } = this.#stage;
    if (renew === undefined || isSamePlace(first, again)) return first;
    await this.#renew();
    const thorough = await play(timeout);
    return thorough.verdict === "fail" ? thorough : first;
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
  async #failedSetUp(result: Result): Promise<Reviewed | undefined> {
    const setUp = this.#setUpOf(result);
    if (setUp === undefined || this.#stage.renew === undefined) return undefined;
    const { slug } = setUp.clause;
    const blocked = blockedBySetUp(result, slug);
    if (this.#failsFresh.has(slug)) return { result: blocked };
    await this.#renew();
    const fresh = await this.#stage.playAgain(setUp);
    if (fresh.verdict !== "fail" || !isSamePlace(fresh, result)) return undefined;
    this.#failsFresh.add(slug);
    const title = `${setUp.title} (on a fresh server)`;
    const shown: Fixture = { ...setUp, name: `${setUp.name}~fresh`, variation: "fresh", title };
    return { result: blocked, shown: { ...fresh, fixture: shown, chosen: [] } };
  }

  async #renew(): Promise<void> {
    this.#isTainted = false;
    await this.#stage.renew?.();
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
  async #culpritBefore({ fixture, before }: Played, goesOn: () => boolean): Promise<Fixture | undefined> {
    const { renew } = this.#stage;
    // What waits long is not the first to be suspected.
    const suspects = before.filter(({ patient }) => !patient);
    const fails = async (some: readonly Fixture[]) => {
      await this.#renew();
      for (const other of some) {
        if (!goesOn()) return false;
        await this.#stage.playAgain(other);
      }
      return (await this.#stage.playAgain(fixture)).verdict === "fail";
    };
    const culprit = await findCulprit(renew === undefined ? suspects.slice(-1) : suspects, fails, goesOn);
    await this.#renew();
    return culprit;
  }

  /**
   * The clause that is not kept: where a fixture fails after an ordinary one as well, it is a fault of how anybody leaves; or else of
   * what the culprit does, if that may hurt a server.
   */
  async #blamedAfter(fixture: Fixture, { phase = 0, clause }: Fixture): Promise<Clause> {
    const { afterClause = fixture.clause } = fixture;
    if (phase === 0 || this.#stage.renew === undefined) return afterClause;
    if (this.#ordinary === undefined) return clause;
    await this.#renew();
    await this.#stage.playAgain(this.#ordinary);
    const { verdict } = await this.#stage.playAgain(fixture);
    await this.#renew();
    return verdict === "fail" ? afterClause : clause;
  }

  /** The fixture beside which this one fails. */
  async #culpritBeside({ fixture, beside }: Played, goesOn: () => boolean): Promise<Fixture | undefined> {
    for (const other of beside) {
      if (!goesOn()) break;
      const [, result] = await Promise.all([this.#stage.playAgain(other), this.#stage.playAgain(fixture)]);
      await this.#renew();
      if (result.verdict === "fail") return other;
    }
    return undefined;
  }
}

function blockedBySetUp({ fixture, chosen, wire, duration }: Result, slug: string): Result {
  const reason = `needs ${slug}, which fails on a fresh server`;
  return { fixture, verdict: "blocked", reason, blockedBy: slug, chosen, ...wire && { wire }, duration };
}

function isSameLine(one: Place, other: Place): boolean {
  return one.file === other.file && one.line === other.line;
}

function isSamePlace({ failure: one }: Result, { failure: other }: Result): boolean {
  return one?.kind === other?.kind && one?.place.file === other?.place.file && one?.place.line === other?.place.line;
}

function withRecurrence(result: Result, when: Recurrence["when"], tries: readonly Result[], isFresh: boolean): Result {
  return { ...result, recurrence: recurrenceOf(when, tries, isFresh) };
}

function recurrenceOf(when: Recurrence["when"], tries: readonly Result[], isFresh: boolean): Recurrence {
  const failed = tries.filter(({ verdict }) => verdict === "fail").length;
  return { when, played: tries.length, failed, isFresh };
}

/** Who is not answered at all beside others is kept waiting by them; what else others change is a fault of the clause itself. */
function blamedBeside({ fixture: { clause, besideClause = clause }, failure, wire }: Result): Clause {
  const hasHeard = wire?.events.some(({ kind }) => kind === "received");
  return failure!.kind === "timeout" && !hasHeard ? besideClause : clause;
}

/** What was seen of a fixture that fails only in company. */
interface Review {
  readonly first: Result;
  /** How it fared alone. */
  readonly passed: Result;
  readonly tries: readonly Result[];
  readonly isFresh: boolean;
}

/** The fixture passes: what fails in company is a variant of it, of the clause that it shows. */
function shownBy(
  { first, passed, tries, isFresh }: Review,
  when: "after" | "beside",
  culprit: Fixture | undefined,
  clause: Clause,
): Reviewed {
  const { fixture } = first;
  const of = culprit === undefined ? {} : { culprit: culprit.name };
  const recurrence: Recurrence = { ...recurrenceOf(when, tries, isFresh), ...of };
  const name = `${fixture.name}~${when}`;
  const title = `${fixture.title} (${when} ${culprit?.name ?? "others"})`;
  const shown: Fixture = { ...fixture, name, variation: when, title, clause, needs: [] };
  const reason = `it failed only ${when} ${culprit?.name ?? "others"}: see ${name}`;
  return { result: { ...passed, reason }, shown: { ...first, fixture: shown, recurrence, chosen: [] } };
}
