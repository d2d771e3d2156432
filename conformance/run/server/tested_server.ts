/**
 * One server that fixtures are played against: the target, or another start of the command that has started it.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import { ChatError } from "../../../lib/core/error.ts";
import type { Endpoint, HalfClosingLink } from "../../../lib/core/link.ts";
import { findDialect } from "../../../lib/dialects/registry.ts";
import type { TcpConnectOptions } from "../../../lib/transport/tcp.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import type { DatagramConventions } from "../../fixtures/recognition.ts";
import type { Connection } from "../../play/connection/connection.ts";
import { type Admitted, ConnectionPacer } from "../../play/connection/connection_pacer.ts";
import { DatagramLink } from "../../play/connection/datagram_link.ts";
import { KeptOpen, mayLackRoom } from "../../play/connection/kept_open.ts";
import { MessageLines } from "../../play/connection/message_lines.ts";
import { type TargetConnector, withTimeout } from "../../play/connection/target_connector.ts";
import { NotSupported, Unmet } from "../../play/failure.ts";
import type { FreshNames } from "../../play/names.ts";
import { Player } from "../../play/player.ts";
import { probe } from "../../play/probe.ts";
import type { RoundTripEstimator } from "../../play/round_trip_estimator.ts";
import type { Result } from "../../results/verdict.ts";
import type { Experience } from "../experience.ts";
import type { ReviewBench } from "../isolation/failure_review.ts";
import { Phases } from "../isolation/phases.ts";
import { type Played, PlayHistory } from "../isolation/play_history.ts";
import { awaitServer, isClosedAtOnce } from "../readiness.ts";
import type { RunOptions } from "../run_options.ts";
import type { Scheduler } from "../scheduler.ts";
import type { PlayOptions } from "../segmentation/matrix.ts";
import type { ServerPlace } from "./server_place.ts";
import { Supervisor } from "./supervisor.ts";

/** How often a fixture is played, at most, where what has failed may be the network's fault. */
const PLAYS_DESPITE_LOSSES = 12;
/** What a fixture may send at once and the server need not have read yet, in bytes. */
const MAX_QUEUE = 64 * 1024 * 1024;
/** How long the server may take to close its side of a connection that we have closed, in milliseconds. */
const LINGER = 250;

/** What all servers of a run share. */
export interface SharedKnowledge {
  /** How it is played. */
  readonly options: RunOptions;
  /** How fast they are. */
  readonly roundTrips: RoundTripEstimator;
  /** Fresh names. */
  readonly names: FreshNames;
  /** What was seen so far. */
  readonly experience: Experience;
  /** How each fixture was played at first. */
  readonly firstPlays: Map<Fixture, Played>;
  /** Says what is played when. */
  schedule: Scheduler | undefined;
  /** Whether a connection was ever opened. */
  wasReached: boolean;
  /** Why not even the first connection could be opened. */
  unreachable: string | undefined;
  /** Whether datagrams may be lost, doubled or overtaken on their way to the target and back. */
  isLossy: boolean;
  /** An error of our own, thrown while something arrived. */
  fault: unknown;
}

/** Plays fixtures against one server; knows whether it is still there. */
export class TestedServer implements TargetConnector, ReviewBench {
  readonly timeout: number;
  readonly runtime: Runtime;
  readonly roundTrips: RoundTripEstimator;
  readonly names: FreshNames;
  /** What was played before what. */
  readonly history: PlayHistory;
  /** Whether something has failed that may have hurt it. */
  isTainted = false;
  readonly #known: SharedKnowledge;
  readonly #isFurther: boolean;
  readonly #options: RunOptions;
  readonly #place: ServerPlace;
  readonly #supervisor: Supervisor | undefined;
  readonly #experience: Experience;
  /** Who stays until what may hurt the server begins. */
  #kept = new KeptOpen();
  readonly #pacer: ConnectionPacer;
  readonly #phases: Phases;
  /** The probe of the last start of a server that we start. */
  #probing: { readonly start: number; readonly done: Promise<void> } | undefined;
  /** The last start of the server after which it was there. */
  #heardStart: number | undefined;
  /** The last one after which it was waited for. */
  #awaited: { readonly start: number; readonly isThere: Promise<boolean> } | undefined;
  /** Whether the last attempt to connect has failed, and a fixture has failed for it. */
  #isGone = false;

  /** @param isFurther whether fixtures are played one by one on it, whatever their phase. */
  constructor(place: ServerPlace, known: SharedKnowledge, isFurther = false) {
    const { options, experience, roundTrips, names, firstPlays } = known;
    this.#place = place;
    this.#known = known;
    this.#isFurther = isFurther;
    this.#options = options;
    this.#experience = experience;
    this.roundTrips = roundTrips;
    this.names = names;
    this.runtime = place.surroundings.runtime;
    this.timeout = options.timeout;
    this.#pacer = new ConnectionPacer(this.runtime);
    this.#supervisor = place.server && new Supervisor(place.server, options.isFresh ?? false);
    this.history = new PlayHistory(firstPlays);
    this.#phases = new Phases(() => this.renew, isFurther);
  }

  /** Takes a fresh server, if there is one for the asking: on another port, which no connection of the last one holds. */
  get renew(): (() => Promise<void>) | undefined {
    return this.#place.renew && (() => this.startOver());
  }

  /** Lets everybody leave, and takes a fresh server if there is one. */
  async startOver(): Promise<void> {
    this.isTainted = false;
    await this.release();
    this.#kept = new KeptOpen();
    if (this.#place.renew === undefined) return;
    await this.#place.renew().catch((error) => this.#known.fault ??= error);
    this.history.clear();
    this.#isGone = false;
  }

  /** Waits for what a phase begins with: see {@linkcode Phases.enter}. */
  async enter(phase: number): Promise<void> {
    await this.#phases.enter(phase);
  }

  /** See {@linkcode ReviewBench.playAgain}. */
  async playAgain(fixture: Fixture, given?: number): Promise<Result> {
    const timeout = given ??
      (fixture.patient ? this.timeout : Math.min(this.#experience.longFor(fixture), this.timeout));
    const wasGone = this.#isGone;
    const result = await this.playWith(fixture, { timeout, isAgain: true, isPatient: given !== undefined });
    if (result.failure?.kind === "unreachable") this.#isGone = wasGone;
    return result;
  }

  /** See {@linkcode TargetConnector.dial}. */
  async dial(timeout: number, signal: AbortSignal, canReset: boolean, turn = 0): ReturnType<TargetConnector["dial"]> {
    const options: TcpConnectOptions = {
      // A target that is gone may come back, but is not waited for each time.
      connectTimeout: Math.max(this.#isGone ? timeout / 10 : timeout, 1),
      signal,
      canReset,
      maxQueue: MAX_QUEUE,
      writeTimeout: this.timeout,
      lingerTimeout: LINGER,
      tls: this.#options.tls,
      onFault: (error) => this.#known.fault ??= error,
    };
    // Until a server that was started accepts, it is its start that takes time.
    const isStarting = this.#place.server?.hasAccepted === false;
    const began = this.runtime.now();
    const connect = () =>
      this.#place.server?.connect(options) ?? this.#place.surroundings.connect(this.#whoseTurn(turn), options);
    const link = await connect().catch(async (error) => {
      // The server, or this system, may have no room for more.
      if (this.#kept.isEmpty || signal.aborted) throw error;
      await this.#kept.release(this);
      return await connect();
    });
    if (!isStarting) this.roundTrips.connected(this.runtime.now() - began);
    this.#known.wasReached = true;
    this.#isGone = false;
    return this.#carried(link);
  }

  /** The link as transcripts have it, where what is spoken on it is carried by something. */
  #carried(link: HalfClosingLink): HalfClosingLink {
    const { dialect, ...endpoint } = this.#place.target;
    const entry = findDialect(dialect);
    if (entry?.transport !== "tcp" || entry.webSocket === undefined) return link;
    const server = this.#place.server?.endpoint ?? endpoint;
    return new MessageLines(link, entry.webSocket, { server, runtime: this.runtime, timeout: this.timeout });
  }

  /** See {@linkcode TargetConnector.ended}. */
  get ended(): Promise<void> | undefined {
    const { server, target } = this.#place;
    return findDialect(target.dialect)?.transport === "udp" ? server?.ended : undefined;
  }

  /** See {@linkcode TargetConnector.admit}. */
  admit(signal: AbortSignal): Promise<Admitted> {
    return this.#pacer.admit(signal);
  }

  /** See {@linkcode TargetConnector.keep}. */
  keep(connection: Connection): boolean {
    return this.#kept.keep(connection);
  }

  /** Lets everybody leave who has stayed. */
  async release(): Promise<void> {
    await this.#kept.release(this);
  }

  /** See {@linkcode TargetConnector.openPort}. */
  async openPort(
    conventions: DatagramConventions,
    timeout: number,
    signal: AbortSignal,
    turn = 0,
  ): Promise<DatagramLink> {
    const start = this.#place.server?.starts ?? 0;
    if (this.#probing?.start !== start) this.#probing = { start, done: this.#probe(conventions, this.timeout, signal) };
    await this.#probing.done;
    return await this.#open(timeout, signal, turn);
  }

  /** The server whose turn it is, where clients are spread over several. */
  #whoseTurn(turn: number): Endpoint {
    const { target } = this.#place;
    const all = [target, ...target.further ?? []];
    return all[turn % all.length]!;
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
    this.#place.server?.answered();
    this.#known.wasReached = true;
  }

  async #open(timeout: number, signal: AbortSignal, turn = 0): Promise<DatagramLink> {
    const onFault = (error: unknown) => this.#known.fault ??= error;
    const endpoint = this.#place.server?.endpoint ?? this.#whoseTurn(turn);
    const { port, server } = await this.#place.surroundings.openPortTo(endpoint, {
      lookupTimeout: timeout,
      signal,
      onFault,
    });
    this.#known.isLossy = this.#place.surroundings.isLossy(server);
    return new DatagramLink(port, server, this.#known.isLossy);
  }

  /** See {@linkcode TargetConnector.whilePatient}. */
  whilePatient<T>(waiting: Promise<T>): Promise<T> {
    const { schedule } = this.#known;
    return schedule === undefined || this.#isFurther ? waiting : schedule.whilePatient(waiting);
  }

  /** Plays a fixture. Never throws. */
  playWith(fixture: Fixture, options: PlayOptions): Promise<Result> {
    return this.history.during(fixture, () => this.#playSupervised(fixture, options), options.isAgain);
  }

  async #playSupervised(fixture: Fixture, options: PlayOptions): Promise<Result> {
    if (this.#supervisor === undefined) return await this.#play(fixture, options);
    try {
      const result = await this.#supervisor.play(fixture, () => this.#play(fixture, options));
      if (result.verdict === "fail" && this.#place.server?.hasEnded) this.#experience.noteCrash(fixture);
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
    const start = this.#place.server?.starts ?? 1;
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
      const mayPass = result.verdict === "fail" && this.#known.isLossy && times < PLAYS_DESPITE_LOSSES;
      if (!mayPass || this.#options.interrupted?.aborted) return result;
    }
  }

  async #playOnce(
    fixture: Fixture,
    { cut, timeout, isAlone = false, isAgain = false, isPatient = false }: PlayOptions,
  ): Promise<Result> {
    if ((fixture.phase ?? 0) > 0) await this.release();
    const started = this.runtime.now();
    // Each client is a program of its own: there is nobody whom others could keep waiting.
    const schedule = this.#options.client === undefined ? this.#known.schedule : undefined;
    const patience = isPatient ? undefined : this.#experience.patienceFor(fixture, this, schedule);
    const connector = withTimeout(this, timeout ?? this.timeout, patience, firstTurn(fixture, this.#options.seed));
    const player = new Player(fixture, connector, cut, this.#options.client);
    const { interrupted } = this.#options;
    const breakOff = () => player.breakOff();
    if (interrupted?.aborted) breakOff();
    interrupted?.addEventListener("abort", breakOff);
    const verdict = await player.play().then(() => ({ verdict: "pass" } as const), (error) => this.#judge(error));
    interrupted?.removeEventListener("abort", breakOff);
    const { chosen, recording: { wire } } = player;
    const result = { fixture, ...verdict, chosen, wire, duration: this.runtime.now() - started };
    if (!isAgain) this.#experience.note(result, this.runtime.now(), this.timeout, isAlone || fixture.exclusive);
    return result;
  }

  #judge(thrown: unknown): Pick<Result, "verdict" | "failure" | "reason" | "isShort"> {
    const error = this.#known.fault ?? thrown;
    if (error instanceof ChatError && error.code === "unreachable" && this.#options.client !== undefined) {
      this.#known.unreachable = error.message;
    }
    if (error instanceof NotSupported) return { verdict: "unsupported", reason: error.message };
    if (!(error instanceof Unmet)) {
      const isShort = error instanceof ChatError && error.code === "shortage";
      return { verdict: "error", reason: error instanceof Error ? error.message : String(error), isShort };
    }
    const { failure } = error;
    if (failure.kind !== "unreachable") return { verdict: "fail", failure };
    if (!this.#known.wasReached) this.#known.unreachable = failure.reason;
    // One fault is one failure.
    if (this.#isGone) return { verdict: "blocked", reason: "the target takes no connections any more" };
    this.#isGone = true;
    return { verdict: "fail", failure };
  }
}

/** Whose turn it is first in a fixture, where clients are spread: another one in each, and with each seed, and the same again. */
function firstTurn({ name }: Fixture, seed = 0): number {
  return [...name].reduce((sum, character) => sum + character.codePointAt(0)!, seed);
}
