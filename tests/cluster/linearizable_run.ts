/**
 * A cluster in the simulation whose users claim names, IDs and places in groups at random, while nodes and what carries them fail; and
 * whether all that they were told can be explained by some order in which it happened one after the other.
 *
 * @module
 */

import { type Call, linearize } from "../../conformance/stress/linearizability.ts";
import {
  CLAIM_TTL,
  ClusterUser,
  SimulatedCluster,
  type SimulatedNode,
} from "../../lib/cluster/testing/simulated_cluster.ts";
import type { Presence } from "../../lib/hub/presence.ts";
import { Chance } from "../../lib/simulation/chance.ts";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { Break, Register } from "./registers.ts";

const NAMES = Array.from({ length: 12 }, (_, i) => `user${i}`);
const GROUPS = ["ski", "tea"];
/** How often it is looked who has lost what they had, in milliseconds. */
const LOOK = 250;
const REMOTE = { hostname: "192.0.2.1", port: 7 };

/** What is made wrong on purpose, to see whether it is found. */
export type PlantedFault = "two-holders" | "old-lists";

/** How many calls there were, and what no order explains. */
export interface LinearizableRun {
  /** Calls about names and IDs, and about groups. */
  readonly calls: { readonly held: number; readonly groups: number };
  /** In words for people. */
  readonly violations: readonly string[];
}

/** Runs a cluster for so many calls; the same seed does the same again. */
export function runLinearizable(seed: number, calls: number, fault?: PlantedFault): Promise<LinearizableRun> {
  const time = new VirtualTime(seed);
  return time.run(() => new Run(seed, time, fault).run(calls));
}

interface Member {
  readonly user: ClusterUser;
  readonly holder: string;
  isBusy: boolean;
}

class Run {
  readonly #chance: Chance;
  readonly #time: VirtualTime;
  readonly #cluster: SimulatedCluster;
  readonly #fault: PlantedFault | undefined;
  readonly #registers = new Map<string, Register>();
  readonly #members = new Set<Member>();
  readonly #frames = new Set<{ readonly presence: Presence; readonly node: SimulatedNode; readonly holder: string }>();
  readonly #groupCalls: (Call & { readonly group: string; readonly text: string })[] = [];
  readonly #breaks: Break[] = [];
  #count = 0;
  #holders = 0;

  constructor(seed: number, time: VirtualTime, fault: PlantedFault | undefined) {
    this.#chance = new Chance(seed);
    this.#time = time;
    this.#cluster = new SimulatedCluster(time);
    this.#fault = fault;
  }

  async run(calls: number): Promise<LinearizableRun> {
    await this.#start(3 + this.#chance.below(5));
    while (this.#count < calls) {
      this.#act();
      await this.#cluster.pass(this.#chance.below(60));
    }
    if (!this.#cluster.bus.isUp) this.#cluster.bus.restart(true);
    for (const node of this.#cluster.nodes) {
      node.goOn();
      node.engine.heal();
    }
    await this.#cluster.pass(3 * CLAIM_TTL);
    const registers = [...this.#registers.values()];
    const violations = [
      ...registers.flatMap((register) => register.violations(this.#breaks)),
      ...GROUPS.flatMap((group) => this.#groupViolations(group)),
    ];
    await this.#cluster.stop();
    const held = registers.reduce((sum, { size }) => sum + size, 0);
    return { calls: { held, groups: this.#groupCalls.length }, violations };
  }

  async #start(count: number): Promise<void> {
    for (const { engine } of await this.#cluster.start(count)) {
      if (this.#fault === "old-lists") engine.sync = () => Promise.resolve();
      if (this.#fault !== "two-holders") continue;
      const create = engine.create.bind(engine);
      // Now and then a claim is not compared with what is there.
      engine.create = async (key, value) => {
        const written = await create(key, value);
        return written === "conflict" && this.#chance.below(4) === 0 ? 1 : written;
      };
    }
  }

  #act(): void {
    const dice = this.#chance.below(1000);
    if (dice < 250) this.#claim();
    else if (dice < 350) this.#claimId();
    else if (dice < 470) this.#leave();
    else if (dice < 992) this.#group();
    else this.#break();
  }

  #register(key: string): Register {
    const register = this.#registers.get(key) ?? new Register(key);
    this.#registers.set(key, register);
    return register;
  }

  #claim(): void {
    const node = this.#pick(this.#running());
    const name = this.#pick(NAMES);
    if (node === undefined || name === undefined) return;
    this.#count++;
    const holder = `${++this.#holders}@${node.label}`;
    const register = this.#register(name);
    const begin = this.#time.now();
    void node.come(name).then((user) => {
      register.claimed(holder, begin, this.#time.now(), user instanceof ClusterUser ? "ok" : user);
      if (!(user instanceof ClusterUser)) return;
      const member = { user, holder, isBusy: false };
      this.#members.add(member);
      // When it is found out that the name is lost.
      const watch = this.#time.every(LOOK, () => {
        if (user.isThere && !node.isOver) return;
        watch.cancel();
        this.#members.delete(member);
        register.gone(holder, this.#time.now(), user.fault === "lost" ? "lost" : "died");
      });
    });
  }

  #claimId(): void {
    const node = this.#pick(this.#running());
    if (node === undefined) return;
    this.#count++;
    const begin = this.#time.now();
    const holder = `${++this.#holders}@${node.label}`;
    node.hub.claimId((id) => `id${id}`, { dialect: "frame", remote: REMOTE }, (presence) => {
      if (presence?.id === undefined) return;
      const register = this.#register(`ID ${presence.id}`);
      const frame = { presence, node, holder };
      const lost = () => {
        register.gone(holder, this.#time.now(), "lost");
        this.#frames.delete(frame);
        presence.leave();
      };
      presence.secure({
        decided: (fault) => {
          if (fault !== undefined) return;
          register.claimed(holder, begin, this.#time.now(), "ok");
          this.#frames.add(frame);
          presence.enter({ deliver: (delivery) => delivery.exempt() });
        },
        lost,
      }, "whole");
    });
  }

  #leave(): void {
    const member = this.#pick([...this.#members].filter(({ user }) => user.isThere && !user.node.isOver));
    if (member !== undefined) this.#leaves(member);
    const frame = this.#pick([...this.#frames].filter(({ node }) => !node.isOver));
    if (frame === undefined) return;
    this.#frames.delete(frame);
    this.#register(`ID ${frame.presence.id}`).gone(frame.holder, this.#time.now(), "left");
    frame.presence.leave();
  }

  #leaves({ user, holder }: Member): void {
    const { group } = user.presence;
    const now = this.#time.now();
    // Others are told a moment later.
    if (group !== undefined) this.#moves(user.name, group, false, now, now + 500);
    this.#register(user.name).gone(holder, now, "left");
    user.presence.leave();
  }

  /** Joins a group, leaves one, or asks who is in it. */
  #group(): void {
    const node = this.#pick(this.#running().filter((node) => this.#isSound(node)));
    if (node === undefined) return;
    this.#count++;
    if (this.#chance.below(2) === 0) this.#list(node, this.#pick(GROUPS)!);
    else this.#move(node, this.#pick(GROUPS)!);
  }

  #list(node: SimulatedNode, group: string): void {
    const begin = this.#time.now();
    node.hub.groups?.refresh(() => {
      // What a node that cannot be told anything says is as it was.
      if (!this.#isSound(node)) return;
      const end = this.#time.now();
      const told = [...node.hub.members()].filter((member) => member.group === group).map(({ name }) => name).sort();
      this.#groupCalls.push({
        group,
        text: `${node.label} said at ${Math.round(end)} ms that ${told.join(", ") || "nobody"} is in ${group}`,
        begin,
        end,
        isRead: true,
        apply: (state) => state === told.join(" ") ? state : undefined,
      });
    });
  }

  #move(node: SimulatedNode, group: string): void {
    const isFree = ({ user, isBusy }: Member) => user.node === node && user.isThere && !isBusy;
    const member = this.#pick([...this.#members].filter(isFree));
    if (member === undefined) return;
    const { presence, name } = member.user;
    const begin = this.#time.now();
    const before = presence.group;
    const after = before === group ? undefined : group;
    member.isBusy = true;
    presence.move(after);
    node.hub.whenTold(presence, () => {
      member.isBusy = false;
      const end = this.#isSound(node) ? this.#time.now() : begin + CLAIM_TTL;
      if (before !== undefined) this.#moves(name, before, false, begin, end);
      if (after !== undefined) this.#moves(name, after, true, begin, end);
      // Whoever was told asks another node at once.
      const other = this.#pick(this.#running().filter((other) => other !== node && this.#isSound(other)));
      if (other !== undefined && this.#chance.below(2) === 0) this.#list(other, group);
    });
  }

  #moves(name: string, group: string, joins: boolean, begin: number, end: number): void {
    const text = `${name} ${joins ? "joined" : "left"} ${group}`;
    const apply = (state: string) => {
      const members = new Set(state.split(" ").filter((one) => one !== ""));
      if (joins) members.add(name);
      else members.delete(name);
      return [...members].sort().join(" ");
    };
    this.#groupCalls.push({ group, text, begin, end, apply });
  }

  #groupViolations(group: string): string[] {
    const calls = this.#groupCalls.filter((call) => call.group === group);
    const found = linearize("", calls);
    return found.kind === "stuck" ? [`no order explains that ${found.call.text}`] : [];
  }

  /** Some nodes never fail, so that there is something to be sure of, unless what carries them does, or has lately. */
  #isSound({ label, cluster }: SimulatedNode): boolean {
    const isCalm = !this.#breaks.some(({ node, to }) => node === undefined && this.#time.now() - to < 3 * CLAIM_TTL);
    return isCalm && !canFail(label) && cluster.status.isServing;
  }

  #break(): void {
    const node = this.#pick(this.#running().filter(({ label }) => canFail(label)));
    if (node === undefined) return;
    const duration = this.#chance.below(2 * CLAIM_TTL);
    const kind = this.#pick(["cut", "pause", "kill", "start", "store"] as const);
    const from = this.#time.now();
    if (kind === "start") {
      if (this.#cluster.nodes.length < 9 && this.#cluster.bus.isUp) this.#start(1).catch(() => {});
      return;
    }
    if (kind === "store" && !this.#cluster.bus.isUp) return;
    this.#breaks.push({
      node: kind === "store" ? undefined : node.label,
      from,
      to: kind === "kill" ? Infinity : from + duration,
    });
    if (kind === "kill") return node.kill();
    if (kind === "cut") node.engine.cut();
    else if (kind === "pause") node.pause();
    else this.#cluster.bus.stop();
    const isKept = this.#chance.below(2) === 0;
    this.#time.after(duration, () => {
      if (kind === "cut") node.engine.heal();
      else if (kind === "pause") node.goOn();
      else this.#cluster.bus.restart(isKept);
    });
  }

  #running(): readonly SimulatedNode[] {
    return this.#cluster.nodes.filter(({ isOver }) => !isOver);
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.#chance.below(items.length)];
  }
}

/** Every other node. */
function canFail(label: string): boolean {
  return Number(label.replace(/\D/g, "")) % 2 === 0;
}
