/**
 * One run: all selected fixtures against one target.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import type { TcpConnectOptions } from "../../lib/transport/tcp.ts";
import { CAN_RESET } from "../../lib/transport/tls/node_socket.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { DatagramConventions } from "../fixtures/recognition.ts";
import type { Library } from "../fixtures/library.ts";
import { reconcile } from "../results/recorded_choices.ts";
import { withoutWrongSilence } from "../results/silence.ts";
import { DatagramLink } from "../play/connection/datagram_link.ts";
import { NotSupported, Unmet } from "../play/failure.ts";
import { probe } from "../play/probe.ts";
import { FreshNames } from "../play/names.ts";
import { RoundTripEstimator } from "../play/round_trip_estimator.ts";
import { Player } from "../play/player.ts";
import type { Connection } from "../play/connection/connection.ts";
import { type Admitted, ConnectionPacer } from "../play/connection/connection_pacer.ts";
import { KeptOpen, mayLackRoom } from "../play/connection/kept_open.ts";
import { type TargetConnector, withTimeout } from "../play/connection/target_connector.ts";
import { accommodatedFixtures, accommodateTo, knownOf } from "./accommodating.ts";
import { fitToReading } from "./line_reading.ts";
import { awaitServer, isClosedAtOnce } from "./readiness.ts";
import { Experience } from "./experience.ts";
import { Phases } from "./isolation/phases.ts";
import { PlayHistory } from "./isolation/play_history.ts";
import { FailureReview } from "./isolation/failure_review.ts";
import { mergeRounds } from "./repetition.ts";
import { type FixtureRunner, type Occasion, Scheduler } from "./scheduler.ts";
import { randomBelow, shuffled } from "./segmentation/random.ts";
import type { RunOptions } from "./run_options.ts";
import { REAL_SURROUNDINGS, type RunSurroundings } from "./surroundings.ts";
import { Matrix, type PlayOptions, type VariantRunner } from "./segmentation/matrix.ts";
import { Supervisor } from "./server/supervisor.ts";
import { resetConnections } from "../transcript/blocks.ts";
import type { Send } from "../transcript/syntax.ts";
import type { Accommodated, Result, Target, TargetRun } from "../results/verdict.ts";

/** How often a fixture is played, at most, where what has failed may be the network's fault. */
const PLAYS_DESPITE_LOSSES = 12;
/** What a fixture may send at once and the server need not have read yet, in bytes. */
const MAX_QUEUE = 64 * 1024 * 1024;
/** How long the server may take to close its side of a connection that we have closed, in milliseconds. */
const LINGER = 250;
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
  const { surroundings: { runtime } = REAL_SURROUNDINGS, repeat = 1, interrupted } = options;
  const started = runtime.now();
  const context = new RunContext(target, options);
  const passed: Result[] = [];
  const { library, fixtures } = await fitToReading(context, asWritten, selected, options.interrupted);
  const accommodated = options.accommodates === true
    ? await accommodateTo(context, library, (result) => passed.push(result))
    : [];
  if (context.unreachable !== undefined) throw new ChatError("unreachable", context.unreachable);
  const playable = accommodatedFixtures(library, fixtures, accommodated);
  const rounds: Result[][] = [];
  if (interrupted?.aborted) rounds.push(knownOf(fixtures, passed, accommodated));
  for (let round = 0; round < repeat && !context.hasStopped && !interrupted?.aborted; round++) {
    rounds.push(await playRound(context, playable, accommodated, round, options));
    if (context.unreachable !== undefined) throw new ChatError("unreachable", context.unreachable);
  }
  await context.release();
  const { results, recorded } = reconcile(withoutWrongSilence(mergeRounds(rounds)));
  const isBrokenOff = interrupted?.aborted ?? false;
  const { seed } = options;
  const chance = seed !== undefined && (options.segmentation || options.shuffle) ? { seed } : {};
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

/** What the fixtures of a run share; knows whether the target is still there. */
class RunContext implements FixtureRunner, TargetConnector, VariantRunner {
  readonly timeout: number;
  readonly runtime: Runtime;
  readonly roundTrips: RoundTripEstimator;
  readonly names: FreshNames;
  /** What each fixture has sent, if it is to be sent in other segments. */
  readonly sent = new Map<Fixture, Map<Send, Uint8Array>>();
  /** Results of fixtures that were being played when the run was broken off, which say nothing. */
  readonly late = new Set<Result>();
  schedule: Scheduler | undefined;
  /** What was played before what. */
  readonly history = new PlayHistory();
  readonly review: FailureReview;
  /** Why not even the first connection could be opened. */
  unreachable: string | undefined;
  /** Whether nothing more is to be played. */
  hasStopped = false;
  readonly #target: Target;
  readonly #options: RunOptions;
  readonly #surroundings: RunSurroundings;
  readonly #supervisor: Supervisor | undefined;
  readonly #experience = new Experience();
  /** Who stays until what may hurt the server begins. */
  #kept = new KeptOpen();
  readonly #pacer: ConnectionPacer;
  readonly #phases = new Phases(() => this.renew);
  #wasReached = false;
  /** Whether datagrams may be lost, doubled or overtaken on their way to the target and back. */
  #isLossy = false;
  /** The probe of the last start of a server that we start. */
  #probing: { readonly start: number; readonly done: Promise<void> } | undefined;
  /** An error of our own, thrown while something arrived. */
  #fault: unknown;
  /** The last start of the server after which it was there. */
  #heardStart: number | undefined;
  /** The last one after which it was waited for. */
  #awaited: { readonly start: number; readonly isThere: Promise<boolean> } | undefined;
  /** Whether the last attempt to connect has failed, and a fixture has failed for it. */
  #isGone = false;

  constructor(target: Target, options: RunOptions) {
    this.#target = target;
    this.#options = options;
    this.#surroundings = options.surroundings ?? REAL_SURROUNDINGS;
    this.runtime = this.#surroundings.runtime;
    this.#pacer = new ConnectionPacer(this.runtime);
    this.names = new FreshNames(this.runtime);
    this.#supervisor = options.server && new Supervisor(options.server, options.isFresh ?? false);
    this.timeout = options.timeout;
    this.roundTrips = new RoundTripEstimator(options.timeout);
    this.review = new FailureReview(this);
  }

  /** Takes a fresh server, if there is one for the asking: on another port, which no connection of the last one holds. */
  get renew(): (() => Promise<void>) | undefined {
    return this.#nextServer && (() => this.startOver());
  }

  get #nextServer(): (() => Promise<void>) | undefined {
    const { server, renew = server?.choosesPort ? () => server.stop() : undefined } = this.#options;
    return renew;
  }

  /** Lets everybody leave, and takes a fresh server if there is one. */
  async startOver(): Promise<void> {
    await this.release();
    this.#kept = new KeptOpen();
    if (this.#nextServer === undefined) return;
    await this.#nextServer().catch((error) => this.#fault ??= error);
    this.history.clear();
    this.#isGone = false;
  }

  /** Whether nothing is to be played again: a client is started for each fixture anyway, and losses have been allowed for. */
  get isOver(): boolean {
    const { client, interrupted } = this.#options;
    return this.unreachable !== undefined || this.#isLossy || client !== undefined || interrupted?.aborted === true;
  }

  async playAgain(fixture: Fixture, given?: number): Promise<Result> {
    const timeout = given ?? (fixture.patient ? this.timeout : Math.min(this.#experience.long, this.timeout));
    const wasGone = this.#isGone;
    const result = await this.playWith(fixture, { timeout, isAgain: true, isPatient: given !== undefined });
    if (result.failure?.kind === "unreachable") this.#isGone = wasGone;
    return result;
  }

  async dial(timeout: number, signal: AbortSignal, canReset: boolean): ReturnType<TargetConnector["dial"]> {
    const options: TcpConnectOptions = {
      // A target that is gone may come back, but is not waited for each time.
      connectTimeout: Math.max(this.#isGone ? timeout / 10 : timeout, 1),
      signal,
      canReset,
      maxQueue: MAX_QUEUE,
      writeTimeout: this.timeout,
      lingerTimeout: LINGER,
      tls: this.#options.tls,
      onFault: (error) => this.#fault ??= error,
    };
    // Until a server that was started accepts, it is its start that takes time.
    const isStarting = this.#options.server?.hasAccepted === false;
    const began = this.runtime.now();
    const connect = () => this.#options.server?.connect(options) ?? this.#surroundings.connect(this.#target, options);
    const link = await connect().catch(async (error) => {
      // The server, or this system, may have no room for more.
      if (this.#kept.isEmpty || signal.aborted) throw error;
      await this.#kept.release(this.runtime);
      return await connect();
    });
    if (!isStarting) this.roundTrips.connected(this.runtime.now() - began);
    this.#wasReached = true;
    this.#isGone = false;
    return link;
  }

  admit(signal: AbortSignal): Promise<Admitted> {
    return this.#pacer.admit(signal);
  }

  keep(connection: Connection): boolean {
    return this.#kept.keep(connection);
  }

  /** Lets everybody leave who has stayed. */
  async release(): Promise<void> {
    await this.#kept.release(this.runtime);
  }

  async openPort(conventions: DatagramConventions, timeout: number, signal: AbortSignal): Promise<DatagramLink> {
    const start = this.#options.server?.starts ?? 0;
    if (this.#probing?.start !== start) this.#probing = { start, done: this.#probe(conventions, this.timeout, signal) };
    await this.#probing.done;
    return await this.#open(timeout, signal);
  }

  /** Finds out whether a server is there. */
  async #probe(conventions: DatagramConventions, timeout: number, signal: AbortSignal): Promise<void> {
    await probe(
      this.runtime,
      await this.#open(timeout, signal),
      conventions,
      this.names.next("probe"),
      timeout,
      signal,
    );
    this.#options.server?.answered();
    this.#wasReached = true;
  }

  async #open(timeout: number, signal: AbortSignal): Promise<DatagramLink> {
    const onFault = (error: unknown) => this.#fault ??= error;
    const endpoint = this.#options.server?.endpoint ?? this.#target;
    const { port, server } = await this.#surroundings.openPortTo(endpoint, { lookupTimeout: timeout, signal, onFault });
    this.#isLossy = this.#surroundings.isLossy(server);
    return new DatagramLink(port, server, this.#isLossy);
  }

  whilePatient<T>(waiting: Promise<T>): Promise<T> {
    return this.schedule === undefined ? waiting : this.schedule.whilePatient(waiting);
  }

  async play(fixture: Fixture, { isTrial, isAlone }: Occasion): Promise<Result> {
    const hopeless = this.#experience.hopelessness(fixture);
    if (hopeless !== undefined) return { fixture, verdict: "blocked", ...hopeless, chosen: [], duration: 0 };
    await this.#phases.enter(fixture.phase ?? 0);
    if (isAlone) await this.review.prepare();
    if (isTrial || this.#options.segmentation !== true || fixture.splitClause === undefined) {
      return await this.playWith(fixture, isTrial ? { timeout: this.#trialTimeout } : {});
    }
    const sent = new Map<Send, Uint8Array>();
    this.sent.set(fixture, sent);
    return await this.playWith(fixture, {
      cut: (step, bytes) => {
        sent.set(step, bytes);
        return [];
      },
    });
  }

  /** The deadline of a step that probably waits in vain, in milliseconds. */
  get #trialTimeout(): number {
    return Math.min(Math.max(SLOWER * this.roundTrips.window, SHORTEST_TRIAL), this.timeout);
  }

  playWith(fixture: Fixture, options: PlayOptions): Promise<Result> {
    return this.history.during(fixture, () => this.#playSupervised(fixture, options), options.isAgain);
  }

  async #playSupervised(fixture: Fixture, options: PlayOptions): Promise<Result> {
    if (this.#supervisor === undefined) return await this.#play(fixture, options);
    try {
      const result = await this.#supervisor.play(fixture, () => this.#play(fixture, options));
      if (result.verdict === "fail" && this.#options.server?.hasEnded) this.#experience.noteCrash(fixture);
      return result;
    } catch (error) {
      return { fixture, ...this.#judge(error), chosen: [], duration: 0 };
    }
  }

  /** Plays again what was played before the server was there behind its port. */
  async #play(fixture: Fixture, options: PlayOptions): Promise<Result> {
    let result = await this.#playDespiteLosses(fixture, options);
    if (!this.#kept.isEmpty && this.#experience.hasPassed && mayLackRoom(result)) {
      await this.release();
      result = await this.#playOnce(fixture, options);
    }
    const start = this.#options.server?.starts ?? 1;
    const { startTimeout = 0, onNote = () => {}, interrupted } = this.#options;
    if (this.#heardStart === start || startTimeout === 0 || this.#options.client !== undefined) return result;
    if (isClosedAtOnce(result)) {
      const connect = () => this.dial(this.timeout, interrupted ?? new AbortController().signal, false);
      const wait = () => awaitServer({ runtime: this.runtime, startTimeout, connect, onNote }, interrupted);
      if (this.#awaited?.start !== start) this.#awaited = { start, isThere: wait() };
      const isThere = await this.#awaited.isThere;
      this.#heardStart = start;
      if (isThere) return await this.#playOnce(fixture, options);
    }
    this.#heardStart = start;
    return result;
  }

  /** What a server does because a datagram was lost is right, and not what the fixture wants: once, none of those is lost. */
  async #playDespiteLosses(fixture: Fixture, options: PlayOptions): Promise<Result> {
    for (let times = 1;; times++) {
      const result = await this.#playOnce(fixture, options);
      const mayPass = result.verdict === "fail" && this.#isLossy && times < PLAYS_DESPITE_LOSSES;
      if (!mayPass || this.#options.interrupted?.aborted) return result;
    }
  }

  async #playOnce(
    fixture: Fixture,
    { cut, timeout, isAgain = false, isPatient = false }: PlayOptions,
  ): Promise<Result> {
    if ((fixture.phase ?? 0) > 0) await this.release();
    const started = this.runtime.now();
    // Each client is a program of its own: there is nobody whom others could keep waiting.
    const schedule = this.#options.client === undefined ? this.schedule : undefined;
    const patience = isPatient ? undefined : this.#experience.patienceFor(fixture, this, schedule);
    const connector = withTimeout(this, timeout ?? this.timeout, patience);
    const player = new Player(fixture, connector, cut, this.#options.client);
    const { interrupted } = this.#options;
    const breakOff = () => player.breakOff();
    if (interrupted?.aborted) breakOff();
    interrupted?.addEventListener("abort", breakOff);
    const verdict = await player.play().then(() => ({ verdict: "pass" } as const), (error) => this.#judge(error));
    interrupted?.removeEventListener("abort", breakOff);
    const { chosen, recording: { wire } } = player;
    const result = { fixture, ...verdict, chosen, wire, duration: this.runtime.now() - started };
    if (!isAgain) this.#experience.note(result, this.runtime.now(), this.timeout);
    return result;
  }

  done(result: Result): boolean {
    if (this.unreachable !== undefined) return false;
    if (this.#options.interrupted?.aborted) {
      this.late.add(result);
      this.hasStopped = true;
      return false;
    }
    this.#options.onResult(result);
    return !(this.hasStopped ||= this.#options.stopsAt?.(result) ?? false);
  }

  #judge(thrown: unknown): Pick<Result, "verdict" | "failure" | "reason" | "isShort"> {
    const error = this.#fault ?? thrown;
    if (error instanceof ChatError && error.code === "unreachable" && this.#options.client !== undefined) {
      this.unreachable = error.message;
    }
    if (error instanceof NotSupported) return { verdict: "unsupported", reason: error.message };
    if (!(error instanceof Unmet)) {
      const isShort = error instanceof ChatError && error.code === "shortage";
      return { verdict: "error", reason: error instanceof Error ? error.message : String(error), isShort };
    }
    const { failure } = error;
    if (failure.kind !== "unreachable") return { verdict: "fail", failure };
    if (!this.#wasReached) this.unreachable = failure.reason;
    // One fault is one failure.
    if (this.#isGone) return { verdict: "blocked", reason: "the target takes no connections any more" };
    this.#isGone = true;
    return { verdict: "fail", failure };
  }
}
