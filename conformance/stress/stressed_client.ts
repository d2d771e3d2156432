/**
 * A client under one name, with its connections and what is done to them.
 *
 * @module
 */

import { CLOSE_REASONS } from "../../lib/core/close_reason.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime, Timer } from "../../lib/core/runtime.ts";
import type { ConnectionPacer } from "../play/connection/connection_pacer.ts";
import { bodyOf, type Filling, readBody } from "./bodies.ts";
import type { Driver, StressClient, StressHost } from "./driver.ts";
import { type DatagramDisturbance, strays } from "./faults.ts";
import type { Arrival, Claim, GroupOperation, HistoryFault, Life, Sending } from "./history.ts";
import type { Disturbance, Parting } from "./plan.ts";
import type { Recorder } from "./recorder.ts";
import { StressLink } from "./stress_link.ts";
import { spell } from "../transcript/escape.ts";

/** A slow reader takes something and nothing by turns, so long, in milliseconds. */
const SLOW_TURN = 15;
/** What is shown of something that nobody has sent, in bytes. */
const SHOWN = 60;

/** Whoever waits for its turn to connect gets it in the end. */
const NEVER = new AbortController().signal;

/** What all clients of a run share. */
export interface StressWorld {
  /** Time. */
  readonly runtime: Runtime;
  /** The history. */
  readonly recorder: Recorder;
  /** Lets no more connections wait to be accepted than a server has room for: who comes when there is none waits for seconds. */
  readonly pacer: ConnectionPacer;
  /** Connects to the server. */
  connect(canReset: boolean): Promise<HalfClosingLink>;
  /** Told that something has changed of one user for which somebody may wait. */
  changed(user: number): void;
  /** Whether the server is stopped at the moment. */
  isFrozen(): boolean;
}

/** A client; it writes its history. */
export class StressedClient implements StressHost {
  /** What is known of it. */
  readonly life: Life;
  readonly #world: StressWorld;
  readonly #links = new Set<StressLink>();
  readonly #faults = new Map<HistoryFault, () => void>();
  readonly #canReset: boolean;
  #client: StressClient | undefined;
  /** How many of its messages are not answered. */
  outstanding = 0;

  /** Connects to nothing yet. */
  constructor(world: StressWorld, user: number, name: string, canReset: boolean) {
    this.#world = world;
    this.#canReset = canReset;
    this.life = world.recorder.come(user, name);
  }

  get name(): string {
    return this.life.name;
  }

  /** Whether it is there, and has not begun to leave. */
  get isThere(): boolean {
    return this.life.held !== undefined && this.life.parting === undefined && this.life.gone === undefined;
  }

  /** Whether it has been closed, by whomever. */
  get isGone(): boolean {
    return this.life.gone !== undefined;
  }

  /** Comes; says whether the server has accepted it. Waits as long as it takes. Throws `unreachable`. */
  async come(driver: Driver): Promise<boolean> {
    try {
      this.#client = await driver.come(this);
    } catch (error) {
      this.part();
      throw error;
    }
    if (this.#client === undefined) {
      this.part();
      return false;
    }
    this.life.name = this.#client.name;
    this.life.held = this.#world.recorder.moment();
    return !this.isGone;
  }

  /** Sends a message. */
  send(to: string | undefined, size: number, filling: Filling): void {
    const client = this.#client;
    if (client === undefined) return;
    const isForGroup = to === undefined && client.act !== undefined;
    if (isForGroup && client.group === undefined) return;
    const sending = this.#world.recorder.send(this.life, to, size, isForGroup ? client.group : undefined);
    this.outstanding++;
    client.send(to, bodyOf(sending.id, size, filling), sending);
  }

  /** Leaves in good order. */
  part(): void {
    if (this.life.parting !== undefined) return;
    this.life.parting = this.#world.recorder.moment();
    const said = this.life.held === undefined ? undefined : this.#client?.leave();
    if (said === undefined) return this.#end();
    void said.then((isReleased) => {
      if (isReleased) this.life.released = this.#world.recorder.moment();
      this.#end();
    });
  }

  /** Joins a group, leaves it, or asks who its members are; done once that is answered. */
  async act(kind: GroupOperation["kind"], group: string): Promise<void> {
    await this.#client?.act?.(kind, group);
  }

  #end(): void {
    for (const link of this.#links) link.end();
    this.#closed();
  }

  /** Breaks off in one of the ways there are. */
  breakOff(fault: Parting): void {
    if (!this.isThere) return;
    this.#world.recorder.fault(this.life, fault);
    if (fault === "cut") {
      for (const link of this.#links) link.cutNext();
      this.send(undefined, 200, "words");
    }
    this.life.parting = this.#world.recorder.moment();
    for (const link of this.#links) {
      if (fault === "reset") link.reset();
      else if (fault === "half-close") link.finish();
      else link.end();
    }
    // A server that does not close its side too is not waited for.
    if (fault === "half-close") this.#world.runtime.after(100, () => this.#links.forEach((link) => link.end()));
  }

  /** Does something to its connections for a while. */
  disturb(kind: Disturbance, time: number): void {
    const { runtime, recorder } = this.#world;
    const fault = recorder.fault(this.life, kind);
    const each = (act: (link: StressLink) => void) => this.#links.forEach(act);
    const direct = (fault: DatagramDisturbance | undefined) =>
      each(({ datagrams }) => {
        if (datagrams !== undefined) datagrams.fault = fault;
      });
    let isPaused = kind === "stall" || kind === "slow-read";
    if (isPaused) each((link) => link.pause());
    else if (strays(kind)) direct(kind);
    else each((link) => link.isByteWise = true);
    const turns = kind !== "slow-read" ? undefined : runtime.every(SLOW_TURN, () => {
      isPaused = !isPaused;
      each((link) => isPaused ? link.pause() : link.resume());
    });
    const stop = () => {
      turns?.cancel();
      timer.cancel();
      each((link) => {
        link.isByteWise = false;
        link.resume();
      });
      direct(undefined);
      this.#faults.delete(fault);
      fault.end = recorder.moment();
    };
    const timer = runtime.after(time, stop);
    this.#faults.set(fault, stop);
  }

  /** Ends all that is being done to it. */
  calm(): void {
    for (const stop of [...this.#faults.values()]) stop();
    for (const link of this.#links) link.flush();
  }

  async dial(receive: (bytes: Uint8Array) => void, closed: () => void = () => {}): Promise<StressLink> {
    // Where many come, whoever is half there is there first: or else nobody is for long.
    const admitted = await this.#world.pacer.admit(NEVER, this.#links.size > 0);
    if (this.life.parting !== undefined) {
      admitted.failed();
      throw new ChatError("unreachable", `${this.name} has left before its turn to connect came`);
    }
    const opened = await this.#world.connect(this.#canReset).catch((error) => {
      admitted.failed();
      throw error;
    });
    const spoken = Promise.withResolvers<void>();
    admitted.opened({ spoken: spoken.promise });
    this.life.reached ??= this.#world.recorder.moment();
    const link: StressLink = new StressLink(opened, this.#world.runtime, {
      receive: (bytes) => {
        spoken.resolve();
        if (this.life.held === undefined) this.life.heard = this.#world.recorder.moment();
        if (!this.isGone) receive(bytes);
      },
      closed: (reason) => {
        spoken.resolve();
        this.#links.delete(link);
        if (this.life.parting === undefined) this.life.closedByServer ??= CLOSE_REASONS[reason];
        if (this.life.closedByServer !== undefined) this.#links.forEach((other) => other.end());
        closed();
        this.#closed();
      },
    });
    this.#links.add(link);
    if (this.life.parting !== undefined) link.end();
    return link;
  }

  get isFrozen(): boolean {
    return this.#world.isFrozen();
  }

  after(delay: number, callback: () => void): Timer {
    return this.#world.runtime.after(delay, callback);
  }

  claim(key: string): Claim {
    return this.#world.recorder.claim(this.life, key);
  }

  answer(operation: Claim | Sending | GroupOperation, outcome: "ok" | "fail", words?: string): void {
    operation.end = this.#world.recorder.moment();
    operation.outcome = outcome;
    if ("size" in operation) {
      this.outstanding--;
      if (words !== undefined) operation.words = spellText(words);
    }
    this.#world.changed(this.life.user);
  }

  asks(kind: GroupOperation["kind"], group: string): GroupOperation {
    return this.#world.recorder.ask(this.life, kind, group);
  }

  unanswered(operation: Sending | GroupOperation): void {
    operation.isGivenUp = true;
    if ("size" in operation) this.outstanding--;
    this.#world.changed(this.life.user);
  }

  outOf(group: string): void {
    (this.life.outOf ??= []).push({ group, at: this.#world.recorder.moment() });
  }

  arrive(from: string, body: Uint8Array): Arrival {
    const sending = readBody(body);
    const garbled = `${spell(body.subarray(0, SHOWN))}${body.length > SHOWN ? "…" : ""} (${body.length} bytes, from ${
      spellText(from)
    })`;
    return this.#world.recorder.arrive(this.life, sending === undefined ? { from, garbled } : { from, sending });
  }

  acknowledge(arrival: Arrival): void {
    arrival.acknowledged = this.#world.recorder.moment();
  }

  garbled(words: string): void {
    // What comes while it leaves may be cut short.
    if (this.life.parting !== undefined) return;
    this.#world.recorder.arrive(this.life, { from: "the server", garbled: spellText(words).slice(0, 2 * SHOWN) });
    this.part();
  }

  #closed(): void {
    if (this.#links.size > 0) return;
    this.calm();
    this.life.gone ??= this.#world.recorder.moment();
    this.#world.changed(this.life.user);
  }
}

function spellText(text: string): string {
  return spell(new TextEncoder().encode(text));
}
