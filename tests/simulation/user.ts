/**
 * Somebody who comes, says something, is said something, and goes; and comes again under the same name.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import type { CloseReason } from "../../lib/core/close_reason.ts";
import type { Network, Runtime } from "../../lib/core/runtime.ts";
import type { Chance } from "../../lib/simulation/chance.ts";
import type { SimulatedNetwork } from "../../lib/simulation/network.ts";
import { Inbox, type Life, type MessageTracker } from "./message_tracker.ts";
import type { Behaviour } from "./behaviour.ts";

/** Whom a message is for. */
export interface Somebody {
  /** The name by which everybody reaches them. */
  readonly name: string;
  /** Their frame ID, if they have any. */
  readonly frameId: number | undefined;
}

/** What all users share. */
export interface SimulationContext {
  /** The time. */
  readonly runtime: Runtime;
  /** The network as a whole. */
  readonly net: SimulatedNetwork;
  /** All messages. */
  readonly tracker: MessageTracker;
  /** Where a dialect is spoken. */
  at(dialect: string): Endpoint;
  /** Draws how somebody behaves from now on. */
  behaviour(chance: Chance): Behaviour;
  /** Draws somebody to whom a message may be sent, or who is not there at all; `undefined` if nobody is. */
  somebody(chance: Chance, but: string): Somebody | undefined;
  /** Whether one more message may be sent. */
  mayTalk(): boolean;
  /** A life has begun, or is over. */
  counted(what: "life begun" | "life over"): void;
}

/** How long somebody stays away, at most, in milliseconds. */
const LONGEST_PAUSE = 2_000;
/** How long somebody who has said all stays on, at most, in milliseconds. */
const STAY = 3_000;
/** How long somebody who reads nothing stays on, at most, in milliseconds. */
const LONG_STAY = 20_000;
/** How long somebody waits for the answers that are owed before leaving, in milliseconds. */
const LAST_ANSWERS = 10_000;

/** How many messages somebody may have waiting for an answer who does not flood. */
const MOST_POLITE = 64;

/** A user of any dialect over streams. */
export abstract class User implements Life {
  /** What all share. */
  protected readonly context: SimulationContext;
  /** Chance of this user's own. */
  protected readonly chance: Chance;
  /** The address. */
  readonly hostname: string;
  readonly #network: Network;
  #isOver = false;
  #isAlive = false;
  #isReady = false;
  #isLeaving = false;
  #left = 0;
  #isThinking = false;
  #lastRecipient: Somebody | undefined;
  #disturbance: string | undefined;
  #links: HalfClosingLink[] = [];
  #openLinks = 0;
  /** What this life has seen. */
  protected inbox: Inbox = new Inbox();
  /** How this life behaves. */
  protected behaviour: Behaviour;

  constructor(context: SimulationContext, readonly dialect: string, chance: Chance, hostname: string) {
    this.context = context;
    this.chance = chance;
    this.hostname = hostname;
    this.#network = context.net.host(hostname);
    this.behaviour = context.behaviour(chance);
  }

  /** See {@linkcode Life.name}. */
  abstract readonly name: string;

  /** See {@linkcode Life.disturbance}. */
  get disturbance(): string | undefined {
    return this.#disturbance;
  }

  /** Whether others may be told that this user is there. */
  get isReady(): boolean {
    return this.#isReady && !this.#isLeaving;
  }

  /** Whether there is a life. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Which share of its messages a life sends. */
  protected get talkativeness(): number {
    return 1;
  }

  /** How many connections a life takes. */
  protected abstract readonly links: number;
  /** The connections are open: registers, and gives who is told what happens on each. */
  protected abstract begin(links: readonly HalfClosingLink[]): readonly Pick<LinkHandler, "receive">[];
  /** Writes a message to somebody, or to everybody, if the dialect has such messages. */
  protected abstract write(to: Somebody | undefined): void;
  /** How many messages wait for an answer. */
  protected abstract get waiting(): number;
  /** Says goodbye in the dialect's words, if it has any. */
  protected abstract goodbye(): void;
  /** The life is over: whatever waits for an answer gets none. */
  protected abstract forget(): void;

  /** Comes for the first time, soon. */
  start(): void {
    this.context.runtime.after(this.chance.between(0, LONGEST_PAUSE), () => this.#come());
  }

  /** Does not come back. */
  stayAway(): void {
    this.#isOver = true;
  }

  /** Leaves, and does not come back. */
  finish(): void {
    this.#isOver = true;
    if (this.#isAlive) this.leave();
  }

  /** Has registered. */
  protected ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    if (this.behaviour.reading !== "always") this.#disturb(this.behaviour.reading);
    if (this.behaviour.window > MOST_POLITE) this.#disturb("floods");
    this.#goOn();
    if (this.behaviour.reading === "in bursts") this.#readInBursts();
    if (this.behaviour.reading === "not any more") {
      for (const link of this.#links) link.pause();
      this.#later(this.chance.between(0, LONG_STAY), () => this.leave());
    }
  }

  /** Says nothing any more, until the server has had enough. */
  protected wait(): void {
    this.#disturb("waits");
  }

  /** Was refused. */
  protected refused(): void {
    this.#disturb("refused");
    for (const link of this.#links) link.end("left");
  }

  /** An answer has come: says the next. */
  protected answered(): void {
    this.#goOn();
  }

  /** Expects nothing any more. */
  #disturb(why: string): void {
    this.#disturbance ??= why;
  }

  /** Calls back in this life, unless it is over by then. */
  #later(delay: number, act: () => void): void {
    const { inbox } = this;
    this.context.runtime.after(delay, () => this.#isAlive && this.inbox === inbox && act());
  }

  /** The same, for a dialect. */
  protected later(delay: number, act: () => void): void {
    this.#later(delay, act);
  }

  async #come(): Promise<void> {
    if (this.#isOver) return;
    this.#isAlive = true;
    this.#isReady = this.#isLeaving = this.#isThinking = false;
    this.#disturbance = undefined;
    this.inbox = new Inbox();
    this.behaviour = this.context.behaviour(this.chance);
    this.#left = Math.floor(this.behaviour.messages * this.talkativeness + this.chance.number());
    this.#links = [];
    this.#lastRecipient = undefined;
    this.context.counted("life begun");
    try {
      const server = this.context.at(this.dialect);
      for (let i = 0; i < this.links; i++) {
        const onFault = (error: unknown) => this.context.tracker.violated(`a fault of a client's own: ${error}`);
        this.#links.push(await this.#network.connect(server, { onFault, lingerTimeout: 500 }));
      }
    } catch {
      // Too many wait to be let in already.
      for (const link of this.#links) {
        link.start({ receive: () => {}, ended: () => {}, closed: () => {} });
        link.abort("done");
      }
      return this.#over();
    }
    this.#openLinks = this.links;
    const handlers = this.begin(this.#links);
    this.#links.forEach((link, i) =>
      link.start({
        receive: (bytes) => handlers[i]!.receive(bytes),
        ended: () => this.#ended(link),
        closed: (reason) => this.#closed(reason),
      })
    );
    if (this.#isOver) this.leave();
  }

  #ended(link: HalfClosingLink): void {
    this.#disturb("the server has closed");
    link.end("left");
  }

  #closed(_reason: CloseReason): void {
    // Both of a user's connections are one life.
    this.#disturb("a connection is closed");
    if (--this.#openLinks > 0) return void this.#links.forEach((link) => link.end("left"));
    this.forget();
    this.#over();
  }

  #over(): void {
    this.#isAlive = this.#isReady = false;
    this.context.counted("life over");
    if (!this.#isOver) this.context.runtime.after(this.chance.between(0, LONGEST_PAUSE), () => this.#come());
  }

  /** Says what may be said now, and leaves when all is said. */
  #goOn(): void {
    if (!this.isReady || this.#isThinking) return;
    while (this.#left > 0 && this.waiting < this.behaviour.window) {
      const isToAll = this.chance.happens(this.behaviour.toAll);
      const to = isToAll ? undefined : this.#recipient();
      if (!isToAll && to === undefined) return this.#think(100);
      if (!this.context.mayTalk()) {
        this.#left = 0;
        break;
      }
      this.#left--;
      this.write(to);
      if (this.behaviour.thinking > 0 && this.chance.happens(0.3)) {
        return this.#think(this.chance.between(0, this.behaviour.thinking));
      }
    }
    if (this.#left === 0 && this.waiting === 0) this.#later(this.chance.between(0, STAY), () => this.leave());
    else if (this.#left === 0) this.#later(LAST_ANSWERS, () => this.leave());
  }

  #recipient(): Somebody | undefined {
    if (this.#lastRecipient === undefined || !this.chance.happens(this.behaviour.faithfulness)) {
      this.#lastRecipient = this.context.somebody(this.chance, this.name);
    }
    return this.#lastRecipient;
  }

  #think(duration: number): void {
    this.#isThinking = true;
    this.#later(duration, () => {
      this.#isThinking = false;
      this.#goOn();
    });
  }

  #readInBursts(): void {
    this.#later(this.chance.between(0, 1_000), () => {
      for (const link of this.#links) link.pause();
      this.#later(this.chance.between(0, 1_500), () => {
        for (const link of this.#links) link.resume();
        this.#readInBursts();
      });
    });
  }

  /** Leaves as this life does. */
  protected leave(): void {
    // Whoever is still connecting leaves once that is done.
    if (this.#isLeaving || this.#openLinks === 0) return;
    this.#isLeaving = true;
    this.#disturb("leaves");
    switch (this.behaviour.leaving) {
      case "politely":
        this.goodbye();
        return this.#later(STAY, () => this.#links.forEach((link) => link.end("left")));
      case "half-closed":
        for (const link of this.#links) link.finish();
        return this.#later(STAY, () => this.#links.forEach((link) => link.end("left")));
      case "broken off":
        return this.#links.forEach((link) => link.abort("left"));
      case "cut":
        this.context.net.cut(this.hostname);
        // Whoever does not read does not find out.
        return this.#links.forEach((link) => link.resume());
    }
  }
}
