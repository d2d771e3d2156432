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
import type { Program } from "../pattern/program.ts";
import { resetConnections } from "../transcript/blocks.ts";
import { type Role, USER } from "../transcript/check.ts";
import type { All, Awaitable, Choice, Connect, Expect } from "../transcript/syntax.ts";
import { type Piece, type Send, type Silent, type Step, UNRECORDED } from "../transcript/syntax.ts";
import type { Chosen } from "./choice.ts";
import { Connection } from "./connection/connection.ts";
import { ClientStage } from "./client/client_stage.ts";
import { awaitClient, playClientStep } from "./client/client_steps.ts";
import { Connections } from "./connection/connections.ts";
import { DatagramLink, endpointsOf } from "./connection/datagram_link.ts";
import { flooded, unmet } from "./explain.ts";
import { NotSupported, Unmet, withLastOutput } from "./failure.ts";
import { leaveAll } from "./farewell.ts";
import { fitLineEnd } from "./connection/line_end.ts";
import { Recording } from "./connection/recording.ts";
import { type Cut, divide, eachByte } from "./connection/segments.ts";
import { sendSegments } from "./connection/sending.ts";
import { sleep, turn } from "./sleep.ts";
import type { TargetConnector } from "./connection/target_connector.ts";
import { Expectation } from "./expectation.ts";
import type { Awaited } from "./step_wait.ts";
import { FixtureValues } from "./values.ts";
import { Waits } from "./waits.ts";

/** What ends branches that are not through when a fixture is over. */
const OVER = new NotSupported("the fixture is over");

/** Plays one fixture, once. */
export class Player {
  /** What went over the wire. */
  readonly recording: Recording;
  readonly #fixture: Fixture;
  readonly #runtime: Runtime;
  readonly #connector: TargetConnector;
  readonly #values: FixtureValues;
  readonly #fences = new Map<string, readonly Step[]>();
  readonly #ignored: Program | undefined;
  /** The connections that the fixture resets. */
  readonly #resets: ReadonlySet<string>;
  readonly #waits: Waits;
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
    this.#resets = resetConnections(fixture.steps);
    this.#values = new FixtureValues(fixture.ignoreCaseAfter);
    this.#ignored = fixture.ignored && this.#values.compile(fixture.ignored);
    this.#waits = new Waits({
      connector,
      connections: this.#connections,
      dialect: dialectOf(fixture.clause.slug),
      connecting: host?.patience,
      stage: () => this.#stage,
    });
  }

  /** The choices that the server made. */
  get chosen(): readonly Chosen[] {
    return this.#values.chosen;
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
      this.#waits.stop(OVER);
      await leaveAll(this.#connections.all, this.#fixture, this.#values, this.#connector);
      await Promise.all([this.#connections.close(this.#connector, (one) => this.#keeps(one)), this.#stage?.leave()]);
      // What the server tells others of the connections that were closed must not reach the next fixture.
      const { aftermath } = this.#connector.roundTrips;
      if (this.#fixture.exclusive && aftermath > 0) await sleep(this.#runtime, aftermath);
    }
  }

  /** Whether a connection stays open, because leaving may hurt the server, and nothing that may do so has had its turn yet. */
  #keeps(connection: Connection): boolean {
    const { stays = false, phase = 0 } = this.#fixture;
    return stays && phase === 0 && (this.#connector.keep?.(connection) ?? false);
  }

  /** Plays no more of it, as if it were unsupported: its result is dropped. */
  breakOff(): void {
    this.#waits.stop(new NotSupported("the run was broken off"));
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
        if (step.kind !== "forget") this.#stage?.acted();
        return this.#connections.part(step);
      case "name":
        for (const name of step.names) this.#make(name);
        return;
      case "let":
        this.#values.set(step.name, this.#values.bytes(step.pieces));
        return;
      case "distinct":
        return this.#values.mustDiffer(step);
      case "unsupported":
        throw new NotSupported(step.reason);
      case "needs":
        return;
      case "all":
        return this.#all(step);
      case "choice":
        return this.#choice(step);
      case "soon":
        return this.#waits.retry(step, (until) => this.#steps(step.steps, until));
      case "fence":
        this.#fences.set(step.connection, step.steps);
        return;
    }
  }

  async #connect(step: Connect, retriedUntil = Infinity): Promise<void> {
    const { connection: name } = step;
    this.#connections.mustBeFree(step);
    const { signal } = this.#waits;
    const admitted = this.#stage === undefined ? await this.#connector.admit?.(signal) : undefined;
    try {
      const link = await this.#dial(
        name,
        Math.min(this.#connector.timeout, retriedUntil - this.#runtime.now()),
        signal,
      );
      if (signal.aborted) link.abort("done");
      signal.throwIfAborted();
      const hasDatagrams = link instanceof DatagramLink || link instanceof AnyPeerLink;
      const peer = this.#stage === undefined ? "server" : "client";
      const isLossy = link instanceof DatagramLink && link.isLossy;
      const connection = this.#connection(name, link, { asked: step, hasDatagrams, isLossy, peer });
      if (hasDatagrams) {
        for (const [value, text] of endpointsOf(name, link)) this.#values.set(value, text);
      }
      this.#add(connection);
      admitted?.opened(connection);
    } catch (error) {
      admitted?.failed();
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

  /** A connection of a link; `asked` is the step that is told of if its peer sends without end. */
  #connection(
    name: string,
    link: HalfClosingLink,
    { asked, hasDatagrams, isLossy = false, peer = "server" }: {
      asked: Step;
      hasDatagrams: boolean;
      isLossy?: boolean;
      peer?: Role;
    },
  ): Connection {
    return new Connection(name, this.recording.opened(name, link, peer), {
      runtime: this.#runtime,
      changed: () => this.#waits.failHopeless(),
      heard: () => this.#connector.patience?.heard(),
      flooded: (connection) => this.#waits.stop(flooded(asked, connection)),
      roundTrips: this.#connector.roundTrips,
      ignored: this.#ignored,
      hasDatagrams,
      isLossy,
      peer,
    });
  }

  #add(connection: Connection): void {
    this.#connections.add(connection);
    this.#fences.delete(connection.name);
  }

  async #startClient(host: ClientHost): Promise<void> {
    const { timeout, names } = this.#connector;
    const { hasDatagrams = false, isUnreachable = false, steps } = this.#fixture;
    const asked = steps.at(-1)!;
    const name = names.next(USER);
    this.recording.named(USER, name);
    this.#values.set(USER, name);
    this.#stage = new ClientStage({
      host,
      name,
      hasDatagrams,
      isListening: !isUnreachable,
      timeout,
      runtime: this.#runtime,
      recording: this.recording,
      connection: (name, link) => this.#connection(name, link, { asked, hasDatagrams, peer: "client" }),
      named: (connection, name) => {
        connection.name = name;
        this.#add(connection);
      },
      changed: () => this.#waits.failHopeless(),
      onFault: (error) => this.#waits.stop(error),
    });
    await this.#stage.start();
  }

  #playClientStep(step: Parameters<typeof playClientStep>[0]): Promise<void> | void {
    return playClientStep(step, {
      stage: this.#stage!,
      patterns: this.#values.patterns,
      timeout: this.#connector.timeout,
      pause: (milliseconds) => this.#waits.pause(milliseconds),
    });
  }

  #make(name: string): void {
    const value = this.#connector.names.next(name);
    this.recording.named(name, value);
    this.#values.set(name, value);
  }

  async #send(step: Send): Promise<void> {
    const connection = this.#connections.get(step);
    const { timeout, roundTrips } = this.#connector;
    const options = { runtime: this.#runtime, timeout, roundTrips, signal: this.#waits.signal };
    const { bytes, gap } = await fitLineEnd(
      this.#values.bytes(step.pieces),
      this.#fixture.lineEnd,
      connection,
      options,
    );
    const cuts = this.#cut?.(step, bytes) ?? [];
    const segments = step.bytewise ? eachByte(bytes) : divide(bytes, cuts);
    this.#stage?.sent();
    const onStuck = (reason: Unmet) => this.#waits.stop(reason);
    await sendSegments(step, connection, segments, {
      ...options,
      gap: gap ?? this.#stage?.gap,
      isCut: cuts.length > 0,
      onStuck,
    });
    connection.lastStep = bytes;
  }

  async #expect(step: Awaitable, retriedUntil: number | undefined): Promise<void> {
    const { match } = await this.#waits.wait([this.#expectation(step)], step, retriedUntil);
    this.#values.keep(match, step.place);
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
    if (wait > 0) await this.#waits.pause(wait);
    await turn(this.#runtime);
  }

  /** Each line of the block, with what is below it, is a branch of its own. */
  async #all(step: All): Promise<void> {
    this.#waits.branches.running += step.items.length - 1;
    await Promise.all(step.items.map(async ({ first, then }) => {
      await this.#expect(first, undefined);
      await this.#steps(then);
      this.#waits.branches.running--;
      this.#waits.failHopeless();
    }));
    this.#waits.branches.running++;
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
    const { expectation, match } = await this.#waits.wait(expectations, step, undefined, silence);
    const { label, first, then } = branches.get(expectation)!;
    if (step.name !== UNRECORDED) this.#values.chosen.push({ choice: step.name, value: label, place: first.place });
    this.#values.keep(match, first.place);
    await this.#steps(then);
  }

  #expectation(step: Awaitable): Awaited {
    const read = (pieces: readonly Piece[]) => this.#values.compile(pieces);
    if (step.kind === "expect" || step.kind === "closed") {
      return new Expectation(this.#connections.get(step), step, step.kind === "closed" ? undefined : read(step.pieces));
    }
    return awaitClient(step, this.#stage!, read);
  }

  /** How long it took until all that was expected had arrived, on this connection or another one. */
  #sample(asked: Send, step: Expect): void {
    const [sentAt, arrivedAt] = [this.#connections.get(asked).lastSentAt, this.#connections.get(step).lastArrivalAt];
    const time = (arrivedAt ?? -Infinity) - (sentAt ?? 0);
    if (!step.patient && time > 0) this.#connector.roundTrips.sample(time);
  }

  async #nothingIsLeft(last: Step): Promise<void> {
    if (!this.#connections.areQuiet(last)) return;
    await this.#silence();
    this.#connections.areQuiet(last);
  }
}
