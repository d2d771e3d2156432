/**
 * Many clients at once: users act at random from a seed, and what happens is written down.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime, Timer } from "../../lib/core/runtime.ts";
import { ConnectionPacer } from "../play/connection/connection_pacer.ts";
import type { Driver } from "./driver.ts";
import { clientFaults, type FaultKind } from "./faults.ts";
import { type Freeze, Freezes } from "./freezes.ts";
import type { OperationHistory } from "./history.ts";
import { Plan, type PlannedStep, type UserStep } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import { settle } from "./settling.ts";
import { StressedClient } from "./stressed_client.ts";

/** How a run is made. */
export interface StressOptions {
  /** How many users there are. */
  readonly users: number;
  /** What chance begins with. */
  readonly seed: number;
  /** How long users act, in milliseconds. */
  readonly duration: number;
  /** How long an answer may take once everything is calm, in milliseconds. */
  readonly timeout: number;
  /** What is done to connections. */
  readonly faults: readonly FaultKind[];
  /** What each user does, in place of what chance has it do. */
  readonly script?: readonly (readonly PlannedStep[])[] | undefined;
  /** A script is begun again and again for so long, in milliseconds; once without. */
  readonly repeatFor?: number | undefined;
  /** Whether what has happened is enough: users stop, and no answers are waited for. Asked now and then. */
  readonly isEnough?: ((history: OperationHistory) => boolean) | undefined;
  /** Ends it early. */
  readonly interrupted?: AbortSignal | undefined;
  /** Told from time to time how far it has come. */
  readonly onProgress?: ((history: OperationHistory) => void) | undefined;
}

/** How a server is reached, and time. */
export interface StressSurroundings {
  /** Time and chance. */
  readonly runtime: Runtime;
  /** Connects to the server. */
  connect(canReset: boolean): Promise<HalfClosingLink>;
  /** Stops the server, and has it go on, where that is possible. */
  readonly freeze?: Freeze | undefined;
}

/** Beats are so far apart, in milliseconds: at each, those who wait for it act at one instant. */
const BEAT = 25;
/** Those who want a name that others want meet so often, in milliseconds. */
const MEETING = 100;
/** So many messages of one user may be unanswered before it waits. */
const MAX_OUTSTANDING = 6;
/** A share of clients that can be reset. */
const RESETTABLE = 0.25;
/** After so many attempts to connect in vain, the server is gone. */
const MAX_UNREACHABLE = 20;
const PROGRESS = 250;
/** It is asked so often whether enough has happened, in milliseconds. */
const LOOKS = 10;
/** At every other time, each step of a script comes up to so much later, in milliseconds: threads meet in other ways then. */
const JITTER = 2;
/** Where nobody says what has arrived, a script is begun again after so long, in milliseconds. */
const BETWEEN = 10;
/** Those of a script begin when all are there, and so late at most if some cannot come, in milliseconds. */
const GATHERING = 1_000;

/** A run that has ended: its history, and why it ended early. */
export interface StressRun {
  /** What happened. */
  readonly history: OperationHistory;
  /** What the users have done, each in its order. */
  readonly steps: readonly (readonly PlannedStep[])[];
  /** When the script was begun, each time. */
  readonly rounds: readonly number[];
  /** Whether it ended while answers were still coming: those that are not there are nobody's fault. */
  readonly isUnfinished: boolean;
  /** Why no more connections could be opened. */
  readonly unreachable?: string;
}

/** Has users act for a while, then waits for what is still to come. Throws `unreachable` if not even the first connection can be opened. */
export async function stress(
  driver: Driver,
  surroundings: StressSurroundings,
  options: StressOptions,
): Promise<StressRun> {
  const run = new Run(driver, surroundings, options);
  return await run.play();
}

class Run {
  readonly #driver: Driver;
  readonly #runtime: Runtime;
  readonly #options: StressOptions;
  readonly #recorder: Recorder;
  readonly #plan: Plan;
  readonly #prefix: string;
  readonly #freezes: Freezes | undefined;
  readonly #clients: (StressedClient | undefined)[];
  readonly #done: PlannedStep[][];
  readonly #world;
  /** Who waits for something of its own client: of very many, each is asked only when there is something new of it. */
  readonly #waiting = new Map<number, () => void>();
  /** Who waits for something of all. */
  #waitingForAll: (() => void)[] = [];
  /** When all of a script were there to begin it, each time. */
  readonly #begun: number[] = [];
  /** How often it was done by all, and how many users have done their part of it this time. */
  #rounds = 0;
  #finished = 0;
  #isStopping = false;
  #wasReached = false;
  #inVain = 0;
  #unreachable: string | undefined;

  constructor(driver: Driver, { runtime, connect, freeze }: StressSurroundings, options: StressOptions) {
    const { seed, users, faults } = options;
    this.#driver = driver;
    this.#runtime = runtime;
    this.#options = options;
    const { hasAcknowledgements, isConnectionless = false } = driver;
    this.#recorder = new Recorder(runtime, hasAcknowledgements, isConnectionless);
    if (freeze !== undefined && faults.includes("freeze")) {
      this.#freezes = new Freezes(freeze, runtime, this.#recorder, seed);
    }
    this.#plan = new Plan({ ...driver.abilities, seed, users, faults: clientFaults(faults, isConnectionless) });
    // Names of an earlier run against the same server may still be taken.
    this.#prefix = Math.floor(runtime.random() * 36 ** 5).toString(36).padStart(5, "x");
    this.#clients = Array.from({ length: users }, () => undefined);
    this.#done = Array.from({ length: users }, () => []);
    this.#world = {
      runtime,
      recorder: this.#recorder,
      pacer: new ConnectionPacer(runtime),
      changed: (user: number) => this.#changed(user),
      isFrozen: () => this.#freezes?.isStopped ?? false,
      connect: (canReset: boolean) => this.#connect(() => connect(canReset)),
    };
  }

  async play(): Promise<StressRun> {
    const { duration, users, interrupted, onProgress, isEnough } = this.#options;
    const stop = () => {
      this.#isStopping = true;
      this.#changed();
    };
    const timers: Timer[] = [
      this.#runtime.after(duration, stop),
      this.#runtime.every(PROGRESS, () => onProgress?.(this.#recorder)),
    ];
    if (isEnough !== undefined) timers.push(this.#runtime.every(LOOKS, () => isEnough(this.#recorder) && stop()));
    interrupted?.addEventListener("abort", stop);
    try {
      await Promise.all(Array.from({ length: users }, (_, user) => this.#act(user)));
      this.#freezes?.end();
      for (const client of this.#clients) client?.calm();
      this.#recorder.settling = this.#recorder.moment();
      const isOver = this.#unreachable !== undefined || interrupted?.aborted || isEnough?.(this.#recorder);
      const isSettled = isOver || await settle(this.#recorder, this.#clients, this.#runtime, this.#options);
      this.#recorder.end = this.#recorder.moment();
      const history = structuredClone({ ...this.#recorder }) as OperationHistory;
      if (!this.#wasReached) throw new ChatError("unreachable", this.#unreachable ?? "the server was not reached");
      const isUnfinished = !isSettled || interrupted?.aborted === true;
      const ending = { history, steps: this.#done, rounds: this.#begun, isUnfinished };
      return { ...ending, ...this.#unreachable !== undefined && { unreachable: this.#unreachable } };
    } finally {
      this.#freezes?.end();
      interrupted?.removeEventListener("abort", stop);
      timers.forEach((timer) => timer.cancel());
      await this.#leave();
    }
  }

  async #leave(): Promise<void> {
    for (const client of this.#clients) client?.part();
    const until = this.#recorder.elapsed + 3_000;
    while (this.#clients.some((client) => client?.isGone === false) && this.#recorder.elapsed < until) {
      await this.#sleep(5);
    }
  }

  /** What one user does until the run stops. */
  async #act(user: number): Promise<void> {
    const { script } = this.#options;
    for (let number = 0; !this.#isStopping; number++) {
      await this.#come(user);
      if (this.#isStopping) return;
      const planned = script === undefined ? this.#plan.step(user, number) : script[user]?.[number];
      if (planned === undefined) {
        if (!await this.#isRepeated()) return;
        number = -1;
        continue;
      }
      if (script !== undefined) {
        const jitter = this.#rounds % 2 === 0 ? 0 : this.#runtime.random() * JITTER;
        const wait = await this.#gathered() + (planned.at ?? 0) + jitter - this.#recorder.elapsed;
        if (wait > 0) await this.#sleep(wait);
      } else {
        if (planned.pause > 0) await this.#sleep(planned.pause);
        if (planned.atBeat) await this.#sleep(BEAT - this.#recorder.elapsed % BEAT);
      }
      if (this.#isStopping) return;
      const step = script === undefined && planned.atBeat ? this.#atBeat(user, planned.step) : planned.step;
      this.#done[user]!.push({ ...planned, step, at: this.#recorder.elapsed });
      await this.#perform(user, step);
      const client = this.#clients[user];
      await this.#until(user, () => client === undefined || client.outstanding < MAX_OUTSTANDING || !client.isThere);
      // Where nobody answers, nothing would ever wait.
      if (!this.#driver.hasAcknowledgements) await this.#sleep(2);
    }
  }

  /** When all of a script are there: nobody of it begins before. */
  async #gathered(): Promise<number> {
    const round = this.#rounds;
    const begin = () => {
      if (this.#begun.length === round) this.#begun.push(this.#recorder.moment());
      this.#changed();
    };
    const timer = this.#runtime.after(GATHERING, begin);
    await this.#untilAll(() => this.#begun.length > round || this.#clients.every((client) => client?.isThere));
    timer.cancel();
    begin();
    return this.#begun[round]!;
  }

  /** Waits until the whole script is done and answered, and says whether it is begun once more. */
  async #isRepeated(): Promise<boolean> {
    const round = this.#rounds;
    if (!this.#driver.hasAcknowledgements) await this.#sleep(BETWEEN);
    this.#finished++;
    this.#changed();
    await this.#untilAll(() => this.#rounds > round || this.#finished === this.#options.users && this.#isCalm);
    // The first who sees that it is over decides for all.
    const isBegun = this.#rounds > round;
    const isMore = isBegun || !this.#isStopping && this.#recorder.elapsed < (this.#options.repeatFor ?? 0);
    if (isMore && !isBegun) {
      this.#rounds++;
      this.#finished = 0;
    }
    this.#changed();
    return isMore;
  }

  /** Whether nobody of a script waits for an answer. */
  get #isCalm(): boolean {
    return this.#clients.every((client) => client?.isThere !== true || client.outstanding === 0);
  }

  async #perform(user: number, step: UserStep): Promise<void> {
    const client = this.#clients[user];
    if (client === undefined || !client.isThere) return;
    if (step.kind === "send") {
      const to = this.#recipient(step.to);
      for (let i = 0; i < step.count && client.isThere; i++) client.send(to, step.size, step.filling);
    } else if (step.kind === "disturb") client.disturb(step.fault, step.time);
    else if (step.kind === "return") {
      if (step.by === "leave") client.part();
      else client.breakOff(step.by);
      await this.#come(user, step.as === "own" ? undefined : await this.#hotName(step.as));
    } else await this.#inGroup(client, step.kind, `${this.#prefix}g${step.group}`);
  }

  async #inGroup(client: StressedClient, kind: "join" | "leave" | "members", group: string): Promise<void> {
    let isDone = false;
    void client.act(kind, group).then(() => {
      isDone = true;
      this.#changed(client.life.user);
    });
    await this.#until(client.life.user, () => isDone || client.isGone);
  }

  /** At a beat, all who send to somebody send to the same one. */
  #atBeat(user: number, step: UserStep): UserStep {
    if (step.kind !== "send" || typeof step.to !== "number") return step;
    const target = this.#plan.target(Math.round(this.#recorder.elapsed / BEAT));
    return target === user ? step : { ...step, to: target };
  }

  /** The name of a recipient. */
  #recipient(to: number | "all" | "nobody"): string | undefined {
    if (to === "all") return undefined;
    if (to === "nobody") return `${this.#prefix}nobody`;
    return this.#clients[to]?.name ?? this.#ownName(to);
  }

  /** At the next meeting, the name that all want who meet there: one that is new, or that somebody has had before. */
  async #hotName(number: number): Promise<string> {
    await this.#sleep(MEETING - this.#recorder.elapsed % MEETING);
    const isNew = number > 0;
    return `${this.#prefix}hot${isNew ? Math.round(this.#recorder.elapsed / MEETING) : "est"}`;
  }

  #ownName(user: number, attempt = 0): string {
    return `${this.#prefix}u${user}${"abcdefgh".charAt(attempt)}`;
  }

  /** Makes sure that a user is there, under a name that it wants, or its own. */
  async #come(user: number, wanted?: string): Promise<void> {
    for (let attempt = 0; !this.#isStopping && this.#clients[user]?.isThere !== true; attempt++) {
      const name = wanted !== undefined && attempt === 0 ? wanted : this.#ownName(user, Math.max(attempt - 2, 0) % 8);
      const canReset = this.#runtime.random() < RESETTABLE;
      const client = this.#clients[user] = new StressedClient(this.#world, user, name, canReset);
      const coming = client.come(this.#driver).catch((error) => {
        if (!(error instanceof ChatError)) throw error;
        return false;
      });
      let isSettled = false;
      void coming.finally(() => {
        isSettled = true;
        this.#changed(user);
      });
      await this.#until(user, () => isSettled || client.isGone);
      if (client.isThere) return;
      await this.#sleep(5 + 20 * attempt);
    }
  }

  async #connect(connect: () => Promise<HalfClosingLink>): Promise<HalfClosingLink> {
    try {
      const link = await connect();
      // What is only starting need not be stopped.
      if (!this.#wasReached) this.#freezes?.start();
      this.#wasReached = true;
      this.#inVain = 0;
      return link;
    } catch (error) {
      const isStopped = this.#freezes?.isStopped ?? false;
      const isGone = error instanceof ChatError && error.code !== "shortage" && !isStopped;
      if (isGone && ++this.#inVain >= MAX_UNREACHABLE || !this.#wasReached) {
        this.#unreachable ??= error instanceof Error ? error.message : String(error);
        this.#isStopping = true;
        this.#changed();
      }
      throw error;
    }
  }

  /** Waits until something is so of the client of a user, or the run stops. */
  async #until(user: number, isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#isStopping) await new Promise<void>((resolve) => this.#waiting.set(user, resolve));
    this.#waiting.delete(user);
  }

  /** Waits until something is so of all together, or the run stops. */
  async #untilAll(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#isStopping) await new Promise<void>((resolve) => this.#waitingForAll.push(resolve));
  }

  /** Has those look again who wait for something of one user, or of any if none is named. */
  #changed(user?: number): void {
    if (user === undefined) this.#waiting.forEach((resolve) => resolve());
    else this.#waiting.get(user)?.();
    for (const resolve of this.#waitingForAll.splice(0)) resolve();
  }

  #sleep(time: number): Promise<void> {
    return new Promise((resolve) => void this.#runtime.after(time, resolve));
  }
}
