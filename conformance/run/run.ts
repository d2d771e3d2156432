/**
 * One run: all selected fixtures against one target.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { CAN_RESET } from "../../lib/transport/tls/node_socket.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import { reconcile } from "../results/recorded_choices.ts";
import { withoutWrongSilence } from "../results/silence.ts";
import { FreshNames } from "../play/names.ts";
import { RoundTripEstimator } from "../play/round_trip_estimator.ts";
import { accommodatedFixtures, accommodateTo, knownOf } from "./accommodating.ts";
import { fitToReading } from "./line_reading.ts";
import { Experience } from "./experience.ts";
import { FailureReview, type ReviewStage } from "./isolation/failure_review.ts";
import { mergeRounds } from "./repetition.ts";
import type { Reviewer } from "./isolation/reviewer.ts";
import { type FixtureRunner, type Occasion, Scheduler } from "./scheduler.ts";
import type { SharedKnowledge, TestedServer } from "./server/tested_server.ts";
import { Servers } from "./server/servers.ts";
import { randomBelow, shuffled } from "./segmentation/random.ts";
import type { RunOptions } from "./run_options.ts";
import { REAL_SURROUNDINGS } from "./surroundings.ts";
import { Matrix, type PlayOptions, type VariantRunner } from "./segmentation/matrix.ts";
import { resetConnections } from "../transcript/blocks.ts";
import type { Send } from "../transcript/syntax.ts";
import type { Accommodated, Result, Target, TargetRun } from "../results/verdict.ts";

/** On trial, a step may take so many times what the server has taken to answer, but at least so many milliseconds. */
const SLOWER = 10;
const SHORTEST_TRIAL = 300;

/** Plays the fixtures against the target. Throws `unreachable` if not even the first connection can be opened. */
export async function runTarget(
  target: Target,
  asWritten: Library,
  selected: readonly Fixture[],
  options: RunOptions,
): Promise<TargetRun> {
  const context = new RunContext(target, options);
  try {
    return await playAll(context, target, asWritten, selected, options);
  } finally {
    await context.servers.end();
  }
}

async function playAll(
  context: RunContext,
  target: Target,
  asWritten: Library,
  selected: readonly Fixture[],
  options: RunOptions,
): Promise<TargetRun> {
  const { runtime, servers: { main } } = context;
  const { repeat = 1, interrupted } = options;
  const started = runtime.now();
  const passed: Result[] = [];
  const { library, fixtures } = await fitToReading(main, asWritten, selected, options.interrupted);
  const accommodated = options.accommodates === true
    ? options.accommodated ?? await accommodateTo(main, library, (result) => passed.push(result), options.onTrying)
    : [];
  if (context.unreachable !== undefined) throw new ChatError("unreachable", context.unreachable);
  const playable = accommodatedFixtures(library, fixtures, accommodated);
  const rounds: Result[][] = [];
  if (interrupted?.aborted) rounds.push(knownOf(fixtures, passed, accommodated));
  for (let round = 0; round < repeat && !context.hasStopped && !interrupted?.aborted; round++) {
    rounds.push(await playRound(context, playable, accommodated, round, options));
    if (context.unreachable !== undefined) throw new ChatError("unreachable", context.unreachable);
  }
  await context.servers.end();
  const { results, recorded } = reconcile(withoutWrongSilence(mergeRounds(rounds)));
  const isBrokenOff = interrupted?.aborted ?? false;
  const { seed } = options;
  const isRandom = options.segmentation || options.shuffle || target.further !== undefined;
  const chance = seed !== undefined && isRandom ? { seed } : {};
  const canReset = CAN_RESET && options.tls === undefined;
  const hasResets = fixtures.some(({ steps }) => resetConnections(steps).size > 0);
  return {
    target,
    library,
    results,
    recorded,
    ...(accommodated.length === 0 ? {} : { accommodated }),
    ...(!canReset && hasResets ? { resetsAreCloses: true } : {}),
    ...chance,
    isBrokenOff,
    duration: runtime.now() - started,
  };
}

/** Plays all fixtures once, and their other segments. What accommodations cost is known, and keeps nothing from being played. */
async function playRound(
  context: RunContext,
  fixtures: readonly Fixture[],
  accommodated: readonly Accommodated[],
  round: number,
  options: RunOptions,
): Promise<Result[]> {
  const { jobs, seed = 0 } = options;
  const known = new Map(accommodated.map(({ accommodation: { gate }, result }) => [gate, result]));
  for (const { name } of fixtures) if (known.has(name)) context.done(known.get(name)!);
  const open = fixtures.filter(({ name }) => !known.has(name));
  const order = options.shuffle === true ? shuffled(open, randomBelow(seed + round)) : open;
  const schedule = context.schedule = new Scheduler(order, jobs, context, options.known);
  const isKnown = (result: Result) => !context.late.has(result);
  const played = new Map((await schedule.run()).filter(isKnown).map((result) => [result.fixture, result]));
  const own = fixtures.flatMap((fixture) => known.get(fixture.name) ?? played.get(fixture) ?? []);
  const results = context.review.settle(own);
  if (options.segmentation !== true || context.hasStopped) return results;
  const matrix = new Matrix(results, context.sent, seed, context, options.timeout);
  const variants = context.schedule = new Scheduler(matrix.fixtures, jobs, matrix);
  return [...results, ...(await variants.run()).filter(isKnown)];
}

/** What the fixtures of a run share. */
class RunContext implements FixtureRunner, VariantRunner, ReviewStage {
  readonly timeout: number;
  readonly runtime: Runtime;
  /** What each fixture has sent, if it is to be sent in other segments. */
  readonly sent = new Map<Fixture, Map<Send, Uint8Array>>();
  /** Results of fixtures that were being played when the run was broken off, which say nothing. */
  readonly late = new Set<Result>();
  readonly review: FailureReview;
  /** The servers that are asked. */
  readonly servers: Servers;
  /** Whether nothing more is to be played. */
  hasStopped = false;
  readonly #options: RunOptions;
  readonly #known: SharedKnowledge;
  /** The clauses of which something has passed. */
  readonly #shown = new Set<string>();

  constructor(target: Target, options: RunOptions) {
    const { surroundings = REAL_SURROUNDINGS, timeout } = options;
    this.#options = options;
    this.timeout = timeout;
    this.runtime = surroundings.runtime;
    this.#known = {
      options,
      roundTrips: new RoundTripEstimator(timeout),
      names: new FreshNames(this.runtime),
      experience: new Experience(),
      schedule: undefined,
      firstPlays: new Map(),
      wasReached: false,
      unreachable: undefined,
      isLossy: false,
      fault: undefined,
    };
    this.servers = new Servers(target, this.#known);
    this.review = new FailureReview(this);
    this.reviewer = reviewerOf(this);
  }

  /** Why not even the first connection could be opened. */
  get unreachable(): string | undefined {
    return this.#known.unreachable;
  }

  /** What says what is played when. */
  set schedule(schedule: Scheduler) {
    this.#known.schedule = schedule;
  }

  /** See {@linkcode ReviewStage.firstPlays}. */
  get firstPlays(): ReviewStage["firstPlays"] {
    return this.#known.firstPlays;
  }

  /** Whether nothing is to be played again: a client is started for each fixture anyway, and losses have been allowed for. */
  get isOver(): boolean {
    const { client, interrupted } = this.#options;
    return this.unreachable !== undefined || this.#known.isLossy || client !== undefined ||
      interrupted?.aborted === true;
  }

  /** See {@linkcode ReviewStage.isUnheard}. */
  get isUnheard(): boolean {
    return this.#known.experience.isUnheard;
  }

  /** See {@linkcode FixtureRunner.mostServers}. */
  get mostServers(): number {
    return this.servers.most;
  }

  /** See {@linkcode FixtureRunner.reviewer}. */
  readonly reviewer: Reviewer;

  playWith(fixture: Fixture, options: PlayOptions): Promise<Result> {
    return this.servers.main.playWith(fixture, options);
  }

  async play(fixture: Fixture, { isTrial, isAlone, server }: Occasion): Promise<Result | undefined> {
    const hopeless = this.#known.experience.hopelessness(fixture);
    if (hopeless !== undefined) return { fixture, verdict: "blocked", ...hopeless, chosen: [], duration: 0 };
    const tested = this.servers.at(server);
    await tested.enter(fixture.phase ?? 0);
    // The first of a clause that may wait for as long as a server takes to lose patience need not do so a second time.
    const isScout = server > 0 && fixture.patient && !tested.history.isEmpty && !this.#shown.has(fixture.clause.slug);
    if (isAlone && (this.reviewer.isolatesAll || tested.isTainted || isScout)) await tested.startOver();
    const result = await this.#playOn(tested, fixture, isTrial, isAlone);
    return this.servers.hasNotComeUp(server) ? undefined : result;
  }

  async #playOn(tested: TestedServer, fixture: Fixture, isTrial: boolean, isAlone: boolean): Promise<Result> {
    if (isTrial || this.#options.segmentation !== true || fixture.splitClause === undefined) {
      return await tested.playWith(fixture, { isAlone, ...isTrial ? { timeout: this.#trialTimeout(fixture) } : {} });
    }
    const sent = new Map<Send, Uint8Array>();
    this.sent.set(fixture, sent);
    return await tested.playWith(fixture, {
      isAlone,
      cut: (step, bytes) => {
        sent.set(step, bytes);
        return [];
      },
    });
  }

  /** The deadline of a step that probably waits in vain, in milliseconds. */
  #trialTimeout(fixture: Fixture): number {
    const { roundTrips, experience } = this.#known;
    const least = experience.longFor(fixture) > experience.long ? experience.longFor(fixture) : SHORTEST_TRIAL;
    return Math.min(Math.max(SLOWER * roundTrips.window, least), this.timeout);
  }

  done(result: Result): boolean {
    if (this.unreachable !== undefined) return false;
    if (this.#options.interrupted?.aborted) {
      this.late.add(result);
      this.hasStopped = true;
      return false;
    }
    if (result.verdict === "pass") this.#shown.add(result.fixture.clause.slug);
    this.#options.onResult(result);
    return !(this.hasStopped ||= this.#options.stopsAt?.(result) ?? false);
  }
}

/** Plays again what has failed, on whichever server has room for it. */
function reviewerOf({ review, servers }: Pick<RunContext, "review" | "servers">): Reviewer {
  return {
    get isolatesAll() {
      return review.isolatesAll && servers.main.renew !== undefined;
    },
    doubts: (result, server) => {
      const tested = servers.at(server);
      const isDoubtful = review.doubts(result, tested);
      tested.isTainted ||= isDoubtful && server > 0;
      return isDoubtful;
    },
    review: async (doubtful, server) => {
      const result = await review.review(doubtful, servers.at(server));
      return servers.hasNotComeUp(server) ? undefined : result;
    },
    renew: () => servers.main.startOver(),
  };
}
