/**
 * All that the steps of one fixture wait for, until it is over.
 *
 * @module
 */

import { AcceptWait } from "./client/accept_wait.ts";
import type { ClientStage } from "./client/client_stage.ts";
import type { Connection } from "./connection/connection.ts";
import type { Connections } from "./connection/connections.ts";
import type { TargetConnector } from "./connection/target_connector.ts";
import { explain } from "./explain.ts";
import { Unmet } from "./failure.ts";
import { afterSilence, sleep } from "./sleep.ts";
import { type Awaited, type Fulfilled, ParallelBranches, StepWait, type WaitingStep } from "./step_wait.ts";
import type { Soon, Step } from "../transcript/syntax.ts";

/** How many deadlines a step may take that waits for the server to lose patience: 16 s by default, as most wait 5, 10 or 15 s. */
const PATIENCE = 3.2;
/** How many times a step of a `soon:` could be tried at least within its deadline, if each takes as long as it may. */
const TRIES = 4;
/** The same if each fails at once. */
const LEAST_TRIES = 100;
/** How long after a datagram without an answer it is sent again, as the document's client does it, in milliseconds. */
const BETWEEN_REQUESTS = 500;
/** How often it is asked for at least. */
const REQUESTS = 3;
/** How long what a server said before it ended may take to arrive, in milliseconds. */
const LAST_WORDS = 100;

/** What is waited with. */
export interface WaitsContext {
  /** The target. */
  readonly connector: TargetConnector;
  /** The fixture's connections. */
  readonly connections: Connections;
  /** The dialect, for what is said of a step that does not come true. */
  readonly dialect: string;
  /** How long a client may take to connect, in milliseconds, if the fixture plays against one. */
  readonly connecting: number | undefined;
  /** That client, once it has been started. */
  stage(): ClientStage | undefined;
}

/** The waits of one fixture, which may be several at a time. */
export class Waits {
  /** The branches that run at the same time. */
  readonly branches: ParallelBranches = new ParallelBranches();
  readonly #context: WaitsContext;
  readonly #stopped = new AbortController();
  /** What ends each wait before its deadline. */
  readonly #cuts = new Set<() => void>();
  /** Whether nobody is there any more who could say anything. */
  #isDeserted = false;

  constructor(context: WaitsContext) {
    this.#context = context;
    context.connector.ended?.then(() => this.#desert());
  }

  /** What is waited for now, or from now on, fails in a moment. */
  #desert(): void {
    this.#isDeserted = true;
    for (const cut of this.#cuts) cut();
  }

  /** Aborted once nothing is to go on any more. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /**
   * Waits for the first of these to come true.
   *
   * @param retriedUntil until when the step is tried again, as the runtime tells it, if it is.
   * @param silence where silence would be what is waited for as well.
   */
  wait(
    expectations: readonly Awaited[],
    step: WaitingStep,
    retriedUntil?: number,
    silence?: Connection,
  ): Promise<Fulfilled> {
    const { connector: { runtime, roundTrips, patience }, connecting = Infinity, stage } = this.#context;
    const wait = new StepWait(step, expectations, retriedUntil !== undefined);
    const isToConnect = expectations.some((expectation) => expectation instanceof AcceptWait);
    const deadline = retriedUntil === undefined
      ? Math.min(this.deadline(step), isToConnect ? connecting : Infinity)
      : Math.min(this.deadline(step) / TRIES, Math.max(retriedUntil - runtime.now(), 0));
    const endWatch = this.#watch(wait, deadline);
    const { all } = this.#context.connections;
    const asking = all.some(({ isLossy }) => isLossy)
      ? runtime.every(BETWEEN_REQUESTS, () => all.forEach((connection) => connection.askAgain()))
      : undefined;
    const decidingWindow = Math.max(roundTrips.decidingWindow, stage()?.decidingTime ?? 0);
    const cancelSilence = silence && afterSilence(runtime, decidingWindow, () => {
      if (silence.isQuiet && silence.state === "open") wait.meetSilence();
    });
    this.branches.add(wait);
    wait.start();
    this.failHopeless();
    const outcome = wait.outcome.then((fulfilled) => {
      patience?.met(step);
      return fulfilled;
    }).finally(() => {
      endWatch();
      asking?.cancel();
      cancelSilence?.();
    });
    return this.patiently(outcome, step);
  }

  /** Fails a wait when its deadline is over, or before that if others have shown that it is in vain. Gives what ends it. */
  #watch(wait: StepWait, deadline: number): () => void {
    const { runtime, patience } = this.#context.connector;
    let resume: (() => void) | undefined;
    let timer = { cancel: () => {} };
    // What is lost on its way is asked for again before anything is in vain.
    const least = this.#context.connections.all.some(({ isLossy }) => isLossy) ? REQUESTS * BETWEEN_REQUESTS : 1;
    const began = runtime.now();
    const fail = (waited: number, insteadOf?: number) =>
      this.#fail(wait, waited, insteadOf, Math.max(runtime.now() - began - waited, 0));
    const waitOn = (waited: number) => {
      const left = (patience?.enough(wait.step, deadline) ?? deadline) - waited;
      const next = Math.min(deadline - waited, Math.max(Math.min(patience?.long ?? Infinity, left), least));
      timer = runtime.after(next, () => {
        const until = waited + next;
        if (until >= deadline) return fail(deadline);
        if (until >= patience!.enough(wait.step, deadline)) return fail(until, deadline);
        // All tries of a step together say so.
        if (!wait.isRetried) resume ??= patience!.stalled(isPatient(wait.step));
        waitOn(until);
      });
    };
    const cut = () => {
      timer.cancel();
      const until = Math.min(runtime.now() - began + LAST_WORDS, deadline);
      timer = runtime.after(until - (runtime.now() - began), () => fail(until));
    };
    this.#cuts.add(cut);
    if (this.#isDeserted) cut();
    else waitOn(0);
    return () => {
      this.#cuts.delete(cut);
      timer.cancel();
      resume?.();
    };
  }

  /** Fails the steps that wait in vain. */
  failHopeless(): void {
    for (let wait = this.branches.hopeless; wait !== undefined; wait = this.branches.hopeless) this.#fail(wait);
  }

  #fail(wait: StepWait, waited?: number, insteadOf?: number, late = 0): void {
    const { connections, dialect } = this.#context;
    const unmet = explain(wait, connections.all, dialect, waited, insteadOf);
    wait.fail(late > 0 ? new Unmet({ ...unmet.failure, late }) : unmet);
  }

  /** How long a step may take, in milliseconds. */
  deadline(step: Step): number {
    return this.#context.connector.timeout * (isPatient(step) ? PATIENCE : 1);
  }

  /** Lets others have a turn where a step may take as long as a server takes to lose patience. */
  patiently<T>(waiting: Promise<T>, step: Step): Promise<T> {
    return isPatient(step) ? this.#context.connector.whilePatient(waiting) : waiting;
  }

  /** Tries the steps of a `soon:` again and again until they work, or the deadline is over. */
  async retry(step: Soon, attempt: (until: number) => Promise<void>): Promise<void> {
    const { connector: { runtime, roundTrips: { window }, timeout, patience }, connections } = this.#context;
    const [began, deadline] = [runtime.now(), this.deadline(step)];
    const until = began + deadline;
    // What the last try still brings has come by the next.
    const longest = Math.max(timeout / LEAST_TRIES, window);
    let resume: (() => void) | undefined;
    const stall = () => resume = patience!.stalled(false);
    const timer = patience && !isPatient(step) ? runtime.after(patience.long, stall) : undefined;
    try {
      for (let moment = window;; moment = Math.min(moment * 2, longest)) {
        const before = connections.all.length;
        try {
          await this.patiently(attempt(until), step);
          // What no step of this try has wanted would not have come behind what they did, but between.
          for (const connection of connections.all) if (connection.isLossy) connections.mustBeQuiet(step, connection);
          return;
        } catch (error) {
          if (!(error instanceof Unmet) || this.signal.aborted) throw error;
          const waited = runtime.now() - began;
          if (this.#isDeserted) throw error;
          if (runtime.now() + moment > until) throw new Unmet({ ...error.failure, waited: deadline });
          if (waited >= (patience?.enough(step, deadline) ?? Infinity)) {
            throw new Unmet({ ...error.failure, waited, insteadOf: deadline });
          }
          for (const connection of connections.all.slice(before)) connection.part("close");
        }
        await this.pause(moment);
        // A port is not opened anew: what is left of the last try is thrown away.
        for (const connection of connections.all) if (connection.hasDatagrams) connection.discard();
      }
    } finally {
      timer?.cancel();
      resume?.();
    }
  }

  /** Waits so many milliseconds. */
  async pause(milliseconds: number): Promise<void> {
    await sleep(this.#context.connector.runtime, milliseconds, this.signal);
  }

  /** Ends all that goes on, for this reason; nothing happens if it has ended already. */
  stop(reason: unknown): void {
    this.#stopped.abort(reason);
    for (const wait of this.branches.waits) wait.fail(this.signal.reason);
  }
}

function isPatient(step: Step): boolean {
  return "patient" in step && step.patient;
}
