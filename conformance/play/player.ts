/**
 * Plays the steps of one fixture.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { dialectOf } from "../fixtures/clauses.ts";
import { AnyPeerLink } from "../client/any_peer_link.ts";
import type { ClientHost } from "../client/client_host.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Match } from "../pattern/matcher.ts";
import { bytesOfAll, compile, type PatternContext } from "../pattern/compile.ts";
import type { Program } from "../pattern/program.ts";
import { everyStep } from "../transcript/blocks.ts";
import { spell } from "../transcript/escape.ts";
import { USER } from "../transcript/check.ts";
import type { Place } from "../transcript/place.ts";
import type { All, Awaitable, Choice, Connect, Distinct, Expect } from "../transcript/syntax.ts";
import {
  type Part,
  type Piece,
  type Send,
  type Silent,
  type Soon,
  type Step,
  UNRECORDED,
} from "../transcript/syntax.ts";
import type { Chosen } from "./choice.ts";
import { Connection } from "./connection/connection.ts";
import { AcceptWait } from "./client/accept_wait.ts";
import { ClientStage } from "./client/client_stage.ts";
import { awaitClient, playClientStep } from "./client/client_steps.ts";
import { Connections } from "./connection/connections.ts";
import { DatagramLink, endpointsOf } from "./connection/datagram_link.ts";
import { explain, flooded, unmet } from "./explain.ts";
import { NotSupported, Unmet, withLastOutput } from "./failure.ts";
import { takeLeave } from "./farewell.ts";
import { findSame } from "./names.ts";
import { fitLineEnd } from "./connection/line_end.ts";
import { Recording } from "./connection/recording.ts";
import { type Cut, divide, eachByte } from "./connection/segments.ts";
import { sendSegments } from "./connection/sending.ts";
import { afterSilence, sleep, turn } from "./sleep.ts";
import type { TargetConnector } from "./connection/target_connector.ts";
import { Expectation } from "./expectation.ts";
import { type Awaited, type Fulfilled, ParallelBranches, StepWait, type WaitingStep } from "./step_wait.ts";

/** How many deadlines a step may take that waits for the server to lose patience. */
const PATIENCE = 4;
/** How many times a step of a `soon:` could be tried at least within its deadline, if each takes as long as it may. */
const TRIES = 4;
/** The same if each fails at once. */
const LEAST_TRIES = 100;

const encoder = new TextEncoder();

/** Plays one fixture, once. */
export class Player {
  /** The choices that the server made. */
  readonly chosen: Chosen[] = [];
  /** What went over the wire. */
  readonly recording: Recording;
  readonly #fixture: Fixture;
  readonly #runtime: Runtime;
  readonly #connector: TargetConnector;
  readonly #context: PatternContext;
  readonly #values = new Map<string, Uint8Array>();
  readonly #fences = new Map<string, readonly Step[]>();
  readonly #branches = new ParallelBranches();
  readonly #ignored: Program | undefined;
  /** The connections that the fixture resets. */
  readonly #resets: ReadonlySet<string>;
  readonly #stopped = new AbortController();
  readonly #connections = new Connections();
  readonly #cut: Cut | undefined;
  /** Starts the client, if it is one that the fixture plays against. */
  readonly #host: ClientHost | undefined;
  /** That client. */
  #stage: ClientStage | undefined;
  /** When the last step was over that may have made the server send something, or that received it. */
  #lastActionAt: number;

  /**
   * Prepares to play a fixture.
   *
   * @param connector The target.
   * @param cut How what is sent is cut, if it is not sent whole.
   * @param host Starts the client, where the fixture plays the server.
   */
  constructor(fixture: Fixture, connector: TargetConnector, cut?: Cut, host?: ClientHost) {
    this.#host = host;
    this.#fixture = fixture;
    this.#runtime = connector.runtime;
    this.#connector = connector;
    this.recording = new Recording(this.#runtime);
    this.#lastActionAt = this.#runtime.now();
    this.#cut = cut;
    const resets = [...everyStep(fixture.steps)].flatMap((step) => step.kind === "reset" ? [step.connection] : []);
    this.#resets = new Set(resets);
    const value = (name: string) => this.#values.get(name);
    this.#context = fixture.ignoreCaseAfter === undefined ? { value } : { value, caseless: fixture.ignoreCaseAfter };
    this.#ignored = fixture.ignored && compile(fixture.ignored, this.#context);
  }

  /**
   * Plays all steps, and makes sure that nothing is left over. Throws {@linkcode Unmet} for the first that does not come
   * true, {@linkcode NotSupported} where the server leaves out what is optional, and a `fixture` error for a step that cannot be played.
   */
  async play(): Promise<void> {
    const { steps } = this.#fixture;
    try {
      if (this.#host !== undefined) await this.#startClient(this.#host);
      await this.#steps(steps);
      await this.#nothingIsLeft(steps.at(-1)!);
    } catch (error) {
      throw this.#stage === undefined ? error : withLastOutput(error, this.#stage.lastShown);
    } finally {
      this.recording.finish();
      // Branches that are not through end.
      this.#stop(new NotSupported("the fixture is over"));
      await this.#leave();
      await Promise.all([this.#connections.close(this.#runtime), this.#stage?.leave()]);
      // What the server tells others of the connections that were closed must not reach the next fixture.
      const { aftermath } = this.#connector.roundTrips;
      if (this.#fixture.exclusive && aftermath > 0) await sleep(this.#runtime, aftermath);
    }
  }

  /** Plays no more of it, as if it were unsupported: its result is dropped. */
  breakOff(): void {
    this.#stop(new NotSupported("the run was broken off"));
  }

  /** In a `soon:`, steps that do not come true are tried again until `retriedUntil`. */
  async #steps(steps: readonly Step[], retriedUntil?: number): Promise<void> {
    for (const [i, step] of steps.entries()) {
      await this.#step(step, retriedUntil);
      if (step.kind !== "silent") this.#lastActionAt = this.#runtime.now();
      const asked = steps[i - 1];
      if (step.kind === "expect" && asked?.kind === "send") this.#sample(asked, step);
    }
  }

  #step(step: Step, retriedUntil: number | undefined): Promise<void> | void {
    switch (step.kind) {
      case "connect":
        return this.#connect(step, retriedUntil);
      case "send":
        return this.#send(step);
      case "expect":
      case "closed":
      case "accept":
      case "shows":
      case "ends":
        return this.#expect(step, retriedUntil);
      case "type":
      case "hides":
      case "shows-other-than":
      case "idle":
      case "paced":
      case "file":
        return this.#playClientStep(step);
      case "silent":
        return this.#silent(step);
      case "close":
      case "end":
      case "reset":
      case "forget":
        return this.#part(step);
      case "name":
        for (const name of step.names) this.#make(name);
        return;
      case "let":
        this.#values.set(step.name, this.#bytes(step.pieces));
        return;
      case "distinct":
        return this.#distinct(step);
      case "unsupported":
        throw new NotSupported(step.reason);
      case "needs":
        return;
      case "all":
        return this.#all(step);
      case "choice":
        return this.#choice(step);
      case "soon":
        return this.#soon(step);
      case "fence":
        this.#fences.set(step.connection, step.steps);
        return;
    }
  }

  async #connect(step: Connect, retriedUntil = Infinity): Promise<void> {
    const { connection: name } = step;
    this.#connections.mustBeFree(step);
    const { signal } = this.#stopped;
    try {
      const link = await this.#dial(
        name,
        Math.min(this.#connector.timeout, retriedUntil - this.#runtime.now()),
        signal,
      );
      if (signal.aborted) link.abort("done");
      signal.throwIfAborted();
      const connection = new Connection(
        name,
        this.recording.opened(name, link),
        {
          runtime: this.#runtime,
          changed: () => this.#failHopeless(),
          flooded: (connection) => this.#stop(flooded(step, connection)),
          roundTrips: this.#connector.roundTrips,
          ignored: this.#ignored,
          hasDatagrams: link instanceof DatagramLink || link instanceof AnyPeerLink,
        },
      );
      if (link instanceof DatagramLink || link instanceof AnyPeerLink) {
        for (const [value, text] of endpointsOf(name, link)) this.#values.set(value, encoder.encode(text));
      }
      this.#connections.add(connection);
      this.#fences.delete(name);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ChatError) || error.code !== "unreachable") throw error;
      this.recording.note(name, "refused");
      throw unmet("unreachable", step, error.message);
    }
  }

  async #dial(name: string, timeout: number, signal: AbortSignal): Promise<HalfClosingLink> {
    const { datagrams } = this.#fixture;
    if (this.#stage !== undefined) return this.#stage.openPeer();
    return await (datagrams === undefined
      ? this.#connector.dial(timeout, signal, this.#resets.has(name))
      : this.#connector.openPort(datagrams, timeout, signal));
  }

  /** Leaves as a client of the dialect does. Closing a port tells the server nothing: each says its farewell at least. */
  async #leave(): Promise<void> {
    const { datagrams, leaving, lineEnd } = this.#fixture;
    if (leaving !== undefined) await takeLeave(this.#connections.all, leaving, lineEnd, this.#connector);
    if (datagrams === undefined) return;
    for (const connection of this.#connections.all.filter(({ state }) => state === "open")) {
      await connection.send(bytesOfAll(datagrams.farewell, {
        value: (what) => this.#values.get(`${connection.name}.${what}`),
      }));
    }
  }

  async #startClient(host: ClientHost): Promise<void> {
    const { timeout, names, roundTrips } = this.#connector;
    const { hasDatagrams = false, isUnreachable = false } = this.#fixture;
    const name = names.next(USER);
    this.recording.named(USER, name);
    this.#values.set(USER, encoder.encode(name));
    this.#stage = new ClientStage({
      host,
      name,
      hasDatagrams,
      isListening: !isUnreachable,
      timeout,
      runtime: this.#runtime,
      recording: this.recording,
      connection: (name, link) => {
        const connection = new Connection(name, this.recording.opened(name, link, "client"), {
          changed: () => this.#failHopeless(),
          flooded: (connection) => this.#stop(flooded(this.#fixture.steps.at(-1)!, connection)),
          roundTrips,
          runtime: this.#runtime,
          ignored: this.#ignored,
          hasDatagrams,
          peer: "client",
        });
        return connection;
      },
      named: (connection, name) => {
        connection.name = name;
        this.#connections.add(connection);
        this.#fences.delete(name);
      },
      changed: () => this.#failHopeless(),
      onFault: (error) => this.#stop(error),
    });
    await this.#stage.start();
  }

  #playClientStep(step: Parameters<typeof playClientStep>[0]): Promise<void> | void {
    return playClientStep(step, {
      stage: this.#stage!,
      patterns: this.#context,
      timeout: this.#connector.timeout,
      pause: (milliseconds) => this.#pause(milliseconds),
    });
  }

  #distinct(step: Distinct): void {
    const same = findSame(step.names, this.#values);
    if (same !== undefined) throw unmet("mismatch", step, `${same.names.join(" and ")} are both ${spell(same.value)}`);
  }

  #make(name: string): void {
    const value = this.#connector.names.next(name);
    this.recording.named(name, value);
    this.#values.set(name, encoder.encode(value));
  }

  async #send(step: Send): Promise<void> {
    const connection = this.#connections.get(step);
    const { timeout, roundTrips } = this.#connector;
    const options = { runtime: this.#runtime, timeout, roundTrips, signal: this.#stopped.signal };
    const { bytes, gap } = await fitLineEnd(this.#bytes(step.pieces), this.#fixture.lineEnd, connection, options);
    const cuts = this.#cut?.(step, bytes) ?? [];
    const segments = step.bytewise ? eachByte(bytes) : divide(bytes, cuts);
    this.#stage?.acted();
    const onStuck = (reason: Unmet) => this.#stop(reason);
    await sendSegments(step, connection, segments, {
      ...options,
      gap: gap ?? this.#stage?.gap,
      isCut: cuts.length > 0,
      onStuck,
    });
    connection.lastStep = bytes;
  }

  async #expect(step: Awaitable, retriedUntil: number | undefined): Promise<void> {
    const { match } = await this.#wait([this.#expectation(step)], step, retriedUntil);
    this.#keep(match, step.place);
  }

  async #silent(step: Silent): Promise<void> {
    const connection = this.#connections.get(step);
    this.#connections.mustBeQuiet(step, connection);
    const fence = this.#fences.get(step.connection);
    if (fence !== undefined) {
      await this.#steps(fence);
      this.#connections.mustBeQuiet(step, connection);
      if (
        fence.some(({ kind, ...rest }) =>
          kind === "expect" && "connection" in rest && rest.connection === step.connection
        )
      ) return;
    }
    await this.#silence();
    this.#connections.mustBeQuiet(step, connection);
  }

  /** Until a window of silence has passed since the last action: one for all connections on which nothing is to arrive. */
  async #silence(): Promise<void> {
    const window = Math.max(this.#connector.roundTrips.window, this.#stage?.silence ?? 0);
    const wait = this.#lastActionAt + window - this.#runtime.now();
    if (wait > 0) await this.#pause(wait);
    await turn(this.#runtime);
  }

  #part(step: Part): void {
    const connection = this.#connections.get(step);
    if (step.kind === "forget") return connection.forget();
    this.#connections.mustBeQuiet(step, connection);
    this.#stage?.acted();
    if (step.kind === "end") connection.end();
    else connection.part(step.kind);
  }

  /** Each line of the block, with what is below it, is a branch of its own. */
  async #all(step: All): Promise<void> {
    this.#branches.running += step.items.length - 1;
    await Promise.all(step.items.map(async ({ first, then }) => {
      await this.#expect(first, undefined);
      await this.#steps(then);
      this.#branches.running--;
      this.#failHopeless();
    }));
    this.#branches.running++;
  }

  async #choice(step: Choice): Promise<void> {
    const expectations: Awaited[] = [];
    const branches = new Map<Awaited | undefined, Choice["branches"][number]>();
    let silence: Connection | undefined;
    for (const branch of step.branches) {
      const { first } = branch;
      if (first.kind === "silent") {
        silence = this.#connections.get(first);
        branches.set(undefined, branch);
        continue;
      }
      const expectation = this.#expectation(first);
      expectations.push(expectation);
      branches.set(expectation, branch);
    }
    const { expectation, match } = await this.#wait(expectations, step, undefined, silence);
    const { label, first, then } = branches.get(expectation)!;
    if (step.name !== UNRECORDED) this.chosen.push({ choice: step.name, value: label, place: first.place });
    this.#keep(match, first.place);
    await this.#steps(then);
  }

  async #soon(step: Soon): Promise<void> {
    const until = this.#runtime.now() + this.#deadline(step);
    // What the last try still brings has come by the next.
    const { window } = this.#connector.roundTrips;
    const longest = Math.max(this.#connector.timeout / LEAST_TRIES, window);
    for (let moment = window;; moment = Math.min(moment * 2, longest)) {
      const before = this.#connections.all.length;
      try {
        return await this.#patiently(this.#steps(step.steps, until), step);
      } catch (error) {
        if (!(error instanceof Unmet) || this.#stopped.signal.aborted || this.#runtime.now() + moment > until) {
          throw error;
        }
        for (const connection of this.#connections.all.slice(before)) connection.part("close");
      }
      await this.#pause(moment);
      // A port is not opened anew: what is left of the last try is thrown away.
      for (const connection of this.#connections.all) if (connection.hasDatagrams) connection.discard();
    }
  }

  #wait(
    expectations: readonly Awaited[],
    step: WaitingStep,
    retriedUntil?: number,
    silence?: Connection,
  ): Promise<Fulfilled> {
    const wait = new StepWait(step, expectations, retriedUntil !== undefined);
    const isToConnect = expectations.some((expectation) => expectation instanceof AcceptWait);
    const deadline = retriedUntil === undefined
      ? Math.min(this.#deadline(step), isToConnect && this.#host ? this.#host.patience : Infinity)
      : Math.min(this.#deadline(step) / TRIES, Math.max(retriedUntil - this.#runtime.now(), 0));
    const timer = this.#runtime.after(deadline, () => wait.fail(this.#explain(wait, deadline)));
    const decidingWindow = Math.max(this.#connector.roundTrips.decidingWindow, this.#stage?.decidingTime ?? 0);
    const cancelSilence = silence && afterSilence(this.#runtime, decidingWindow, () => {
      if (silence.isQuiet && silence.state === "open") wait.meetSilence();
    });
    this.#branches.add(wait);
    wait.start();
    this.#failHopeless();
    const outcome = wait.outcome.finally(() => {
      timer.cancel();
      cancelSilence?.();
    });
    return this.#patiently(outcome, step);
  }

  /** Fails the steps that wait in vain. */
  #failHopeless(): void {
    for (let wait = this.#branches.hopeless; wait !== undefined; wait = this.#branches.hopeless) {
      wait.fail(this.#explain(wait));
    }
  }

  #explain(wait: StepWait, deadline?: number): Unmet {
    return explain(wait, this.#connections.all, dialectOf(this.#fixture.clause.slug), deadline);
  }

  #deadline(step: Step): number {
    return this.#connector.timeout * ("patient" in step && step.patient ? PATIENCE : 1);
  }

  #patiently<T>(waiting: Promise<T>, step: Step): Promise<T> {
    return "patient" in step && step.patient ? this.#connector.whilePatient(waiting) : waiting;
  }

  #expectation(step: Awaitable): Awaited {
    const read = (pieces: readonly Piece[]) => compile(pieces, this.#context);
    if (step.kind === "expect" || step.kind === "closed") {
      return new Expectation(this.#connections.get(step), step, step.kind === "closed" ? undefined : read(step.pieces));
    }
    return awaitClient(step, this.#stage!, read);
  }

  #keep(match: Match, place: Place): void {
    for (const [name, value] of match.values) this.#values.set(name, value);
    for (const [choice, value] of match.choices) this.chosen.push({ choice, value, place });
  }

  /** How long it took until all that was expected had arrived, on this connection or another one. */
  #sample(asked: Send, step: Expect): void {
    const [sentAt, arrivedAt] = [this.#connections.get(asked).lastSentAt, this.#connections.get(step).lastArrivalAt];
    const time = (arrivedAt ?? -Infinity) - (sentAt ?? 0);
    if (!step.patient && time > 0) this.#connector.roundTrips.sample(time);
  }

  #bytes(pieces: readonly Piece[]): Uint8Array {
    return bytesOfAll(pieces, this.#context);
  }

  async #nothingIsLeft(last: Step): Promise<void> {
    if (!this.#connections.areQuiet(last)) return;
    await this.#silence();
    this.#connections.areQuiet(last);
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(this.#runtime, milliseconds, this.#stopped.signal);
  }

  /** Ends all that goes on, for this reason; nothing happens if it has ended already. */
  #stop(reason: unknown): void {
    this.#stopped.abort(reason);
    for (const wait of this.#branches.waits) wait.fail(this.#stopped.signal.reason);
  }
}
