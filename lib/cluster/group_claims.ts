/**
 * The groups of a cluster. Each is some node's: of the one that made it, and when that is gone of one whose members are in it.
 *
 * @module
 */

import type { GroupDirectory } from "../hub/cluster.ts";
import type { Member } from "../hub/member.ts";
import type { ClaimCount } from "./counts.ts";
import type { ClusterEngine } from "./engine.ts";
import { OwnedRecord, type Ownership } from "./owned_record.ts";
import type { Peer } from "./peer.ts";
import { type ClaimOwner, decodeRecord, encodeRecord, type GroupClaim, groupKey } from "./records.ts";

/** What a node's groups need of it. */
export interface GroupServices {
  /** The node, with the lease that it has at the time. */
  readonly owner: ClaimOwner;
  /** See {@linkcode Ownership}. */
  readonly isVoid: Ownership["isVoid"];
  /** The node that has this lease, if it is there. */
  peerOf(owner: ClaimOwner): Peer | undefined;
}

/** What a directory of the groups needs besides. */
export interface DirectoryServices {
  /** Whether anything can be claimed. */
  canMake(): boolean;
  /** Has the node wait for work before it stops. */
  begin(work: Promise<void>): void;
  /** The nodes that are there. */
  peers(): Iterable<Peer>;
}

/** The groups of one node, and those that others are known to have. */
export class GroupClaims {
  readonly #engine: ClusterEngine;
  readonly #services: GroupServices;
  readonly #own = new Map<string, OwnedRecord>();
  readonly #others = new Map<string, GroupClaim>();
  #waiting = 0;

  /** There are none. */
  constructor(engine: ClusterEngine, services: GroupServices) {
    this.#engine = engine;
    this.#services = services;
  }

  /** How many groups are this node's, and about how many that is being decided. */
  get count(): ClaimCount {
    return { held: this.#own.size, waiting: this.#waiting };
  }

  /** The groups as a hub asks for them. */
  directory({ canMake, begin, peers }: DirectoryServices): GroupDirectory {
    return {
      names: () => this.names(),
      has: (group) => this.has(group),
      create: (group, decided) => {
        if (this.has(group)) decided("exists");
        else if (!canMake()) decided("unavailable");
        else begin(this.create(group).then(decided));
      },
      drop: (group) => {
        const isOurs = this.owns(group);
        if (isOurs) begin(this.drop(group));
        return isOurs;
      },
      tell: (group, from, text) => {
        // Of all: who has joined there may not be known here yet.
        for (const peer of peers()) void peer.ask({ group }, from, text);
      },
      refresh: (done) => begin(this.#engine.sync().then(done)),
    };
  }

  /** The names of all groups that there are. */
  *names(): Iterable<string> {
    yield* this.#own.keys();
    for (const claim of this.#others.values()) {
      if (!this.#own.has(claim.group) && this.#isThere(claim)) yield claim.group;
    }
  }

  /** Whether there is a group of this name. */
  has(group: string): boolean {
    const claim = this.#others.get(groupKey(group));
    return this.#own.has(group) || claim !== undefined && this.#isThere(claim);
  }

  /** Whether a group is this node's. */
  owns(group: string): boolean {
    return this.#own.has(group);
  }

  /** Another node has a group. */
  stored(claim: GroupClaim): void {
    this.#others.set(groupKey(claim.group), claim);
  }

  /** A group is nobody's, or ours. */
  removed(key: string): void {
    this.#others.delete(key);
  }

  /** The other nodes that have groups. */
  *nodes(): Iterable<string> {
    for (const { node } of this.#others.values()) yield node;
  }

  /** The keys of all groups of others. */
  keys(): Iterable<string> {
    return this.#others.keys();
  }

  /** The keys of the groups of another node. */
  *keysOf(node: string): Iterable<string> {
    for (const [key, claim] of this.#others) if (claim.node === node) yield key;
  }

  /** Makes a group, unless there is one of that name. */
  async create(group: string): Promise<"created" | "exists" | "unavailable"> {
    if (this.has(group)) return "exists";
    const key = groupKey(group);
    const { isVoid, owner } = this.#services;
    const isOurs: Ownership["isOurs"] = ({ value }) => decodeRecord(key, value)?.node === owner.node;
    const record = new OwnedRecord(this.#engine, key, { isOurs, isVoid });
    this.#waiting++;
    const written = await record.write(this.#encode(group));
    this.#waiting--;
    // Whoever asked for the same at the same moment, on this node, may have been first.
    if (written === "taken" || this.#own.has(group)) return "exists";
    if (written === "unknown") return "unavailable";
    this.#own.set(group, record);
    return "created";
  }

  /** Gives up a group of this node in which nobody is. */
  async drop(group: string): Promise<void> {
    const record = this.#own.get(group);
    this.#own.delete(group);
    await record?.remove();
  }

  /** Claims all groups again, since the node has a new lease. One that is another node's by now is a group all the same. */
  async claimAgain(): Promise<void> {
    for (const [group, record] of [...this.#own]) {
      if (await record.write(this.#encode(group)) === "taken") this.#own.delete(group);
    }
  }

  /** A group whose node is gone, and in which one of these is, is this node's. */
  async keep(members: Iterable<Member>): Promise<void> {
    const lost = [...members].flatMap(({ group }) => group === undefined || this.has(group) ? [] : [group]);
    await Promise.all([...new Set(lost)].map((group) => this.create(group)));
  }

  /** Gives up all of them: other nodes whose members are in them make them theirs. */
  async stop(): Promise<void> {
    await Promise.all([...this.#own.keys()].map((group) => this.drop(group)));
  }

  #isThere(owner: ClaimOwner): boolean {
    return this.#services.peerOf(owner) !== undefined;
  }

  #encode(group: string): Uint8Array {
    const { node, epoch } = this.#services.owner;
    return encodeRecord({ node, epoch, group });
  }
}
