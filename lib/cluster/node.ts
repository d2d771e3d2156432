/**
 * One node of a cluster: what its hub claims, who is present on the other nodes, and what goes back and forth between them.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";
import type { Timer } from "../core/runtime.ts";
import type { ClusterHub, GroupDirectory, HubCluster, PeerNode, RemoteMember } from "../hub/cluster.ts";
import type { Claimant, Coming, Presence } from "../hub/presence.ts";
import { answerRequest, type AnswerServices } from "./answers.ts";
import type { ClusterCounts } from "./counts.ts";
import type { ClusterEngine, EngineEvents, StoredRecord } from "./engine.ts";
import { countNames, Holding } from "./holding.ts";
import { GroupClaims } from "./group_claims.ts";
import { IdClaims } from "./id_claims.ts";
import { OwnedRecord } from "./owned_record.ts";
import { OwnLease } from "./own_lease.ts";
import type { ClusterStatus, NodeOptions } from "./node_options.ts";
import { Pairs } from "./pairs.ts";
import { PeerTable } from "./peer_table.ts";
import {
  claimKey,
  type ClaimOwner,
  decodeRecord,
  FORMAT,
  isClaim,
  isGroupClaim,
  isLease,
  leaseKey,
} from "./records.ts";
import { MemberElsewhere, RemoteRoster } from "./roster.ts";
import { newWord, storeWord } from "./words.ts";

/** How often a lease is renewed within its time, and how often it is looked whether others' are. */
const RENEWALS = 4;
const LOOKS = 20;

/** A node. Its hub asks it as a {@linkcode HubCluster}. */
export class ClusterNode implements HubCluster, EngineEvents {
  readonly #options: NodeOptions;
  readonly #hub: ClusterHub;
  readonly #engine: ClusterEngine;
  readonly #lease: OwnLease;
  readonly #peers: PeerTable;
  readonly #roster: RemoteRoster;
  readonly #holdings = new Map<Presence, Holding>();
  readonly #byClaim = new Map<string, Holding>();
  readonly #ids: IdClaims | undefined;
  readonly #groups: GroupClaims;
  readonly #pairs: Pairs;
  readonly #answers: AnswerServices;
  /** See {@linkcode HubCluster.groups}. */
  readonly groups: GroupDirectory;
  #claims = 0;
  /** How often the connection was there, and what others have asked. */
  #connections = 0;
  #served = 0;
  /** What tells the store from one that has taken its place; whether it was looked at since the connection is there. */
  #store: string | undefined;
  #isStoreKnown = false;
  /** Until then no names are given: others may still have to say which they hold. */
  #graceEnds = -Infinity;
  #isConnected = false;
  #isRenewing = false;
  #isStopping = false;
  /** What is under way. */
  readonly #work = new Set<Promise<void>>();
  #told = new Set<string>();
  #timers: readonly Timer[] = [];

  /** Not part of the cluster before {@linkcode ClusterNode.start}. */
  constructor(hub: ClusterHub, options: NodeOptions) {
    const { engine, runtime, label, machine, ports, claimTtl: ttl } = options;
    this.#hub = hub;
    this.#options = options;
    this.#engine = engine;
    this.#lease = new OwnLease(engine, runtime, { node: newWord(runtime), label, machine, ports, ttl });
    const peers = this.#peers = new PeerTable(options, this.#lease, (node) => {
      this.#roster.changed(node);
      this.#pairs.changed(node);
    });
    const peerOf = (owner: ClaimOwner) => peers.of(owner);
    this.#roster = new RemoteRoster(hub, peerOf);
    this.#pairs = new Pairs({
      engine,
      owner: this.#lease,
      peerOf,
      peerNamed: (node) => peers.named(node),
      begin: (work) => this.#begin(work),
    });
    this.#answers = {
      hub,
      pairs: this.#pairs,
      isValid: () => this.#lease.isValid,
      holdingOf: (claim) => this.#byClaim.get(claim),
      begin: (work) => this.#begin(work),
    };
    const isVoid = (record: StoredRecord) => peers.isVoid(record);
    this.#ids = hub.ids && new IdClaims(engine, { owner: this.#lease, isVoid, range: hub.ids });
    this.#groups = new GroupClaims(engine, { owner: this.#lease, isVoid, peerOf });
    this.groups = this.#groups.directory({
      canMake: () => this.isServing,
      begin: (work) => this.#begin(work),
      peers: () => this.#peers.present(),
    });
  }

  /** Joins the cluster; rejects with a `ChatError` if there is none to join. */
  async start(): Promise<void> {
    const { runtime, claimTtl } = this.#options;
    await this.#engine.start(this.#lease.node, this);
    await this.#renew();
    if (!this.isServing) {
      throw new ChatError("cluster-unusable", "the cluster's store does not answer: look whether NATS is well");
    }
    const other = [...this.#peers.present()].find(({ lease }) => lease.format !== FORMAT);
    if (other !== undefined) {
      const which = `${other.lease.label} is of another version of chat`;
      throw new ChatError("cluster-unusable", `${which}: run the same one, or choose another --cluster`);
    }
    this.#timers = [
      runtime.every(claimTtl / RENEWALS, () => this.#begin(this.#renew())),
      runtime.every(claimTtl / LOOKS, () => this.#peers.look()),
    ];
  }

  /** Leaves the cluster: what is held is given back at once. All members of this node are to have left. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#idle();
    // What could not be written before may be now.
    for (const holding of this.#holdings.values()) this.#begin(this.#settle(holding));
    await this.#idle();
    await this.#ids?.stop();
    await this.#groups.stop();
    await this.#lease.end();
    await this.#engine.stop();
  }

  /** Breaks off without a word: the others find out. */
  abort(): void {
    for (const timer of this.#timers) timer.cancel();
    void this.#engine.stop();
  }

  /** What is known of the cluster. */
  get status(): ClusterStatus {
    const peers = [...this.#peers.present()].map(({ lease: { label }, members }) => ({ label, members }));
    const { label } = this.#options;
    return { label, epoch: this.#lease.epoch, isServing: this.isServing, peers, counts: this.#counts };
  }

  get #counts(): ClusterCounts {
    const names = countNames(this.#holdings.values());
    return {
      nodes: [...this.#peers.present()].length + 1,
      nodesSeen: this.#peers.seenNodes,
      claims: { names, ids: this.#ids?.count ?? { held: 0, waiting: 0 }, groups: this.#groups.count },
      requests: this.#peers.requests,
      served: this.#served,
      reconnects: Math.max(0, this.#connections - 1),
      bytes: this.#engine.traffic,
    };
  }

  /** See {@linkcode HubCluster.peers}. */
  get peers(): Iterable<PeerNode> {
    // Also where nobody is known to be: somebody may just have come.
    return this.#peers.present();
  }

  /** See {@linkcode HubCluster.claim}. */
  claim(presence: Presence, claimant: Claimant, arrival: Coming): void {
    const id = `${this.#lease.node}.${++this.#claims}`;
    const record = new OwnedRecord(this.#engine, claimKey(presence.name), {
      isOurs: ({ key, value }) => {
        const found = decodeRecord(key, value);
        return found !== undefined && isClaim(found) && found.id === id;
      },
      isVoid: (record) => this.#peers.isVoid(record),
    });
    const isHalf = arrival === "receiving" || arrival === "sending";
    const join = isHalf ? () => this.#pairs.join(id, presence, claimant, arrival) : undefined;
    const holding = new Holding(id, presence, claimant, record, this.#lease, arrival, join);
    this.#holdings.set(presence, holding);
    this.#byClaim.set(id, holding);
    if (this.isServing) this.#begin(this.#settle(holding));
    else {
      holding.refuse();
      this.#forget(holding);
    }
  }

  /** See {@linkcode HubCluster.changed}. */
  changed(presence: Presence): void {
    const holding = this.#holdings.get(presence);
    if (holding === undefined) return;
    holding.changed();
    if (this.#canWrite) this.#begin(this.#settle(holding));
  }

  /** See {@linkcode HubCluster.released}. */
  released(presence: Presence): void {
    this.#pairs.released(presence);
    this.changed(presence);
    if (presence.id !== undefined) this.#giveBackIds();
  }

  /** See {@linkcode HubCluster.ownsId}. */
  ownsId(id: number): boolean {
    return this.#ids?.owns(id) ?? false;
  }

  /** See {@linkcode HubCluster.claimId}. */
  claimId(decided: (hasMore: boolean) => void): void {
    const ids = this.#ids;
    if (ids === undefined || !this.isServing) return decided(false);
    this.#begin(
      ids.claim().then((id) => {
        decided(id !== undefined);
        if (id === undefined) return;
        ids.handedOver(id);
        // Who it was for may be gone, and others may wait.
        this.#giveBackIds();
        this.#hub.giveMissingId();
      }),
    );
  }

  /** See {@linkcode HubCluster.find}. */
  find(to: string | number, found: (member?: RemoteMember) => void): void {
    if (typeof to === "number") return this.#begin(this.#engine.sync().then(() => found()));
    this.#begin(
      this.#engine.read(claimKey(to)).then((record) => {
        const claim = typeof record === "string" ? undefined : decodeRecord(record.key, record.value);
        const peer = claim && this.#peers.of(claim);
        found(
          claim !== undefined && isClaim(claim) && peer !== undefined ? new MemberElsewhere(claim, peer) : undefined,
        );
      }),
    );
  }

  /** See {@linkcode HubCluster.whenTold}. */
  whenTold(presence: Presence, told: () => void): void {
    const holding = this.#holdings.get(presence);
    if (holding === undefined) told();
    else this.#begin(holding.whenIdle().then(told));
  }

  /** See {@linkcode EngineEvents.connected}. */
  connected(): void {
    this.#told = new Set();
  }

  /** See {@linkcode EngineEvents.told}. */
  told(): void {
    const peers = [...this.#peers.nodes()].map(leaseKey);
    const known = [...this.#roster.keys(), ...this.#ids?.keys() ?? [], ...this.#groups.keys(), ...peers];
    for (const key of known) if (!this.#told.has(key)) this.removed(key);
    this.#pairs.told(this.#told);
    this.#isConnected = true;
    this.#connections++;
    this.#isStoreKnown = false;
    this.#options.log("info", "connected to the cluster", { nodes: [...this.#peers.present()].length + 1 });
    if (this.#timers.length > 0) this.#begin(this.#renew());
  }

  /** See {@linkcode EngineEvents.disconnected}. */
  disconnected(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#options.log("warning", "cut off from the cluster: nobody on other nodes is reached, and no names are given");
  }

  /** See {@linkcode EngineEvents.stored}. */
  stored({ key, value }: StoredRecord): void {
    this.#told.add(key);
    const record = decodeRecord(key, value);
    if (record === undefined) return;
    if (record.node === this.#lease.node) return this.removed(key);
    if (isLease(record)) return this.#peers.seen(record);
    if (isClaim(record)) {
      this.#roster.stored(record);
      this.#pairs.stored(record);
    } else if (isGroupClaim(record)) this.#groups.stored(record);
    else this.#ids?.stored(record);
  }

  /** See {@linkcode EngineEvents.removed}. */
  removed(key: string): void {
    const [kind, rest] = key.split(".", 2);
    if (kind === "name") {
      this.#roster.removed(key);
      this.#pairs.removed(key);
    } else if (kind === "id") this.#ids?.removed(Number(rest));
    else if (kind === "group") this.#groups.removed(key);
    else if (kind === "node") this.#peers.lost(rest ?? "");
  }

  /** See {@linkcode EngineEvents.asked}. */
  asked(request: Uint8Array, answer: (bytes: Uint8Array) => void): void {
    this.#served++;
    answerRequest(request, answer, this.#answers);
  }

  /** Whether what is held can be written. */
  get #canWrite(): boolean {
    return this.#isConnected && this.#isStoreKnown && this.#lease.isValid;
  }

  /** See {@linkcode HubCluster.isServing}. */
  get isServing(): boolean {
    return this.#canWrite && this.#options.runtime.now() >= this.#graceEnds;
  }

  #begin(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  async #idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #settle(holding: Holding): Promise<void> {
    await holding.settle();
    if (holding.isOver) this.#forget(holding);
  }

  #forget(holding: Holding): void {
    this.#holdings.delete(holding.presence);
    this.#byClaim.delete(holding.id);
  }

  #giveBackIds(): void {
    if (this.#ids !== undefined) this.#begin(this.#ids.giveBack((id) => this.#hub.ids?.holder(id) !== undefined));
  }

  async #renew(): Promise<void> {
    if (this.#isRenewing || !this.#isConnected || this.#isStopping) return;
    this.#isRenewing = true;
    const { epoch } = this.#lease;
    await this.#lookAtStore();
    const isNew = await this.#lease.renew();
    this.#isRenewing = false;
    if (isNew && epoch > 0) await this.#claimAgain();
    if (!this.#canWrite) return;
    this.#giveBackIds();
    this.#hub.giveMissingId();
    this.#pairs.tellDepartures();
    for (const holding of this.#holdings.values()) this.#begin(this.#settle(holding));
    this.#begin(this.#groups.keep(this.#hub.locals()));
    const nodes = [this.#peers, this.#roster, this.#groups].flatMap((known) => [...known.nodes()]);
    for (const node of new Set([...nodes, ...this.#ids?.nodes() ?? []])) {
      if (!this.#peers.isThere(node)) this.#begin(this.#clearAway(node));
    }
  }

  /** Removes what a node has claimed that is not there any more. Others do so as well, and somebody may take it over meanwhile. */
  async #clearAway(node: string): Promise<void> {
    for (const key of [...this.#roster.keysOf(node), ...this.#ids?.keysOf(node) ?? [], ...this.#groups.keysOf(node)]) {
      if (!this.#canWrite) return;
      const found = await this.#engine.read(key);
      if (typeof found === "string" || decodeRecord(key, found.value)?.node !== node) continue;
      if (!await this.#peers.isVoid(found)) return;
      await this.#engine.remove(key, found.revision);
    }
    await this.#peers.endLapsed(node);
  }

  /** Finds out whether the store is the one that was there before. Where it is not, all nodes write anew what they hold. */
  async #lookAtStore(): Promise<void> {
    if (this.#isStoreKnown) return;
    const store = await storeWord(this.#engine, this.#options.runtime);
    if (store === undefined) return;
    if (this.#store !== undefined && this.#store !== store) {
      this.#options.log("warning", "the store was lost: no names are given until all nodes have said which they hold");
      this.#graceEnds = this.#options.runtime.now() + this.#options.claimTtl;
    }
    this.#store = store;
    this.#isStoreKnown = true;
  }

  /** The last lease ran out, and so did all that was claimed with it. */
  async #claimAgain(): Promise<void> {
    this.#options.log("warning", "this node's lease ran out: its names are claimed again");
    for (const holding of this.#holdings.values()) holding.changed();
    await this.#groups.claimAgain();
    const lost = new Set(await this.#ids?.claimAgain());
    for (const holding of [...this.#holdings.values()]) {
      const { id } = holding.presence;
      if (id !== undefined && lost.has(id)) holding.lose();
    }
  }
}
