/**
 * Who is present, and who gets what. Knows no dialect and no socket.
 *
 * @module
 */

import type { Deadlines } from "../core/deadlines.ts";
import type { Endpoint } from "../core/link.ts";
import { UNKNOWN } from "../core/outcome.ts";
import { MessageCounters } from "./message_counters.ts";
import { type Audience, Delivery, type OutcomeObserver, type Recipient } from "./delivery.ts";
import { Forms } from "./forms.ts";
import type { Introduction, Member, Watcher } from "./member.ts";
import { type NameFault, Names } from "./names.ts";
import type { ClusterHub, GroupDirectory, HubCluster, PeerNode, RemoteMember } from "./cluster.ts";
import { Presence, type PresenceHub } from "./presence.ts";
import type { IdPool } from "./id_pool.ts";
import { SenderOrder } from "./sender_order.ts";
import { BroadcastOutcome } from "./broadcast_outcome.ts";

/** What a hub is told at its start. */
export interface HubOptions {
  /** How long a recipient may take to acknowledge a message, in milliseconds. */
  readonly ackTimeout: number;
  /** The table of deadlines, which the server moves forward. */
  readonly deadlines: Deadlines;
  /** The time of day, in milliseconds since 1970. */
  readonly wallClock: () => number;
  /** The numbers that members hold, for dialects that address by number. Without them nobody holds one. */
  readonly ids?: IdPool<Member> | undefined;
  /** Makes the hub one of several nodes; without it, it is alone. */
  readonly cluster?: ((hub: ClusterHub) => HubCluster) | undefined;
}

/** Who speaks when an operator has the server say something: a name that is reserved, without a number. */
const SERVER: Member = {
  name: "server",
  title: "server",
  dialect: "server",
  remote: { hostname: "localhost", port: 0 },
  since: 0,
  id: undefined,
  isProvisional: false,
};

/** The one place where all dialects meet. */
export class Hub implements ClusterHub {
  /** What became of all messages. */
  readonly counters = new MessageCounters();
  readonly #options: HubOptions;
  readonly #names = new Names();
  /** The names that were given or are being asked for on this node. */
  readonly #claimed = new Set<string>();
  readonly #present = new Map<string, Presence>();
  /** Those who are present on other nodes. A name is in both only until it is found out which of the two has lost it. */
  readonly #elsewhere = new Map<string, RemoteMember>();
  /** Who has a number on another node that somebody else is still thought to have. */
  readonly #nextHolders = new Map<number, RemoteMember>();
  /** Where somebody is looked for on other nodes. */
  readonly #order = new SenderOrder<Member>();
  readonly #cluster: HubCluster | undefined;
  #groupsHeard: (group: string, from: Member, text: Uint8Array) => void = () => {};
  readonly #datagramsHeard = new Map<string, (bytes: Uint8Array, from: Endpoint) => void>();
  readonly #watchers = new Set<Watcher>();
  readonly #services: PresenceHub = {
    secure: (presence, claimant, arrival) =>
      this.#cluster === undefined ? claimant.decided() : this.#cluster.claim(presence, claimant, arrival),
    enter: (presence) => this.#enter(presence),
    confirm: (presence) => this.#confirm(presence),
    move: (presence) => this.#cluster?.changed(presence),
    release: (presence) => this.#release(presence),
    send: (from, to, body, report) => this.#send(from, to, body, this.counters.open(from.dialect, report)),
    broadcast: (from, body, report) => this.#broadcast(from, body, this.counters.open(from.dialect, report)),
  };

  constructor(options: HubOptions) {
    this.#options = options;
    const cluster = this.#cluster = options.cluster?.(this);
    if (cluster !== undefined) options.ids?.giveOnly((id) => cluster.ownsId(id));
  }

  /** See {@linkcode ClusterHub.ids}. */
  get ids(): IdPool<Member> | undefined {
    return this.#options.ids;
  }

  /** Whether names can be given at the moment: see {@linkcode HubCluster.isServing}. */
  get isServing(): boolean {
    return this.#cluster?.isServing ?? true;
  }

  /** The groups of all nodes, where there are others. */
  get groups(): GroupDirectory | undefined {
    return this.#cluster?.groups;
  }

  /** Has what somebody on another node tells a group heard by a dialect that has groups. */
  hearGroups(heard: (group: string, from: Member, text: Uint8Array) => void): void {
    this.#groupsHeard = heard;
  }

  /** Has a dialect hear what has come to other nodes in datagrams, and is for somebody here. */
  hearDatagrams(dialect: string, heard: (bytes: Uint8Array, from: Endpoint) => void): void {
    this.#datagramsHeard.set(dialect, heard);
  }

  /** See {@linkcode ClusterHub.hearDatagram}. */
  hearDatagram(dialect: string, bytes: Uint8Array, from: Endpoint): void {
    this.#datagramsHeard.get(dialect)?.(bytes, from);
  }

  /** A member as other nodes have it, if it is on another one. */
  elsewhere({ name }: Member): RemoteMember | undefined {
    return this.#present.has(name) ? undefined : this.#elsewhere.get(name);
  }

  /** See {@linkcode HubCluster.whenTold}: at once where there are no other nodes. */
  whenTold(presence: Presence, told: () => void): void {
    if (this.#cluster === undefined) told();
    else this.#cluster.whenTold(presence, told);
  }

  /** See {@linkcode ClusterHub.tellGroup}. */
  tellGroup(group: string, from: Member, text: Uint8Array): void {
    this.#groupsHeard(group, from, text);
  }

  /** How long a recipient may take to acknowledge a message, in milliseconds. */
  get ackTimeout(): number {
    return this.#options.ackTimeout;
  }

  /** All who are present, in the order in which they came; those on other nodes behind those on this one. */
  *members(): Iterable<Member> {
    yield* this.#present.values();
    for (const member of this.#elsewhere.values()) if (!this.#present.has(member.name)) yield member;
  }

  /** See {@linkcode ClusterHub.locals}. */
  locals(): Iterable<Presence> {
    return this.#present.values();
  }

  /** Who is present under this name, or holds this number. */
  find(to: string | number): Member | undefined {
    return this.#reachable(to);
  }

  /** Somebody on this node who is present under this name. */
  local(name: string): Presence | undefined {
    return this.#present.get(name);
  }

  /**
   * Says something in the server's own name, which nobody else can have: to one name, or to everybody. What became of it is reported as
   * to any sender. The body is only read during this call.
   */
  say(to: string | undefined, body: Uint8Array, report: OutcomeObserver): void {
    const counted = this.counters.open(SERVER.dialect, report);
    if (to === undefined) this.#broadcast(SERVER, body, counted);
    else this.#send(SERVER, to, body, counted);
  }

  /** Has `watcher` told of all who come and go, until the function returned is called. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Gives a name to the first who asks, or `undefined` for the reason that {@linkcode Hub.nameFault} tells. Whether a name
   * is well formed is for the dialect to say. Others may have it on another node: see {@linkcode Presence.secure}.
   */
  claim(name: string, about: Introduction): Presence | undefined {
    const fault = this.nameFault(name, about.title);
    // Who had it on another node may have left: the nodes know.
    const isAsked = fault === "taken" && this.#cluster?.isServing === true && !this.#claimed.has(name);
    if (fault !== undefined && !isAsked) return undefined;
    this.#claimed.add(name);
    const presence = new Presence(this.#services, name, about, this.#options.wallClock());
    this.#names.take(presence);
    return presence;
  }

  /** Why nobody can have this name now, or be shown under this title; `undefined` if somebody can. */
  nameFault(name: string, title?: string): NameFault | undefined {
    return this.#names.fault(name, title);
  }

  /**
   * Gives the lowest free number, and the name that goes with it; a number whose name is taken is passed over.
   *
   * @param decided told who has it, or `undefined` when no number is left: at once, unless other nodes have to be asked.
   * @throws {TypeError} if the hub was given no numbers.
   */
  claimId(nameOf: (id: number) => string, about: Introduction, decided: (holder?: Presence) => void): void {
    const presence = this.#claimLowestId(nameOf, about);
    if (presence !== undefined || this.#cluster === undefined) return decided(presence);
    this.#cluster.claimId((hasMore) => hasMore ? this.claimId(nameOf, about, decided) : decided());
  }

  #claimLowestId(nameOf: (id: number) => string, about: Introduction): Presence | undefined {
    const { ids } = this.#options;
    if (ids === undefined) throw new TypeError("this hub has no ID pool");
    for (let id = ids.lowest(); id !== undefined; id = ids.lowest(id + 1)) {
      const name = nameOf(id);
      const presence = this.nameFault(name) === undefined ? this.claim(name, about) : undefined;
      if (presence === undefined) continue;
      ids.take(id, presence);
      presence.id = id;
      return presence;
    }
    return undefined;
  }

  #reachable(to: string | number): Presence | RemoteMember | undefined {
    const name = typeof to === "string" ? to : this.#options.ids?.holder(to)?.name;
    return name === undefined ? undefined : this.#present.get(name) ?? this.#elsewhere.get(name);
  }

  #enter(presence: Presence): void {
    if (!presence.isProvisional) this.#giveId(presence);
    this.#present.set(presence.name, presence);
    for (const watcher of this.#watchers) watcher.entered(presence);
    this.#cluster?.changed(presence);
  }

  #confirm(presence: Presence): void {
    this.#giveId(presence);
    for (const watcher of this.#watchers) watcher.confirmed?.(presence);
    this.#cluster?.changed(presence);
  }

  #giveId(presence: Presence): void {
    const { ids } = this.#options;
    if (presence.id !== undefined || ids === undefined) return;
    presence.id = ids.lowest();
    if (presence.id !== undefined) return ids.take(presence.id, presence);
    // Others need not wait for that.
    this.#cluster?.claimId((hasMore) => {
      if (!hasMore || presence.hasLeft) return;
      this.#giveId(presence);
      if (presence.id !== undefined) this.#cluster?.changed(presence);
    });
  }

  /** Somebody on another node has this number; who had it here may not have been heard to leave yet. */
  #takeIdElsewhere(member: RemoteMember, before?: RemoteMember): void {
    const { ids } = this.#options;
    if (member.id === undefined || ids === undefined) return;
    const holder = ids.holder(member.id);
    if (holder === undefined || holder === before) ids.take(member.id, member);
    else this.#nextHolders.set(member.id, member);
  }

  #freeId(member: Member): void {
    const { id } = member;
    const { ids } = this.#options;
    if (id === undefined || ids === undefined) return;
    const next = this.#nextHolders.get(id);
    if (next === member) this.#nextHolders.delete(id);
    if (ids.holder(id) !== member) return;
    ids.free(id);
    if (next === undefined) return;
    this.#nextHolders.delete(id);
    if (this.#elsewhere.get(next.name) === next) ids.take(id, next);
  }

  /** See {@linkcode ClusterHub.giveMissingId}. */
  giveMissingId(): void {
    for (const presence of this.#present.values()) {
      if (presence.id === undefined && !presence.isProvisional) return this.#giveId(presence);
    }
  }

  #release(presence: Presence): void {
    this.#names.free(presence);
    this.#claimed.delete(presence.name);
    this.#freeId(presence);
    this.#cluster?.released(presence);
    if (!this.#present.delete(presence.name)) return;
    for (const watcher of this.#watchers) watcher.left(presence);
  }

  /** See {@linkcode ClusterHub.enteredElsewhere}. */
  enteredElsewhere(member: RemoteMember): void {
    this.#names.take(member);
    this.#elsewhere.set(member.name, member);
    this.#takeIdElsewhere(member);
    for (const watcher of this.#watchers) watcher.entered(member);
  }

  /** See {@linkcode ClusterHub.changedElsewhere}. */
  changedElsewhere(member: RemoteMember): void {
    const before = this.#elsewhere.get(member.name);
    const isConfirmed = before?.isProvisional === true && !member.isProvisional;
    const hasMoved = before?.group !== member.group;
    this.#elsewhere.set(member.name, member);
    this.#takeIdElsewhere(member, before);
    for (const watcher of this.#watchers) {
      if (isConfirmed) watcher.confirmed?.(member);
      if (hasMoved) watcher.moved?.(member);
    }
  }

  /** See {@linkcode ClusterHub.leftElsewhere}. */
  leftElsewhere(member: RemoteMember): void {
    this.#names.free(member);
    this.#elsewhere.delete(member.name);
    this.#freeId(member);
    for (const watcher of this.#watchers) watcher.left(member);
  }

  /** See {@linkcode ClusterHub.passOn}. */
  passOn(from: Member, to: Presence, body: Uint8Array, report: OutcomeObserver): void {
    this.#pass(from, to.recipient, "direct", body, report);
  }

  /** See {@linkcode ClusterHub.passOnToAll}. */
  passOnToAll(from: Member, body: Uint8Array, report: OutcomeObserver): void {
    // The sender's half that receives may be here, and the one that sends on another node.
    this.#passToAll(from, this.#present.get(from.name), [], body, report);
  }

  #send(from: Member, to: string | number, body: Uint8Array, report: OutcomeObserver): void {
    if (!this.#order.isHeld(from)) return void this.#sendNow(from, to, body, report);
    const kept = body.slice();
    this.#order.push(from, () => this.#sendNow(from, to, kept, report));
  }

  /** Says whether what the sender says next has to wait. */
  #sendNow(from: Member, to: string | number, body: Uint8Array, report: OutcomeObserver): boolean {
    const member = this.#reachable(to);
    if (member !== undefined) this.#pass(from, member.recipient, "direct", body, report);
    else if (this.#cluster === undefined) report.settled(UNKNOWN);
    else {
      this.#seek(from, to, body.slice(), report, this.#cluster);
      return true;
    }
    return false;
  }

  /** Sends to somebody who may just have come on another node. What the sender says meanwhile, to whomever, goes behind that. */
  #seek(from: Member, to: string | number, body: Uint8Array, report: OutcomeObserver, cluster: HubCluster): void {
    this.#order.hold(from);
    cluster.find(to, (found) => {
      const member = this.#reachable(to) ?? found;
      if (member === undefined) report.settled(UNKNOWN);
      else this.#pass(from, member.recipient, "direct", body, report);
      this.#order.goOn(from);
    });
  }

  #broadcast(from: Member, body: Uint8Array, report: OutcomeObserver): number {
    const peers = this.#cluster?.peers ?? [];
    if (!this.#order.isHeld(from)) return this.#passToAll(from, from, peers, body, report);
    const kept = body.slice();
    this.#order.push(from, () => this.#passToAll(from, from, this.#cluster?.peers ?? [], kept, report) < 0);
    return [...peers].reduce((sum, { members }) => sum + members, this.#present.size);
  }

  /** Passes a message on to all who are present but one, and to those at other nodes; returns to how many. */
  #passToAll(
    from: Member,
    except: Member | undefined,
    peers: Iterable<PeerNode>,
    body: Uint8Array,
    report: OutcomeObserver,
  ): number {
    const tally = new BroadcastOutcome(report);
    const forms = new Forms();
    let recipients = 0;
    for (const presence of this.#present.values()) {
      if (presence === except) continue;
      recipients++;
      tally.expect();
      this.#pass(from, presence.recipient, "everyone", body, tally, forms);
    }
    for (const peer of peers) {
      recipients += peer.members;
      this.#pass(from, peer, "everyone", body, tally.expectAll(Math.max(1, peer.members)));
    }
    tally.complete();
    return recipients;
  }

  #pass(
    from: Member,
    to: Recipient | undefined,
    audience: Audience,
    body: Uint8Array,
    report: OutcomeObserver,
    forms?: Forms,
  ): void {
    const delivery = new Delivery(from, audience, body, report, forms);
    to?.deliver(delivery);
    // Most are not settled yet: relay waits for the recipient's word.
    if (!delivery.isSettled) delivery.expireAt(this.#options.deadlines.set(this.#options.ackTimeout, delivery));
  }
}
