/**
 * Nodes of one cluster in the simulation, with users who claim names and send each other messages.
 *
 * @module
 */

import { Deadlines } from "../../core/deadlines.ts";
import { DELIVERED, GONE, type Outcome } from "../../core/outcome.ts";
import type { Runtime, Timer } from "../../core/runtime.ts";
import type { Delivery, Recipient } from "../../hub/delivery.ts";
import { Hub } from "../../hub/hub.ts";
import { IdPool } from "../../hub/id_pool.ts";
import type { Member } from "../../hub/member.ts";
import type { NameFault } from "../../hub/names.ts";
import type { Presence } from "../../hub/presence.ts";
import { ClusterNode } from "../node.ts";
import { SimulatedBus, type SimulatedEngine } from "./simulated_engine.ts";

/** How long a recipient may take, in milliseconds. */
const ACK_TIMEOUT = 2_000;
/** How long a silent node keeps its names, in milliseconds. */
export const CLAIM_TTL = 10_000;

const REMOTE = { hostname: "192.0.2.1", port: 7 };

/** Time as a process has it that may be stopped: what is due meanwhile happens when it goes on. */
class StoppableRuntime implements Runtime {
  readonly #runtime: Runtime;
  #held: (() => void)[] | undefined;
  #isDead = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  pause(): void {
    this.#held ??= [];
  }

  goOn(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const happens of held) happens();
  }

  kill(): void {
    this.#isDead = true;
  }

  now(): number {
    return this.#runtime.now();
  }

  wallClock(): number {
    return this.#runtime.wallClock();
  }

  after(delay: number, callback: () => void): Timer {
    return this.#runtime.after(delay, () => this.#happens(callback));
  }

  every(interval: number, callback: () => void): Timer {
    let isWaiting = false;
    return this.#runtime.every(interval, () => {
      // However long it was stopped, what was missed happens once.
      if (isWaiting) return;
      isWaiting = true;
      this.#happens(() => {
        isWaiting = false;
        callback();
      });
    });
  }

  nextTurn(callback: () => void): void {
    this.#runtime.nextTurn(() => this.#happens(callback));
  }

  random(): number {
    return this.#runtime.random();
  }

  #happens(callback: () => void): void {
    if (this.#isDead) return;
    if (this.#held === undefined) callback();
    else this.#held.push(callback);
  }
}

/** What somebody was sent. */
export interface ReceivedMessage {
  /** Its sender's name. */
  readonly from: string;
  /** What was said. */
  readonly text: string;
}

/** Somebody on a node, from the claim of the name on. */
export class ClusterUser implements Recipient {
  /** What they were sent, oldest first. */
  readonly received: ReceivedMessage[] = [];
  /** Why they do not have their name; `pending` while nobody knows, and `undefined` if they have it. */
  fault: NameFault | "pending" | "lost" | undefined = "pending";
  /** Takes what is sent, but never says so. */
  isSilent = false;

  /** A claim was made for this presence. */
  constructor(
    /** Their name. */
    readonly name: string,
    /** Where they are. */
    readonly node: SimulatedNode,
    /** What they hold. */
    readonly presence: Presence,
  ) {}

  /** Whether they have their name. */
  get isThere(): boolean {
    return this.fault === undefined && !this.presence.hasLeft;
  }

  /** See {@linkcode Recipient.deliver}. */
  deliver(delivery: Delivery): void {
    if (this.presence.hasLeft) return delivery.settle(GONE);
    this.received.push({ from: delivery.from.name, text: new TextDecoder().decode(delivery.body) });
    if (!this.isSilent) delivery.settle(DELIVERED);
  }

  /** Sends to one, or to all; resolves when it is known what became of it. */
  send(to: string | number | undefined, text: string): Promise<Outcome> {
    const body = new TextEncoder().encode(text);
    return new Promise((settled) => {
      if (to === undefined) this.presence.broadcast(body, { settled });
      else this.presence.send(to, body, { settled });
    });
  }
}

/** A node: its hub, and its part of the cluster. */
export class SimulatedNode {
  readonly #time: StoppableRuntime;
  readonly #clock: Timer;
  /** The node's connection. */
  readonly engine: SimulatedEngine;
  /** The node's hub. */
  readonly hub: Hub;
  /** What the log says. */
  readonly log: string[] = [];
  /** Whether the node has stopped, or was killed. */
  isOver = false;
  #cluster!: ClusterNode;

  /** {@linkcode SimulatedCluster.start} makes these. */
  constructor(bus: SimulatedBus, runtime: Runtime, readonly label: string) {
    const time = this.#time = new StoppableRuntime(runtime);
    const engine = this.engine = bus.connect();
    const deadlines = new Deadlines(runtime.now(), { now: () => runtime.now(), armed: () => {} });
    this.#clock = runtime.every(10, () => deadlines.advance(runtime.now()));
    const log = (_: string, text: string) => void this.log.push(text);
    this.hub = new Hub({
      ackTimeout: ACK_TIMEOUT,
      deadlines,
      wallClock: () => runtime.wallClock(),
      ids: new IdPool<Member>(2, 255),
      cluster: (hub) => {
        const options = { engine, runtime: time, label, claimTtl: CLAIM_TTL, ackTimeout: ACK_TIMEOUT, log };
        return this.#cluster = new ClusterNode(hub, options);
      },
    });
  }

  /** What the node knows of the others. */
  get cluster(): ClusterNode {
    return this.#cluster;
  }

  /** Somebody claims a name, and enters when they have it; resolves when that is decided. */
  come(name: string): Promise<ClusterUser | NameFault> {
    const presence = this.hub.claim(name, { dialect: "test", remote: REMOTE });
    if (presence === undefined) return Promise.resolve(this.hub.nameFault(name) ?? "taken");
    const user = new ClusterUser(name, this, presence);
    return new Promise((resolve) =>
      presence.secure({
        decided: (fault) => {
          user.fault = fault;
          if (fault === undefined) presence.enter(user);
          resolve(fault ?? user);
        },
        lost: () => {
          user.fault = "lost";
          presence.leave();
        },
      })
    );
  }

  /** The names of all who are present, on this node and on others, sorted. */
  get names(): readonly string[] {
    return [...this.hub.members()].map(({ name }) => name).sort();
  }

  /** The process is stopped (SIGSTOP). */
  pause(): void {
    this.#time.pause();
    this.engine.pause();
  }

  /** It goes on. */
  goOn(): void {
    this.#time.goOn();
    this.engine.goOn();
  }

  /** It is killed. */
  kill(): void {
    this.isOver = true;
    this.#time.kill();
    this.#clock.cancel();
    this.engine.kill();
  }

  /** It stops in good order. */
  async stop(): Promise<void> {
    this.isOver = true;
    for (const presence of [...this.hub.locals()]) presence.leave();
    await this.#cluster.stop();
    this.#clock.cancel();
  }
}

/** The nodes of one cluster. */
export class SimulatedCluster {
  readonly #runtime: Runtime;
  /** What carries it. */
  readonly bus: SimulatedBus;
  /** All nodes, also those that are over. */
  readonly nodes: SimulatedNode[] = [];

  /** No node has started. */
  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.bus = new SimulatedBus(runtime);
  }

  /** Starts so many nodes, one after the other. */
  async start(count: number): Promise<readonly SimulatedNode[]> {
    const started: SimulatedNode[] = [];
    for (let i = 0; i < count; i++) {
      const node = new SimulatedNode(this.bus, this.#runtime, `node${this.nodes.length + 1}`);
      this.nodes.push(node);
      started.push(node);
      try {
        await node.cluster.start();
      } catch (error) {
        node.kill();
        throw error;
      }
    }
    return started;
  }

  /** Lets time pass, in milliseconds. */
  pass(duration: number): Promise<void> {
    return new Promise((resolve) => this.#runtime.after(duration, resolve));
  }

  /** Stops all nodes that are not over. */
  async stop(): Promise<void> {
    for (const node of this.nodes) if (!node.isOver) await node.stop();
  }
}
