/**
 * A cluster in the simulation whose users come, talk and go at random, while its nodes and what carries it fail at random.
 *
 * @module
 */

import type { Outcome } from "../../core/outcome.ts";
import { Chance } from "../../simulation/chance.ts";
import { VirtualTime } from "../../simulation/virtual_time.ts";
import { STORE_KEY } from "../records.ts";
import { CLAIM_TTL, ClusterUser, SimulatedCluster, type SimulatedNode } from "./simulated_cluster.ts";

/** What was done, and what did not hold. */
export interface ClusterRun {
  /** How many messages were sent. */
  readonly messages: number;
  /** How many of them were confirmed. */
  readonly delivered: number;
  /** What was given, lost and broken, for people. */
  readonly events: readonly string[];
  /** What should have held and did not. */
  readonly violations: readonly string[];
}

/** Names, so few that many want the same. */
const NAMES = Array.from({ length: 24 }, (_, i) => `user${i}`);

/** Runs a cluster until so many messages were sent; the same seed does the same again. */
export function runCluster(seed: number, messages: number): Promise<ClusterRun> {
  const time = new VirtualTime(seed);
  return time.run(() => new RandomRun(seed, time).run(messages));
}

interface Sent {
  readonly from: ClusterUser;
  readonly to: ClusterUser;
  readonly outcome: Promise<Outcome>;
}

class RandomRun {
  readonly #chance: Chance;
  readonly #time: VirtualTime;
  readonly #cluster: SimulatedCluster;
  readonly #users = new Map<ClusterUser, number>();
  readonly #everybody: ClusterUser[] = [];
  readonly #sent = new Map<string, Sent>();
  readonly #events: string[] = [];
  readonly #violations: string[] = [];
  #count = 0;

  constructor(seed: number, time: VirtualTime) {
    this.#chance = new Chance(seed);
    this.#time = time;
    this.#cluster = new SimulatedCluster(time);
  }

  async run(messages: number): Promise<ClusterRun> {
    await this.#cluster.start(2 + this.#chance.below(6));
    while (this.#count < messages) {
      await this.#act();
      await this.#cluster.pass(this.#chance.below(120));
    }
    await this.#heal();
    await this.#cluster.pass(CLAIM_TTL * 2);
    await this.#check();
    const delivered = await this.#checkMessages();
    await this.#cluster.stop();
    const left = this.#cluster.bus.records.map(({ key }) => key).filter((key) => key !== STORE_KEY);
    if (left.length > 0) this.#violated(`all have gone, and the store still has ${left.join(", ")}`);
    return { messages: this.#count, delivered, events: this.#events, violations: this.#violations };
  }

  async #act(): Promise<void> {
    const dice = this.#chance.below(1000);
    if (dice < 150) this.#come();
    else if (dice < 230) this.#leave();
    else if (dice < 990) this.#talk();
    else await this.#break();
  }

  #come(): void {
    const node = this.#pick(this.#running());
    const name = this.#pick(NAMES);
    if (node === undefined || name === undefined) return;
    void node.come(name).then((user) => {
      if (!(user instanceof ClusterUser) || !user.isThere) return;
      const { epoch } = node.cluster.status;
      for (const [other, since] of this.#users) {
        const { status } = other.node.cluster;
        if (other.name !== name || !other.isThere || other.node.isOver) continue;
        // Who was cut off for long has lost the name, and does not know it yet.
        if (status.isServing && status.epoch === since) {
          this.#violated(`${name} is given on ${node.label}, and somebody has it on ${other.node.label}`);
        }
      }
      this.#users.set(user, epoch);
      this.#everybody.push(user);
    });
  }

  #leave(): void {
    const user = this.#pick(this.#present());
    if (user === undefined) return;
    user.presence.leave();
    this.#users.delete(user);
  }

  #talk(): void {
    const from = this.#pick(this.#present());
    const to = this.#pick(this.#present());
    if (from === undefined || to === undefined || from === to) return;
    if (this.#chance.below(20) === 0) {
      this.#count++;
      void from.send(undefined, "to all");
      return;
    }
    for (let i = this.#chance.below(4); i >= 0; i--) {
      const text = `${this.#count++}`;
      this.#sent.set(text, { from, to, outcome: from.send(to.name, text) });
    }
  }

  async #break(): Promise<void> {
    const node = this.#pick(this.#running());
    if (node === undefined) return;
    const kind = this.#pick(["cut", "pause", "kill", "stop", "start", "store"] as const);
    const duration = this.#chance.below(CLAIM_TTL * 2);
    this.#events.push(`${Math.round(this.#time.now())} ms: ${kind} ${node.label} for ${duration} ms`);
    switch (kind) {
      case "cut":
        node.engine.cut();
        this.#time.after(duration, () => node.engine.heal());
        return;
      case "pause":
        node.pause();
        this.#time.after(duration, () => node.goOn());
        return;
      case "kill":
        if (this.#running().length > 1) node.kill();
        return;
      case "stop":
        if (this.#running().length > 1) await node.stop();
        return;
      case "start":
        if (this.#cluster.nodes.length >= 10 || !this.#cluster.bus.isUp) return;
        this.#cluster.start(1).catch((error: Error) => this.#events.push(error.message));
        return;
      case "store": {
        if (!this.#cluster.bus.isUp) return;
        const isKept = this.#chance.below(2) === 0;
        this.#cluster.bus.stop();
        this.#time.after(duration, () => this.#cluster.bus.restart(isKept));
        return;
      }
    }
  }

  async #heal(): Promise<void> {
    await this.#cluster.pass(CLAIM_TTL * 2);
    if (!this.#cluster.bus.isUp) this.#cluster.bus.restart(true);
    for (const node of this.#cluster.nodes) {
      node.goOn();
      node.engine.heal();
    }
  }

  /** What must hold when nothing has been broken for a while. */
  async #check(): Promise<void> {
    const nodes = this.#running();
    const there = nodes.flatMap(({ hub }) => [...hub.locals()].map(({ name }) => name)).sort();
    for (const [i, name] of there.entries()) {
      if (there[i + 1] === name) this.#violated(`two have the name ${name}`);
    }
    const ids = nodes.flatMap(({ hub }) => [...hub.locals()].map(({ id }) => id));
    if (ids.includes(undefined)) this.#violated("somebody has no ID");
    if (new Set(ids).size < ids.length) this.#violated(`two have the same ID: ${ids.join()}`);
    for (const node of nodes) {
      for (const { name, id } of node.hub.members()) {
        if (id !== undefined && node.hub.find(id)?.name !== name) this.#violated(`${node.label}: ${id} is not ${name}`);
      }
      const { names } = node;
      if (names.join() !== there.join()) {
        this.#violated(`${node.label} shows ${names.join()}, and there are ${there.join()}`);
      }
      if (!node.cluster.status.isServing) this.#violated(`${node.label} gives no names`);
    }
    for (const name of NAMES.filter((name) => !there.includes(name))) {
      const user = await this.#pick(nodes)?.come(name);
      if (!(user instanceof ClusterUser)) this.#violated(`nobody has the name ${name}, and it is ${user}`);
    }
  }

  /** What was confirmed has arrived, nothing has arrived twice, and everything in order. */
  async #checkMessages(): Promise<number> {
    const arrived = new Map<string, number>();
    for (const user of this.#everybody) {
      const last = new Map<ClusterUser, number>();
      for (const { text } of user.received) {
        const sent = this.#sent.get(text);
        if (sent === undefined) continue; // to all
        arrived.set(text, (arrived.get(text) ?? 0) + 1);
        if (sent.to.name !== user.name) this.#violated(`${user.name} got ${text}, which was not theirs`);
        if (Number(text) < (last.get(sent.from) ?? -1)) this.#violated(`${user.name} got ${text} too late`);
        last.set(sent.from, Number(text));
      }
    }
    let delivered = 0;
    for (const [text, { outcome }] of this.#sent) {
      const times = arrived.get(text) ?? 0;
      const { kind } = await outcome;
      if (kind === "delivered") delivered++;
      if (kind === "delivered" && times === 0) this.#violated(`${text} is confirmed, and has not arrived`);
      if (times > 1) this.#violated(`${text} has arrived ${times} times`);
    }
    return delivered;
  }

  #running(): readonly SimulatedNode[] {
    return this.#cluster.nodes.filter(({ isOver }) => !isOver);
  }

  #present(): readonly ClusterUser[] {
    return [...this.#users.keys()].filter((user) => user.isThere && !user.node.isOver);
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.#chance.below(items.length)];
  }

  #violated(what: string): void {
    this.#violations.push(what);
  }
}
