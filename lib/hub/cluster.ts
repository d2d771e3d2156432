/**
 * What a hub asks of other nodes that are one hub with it, and what they ask of it (PROTOCOLS.md, One hub on many nodes).
 *
 * @module
 */

import type { Endpoint } from "../core/link.ts";
import type { OutcomeObserver, Recipient } from "./delivery.ts";
import type { IdPool } from "./id_pool.ts";
import type { Member } from "./member.ts";
import type { NameFault } from "./names.ts";
import type { Claimant, Coming, Presence } from "./presence.ts";

/** Where a hub is one of several nodes, the others as it sees them. */
export interface HubCluster {
  /** Whether names and numbers can be given at the moment: not where other nodes cannot be asked. */
  readonly isServing: boolean;
  /**
   * Claims a name for this node, which has reserved it. The claimant's `decided` is called exactly once, also if the presence
   * has left meanwhile; `lost` at most once, after that. Where the other half of the same user has the name on another node, the
   * two are paired: the presence of the half that sends is never entered, and speaks for the one that is.
   */
  claim(presence: Presence, claimant: Claimant, arrival: Coming): void;
  /** A member of this node can be reached from now on, is not provisional any more, or has a number: the others are told. */
  changed(presence: Presence): void;
  /** A name that was claimed is given up, whether or not it was decided on. */
  released(presence: Presence): void;
  /** Whether a member's number is this node's to give. */
  ownsId(id: number): boolean;
  /** Gets this node one more number to give, if there is any: `decided` is called once, and says whether it has. */
  claimId(decided: (hasMore: boolean) => void): void;
  /**
   * Looks for somebody who has just come on another node, so that this one was not told yet, by a name or a number. `found` is called
   * once; by then all that had happened before is told.
   */
  find(to: string | number, found: (member?: RemoteMember) => void): void;
  /** Calls back when what has changed of a presence can be known to others. */
  whenTold(presence: Presence, told: () => void): void;
  /** The groups of all nodes. */
  readonly groups: GroupDirectory;
  /** The other nodes, each as who takes what is for everybody there. */
  readonly peers: Iterable<PeerNode>;
}

/** The groups of all nodes. */
export interface GroupDirectory {
  /** Their names. */
  names(): Iterable<string>;
  /** Whether there is a group of this name. */
  has(group: string): boolean;
  /** Makes a group: `decided` is called once. One in which somebody on this node is stays as long as they do. */
  create(group: string, decided: (result: "created" | "exists" | "unavailable") => void): void;
  /**
   * Gives up a group in which nobody is, if it is this node's to give up.
   *
   * @returns whether it is.
   */
  drop(group: string): boolean;
  /** Tells the members of a group on other nodes something. What becomes of that nobody is told. */
  tell(group: string, from: Presence, text: Uint8Array): void;
  /** Calls back when all is known here that was decided on any node before, groups and who is in them; or nobody can tell. */
  refresh(done: () => void): void;
}

/** Another node: it takes what is for everybody who is present there. */
export interface PeerNode extends Recipient {
  /** How many are present there. */
  readonly members: number;
}

/** Somebody who is present on another node, and how to reach them. */
export interface RemoteMember extends Member {
  /** Passes messages on to their node. */
  readonly recipient: Recipient;
  /** Where they are reached if they listen themselves; `undefined` where that is another machine's loopback address. */
  readonly address: Endpoint | undefined;
  /** Whether their node has the same ports of the same machine as this one, so that what is for it may come to this one. */
  readonly sharesPorts: boolean;
  /**
   * Passes on a datagram that is for their node; it may be lost.
   *
   * @param from where it has come from.
   */
  passDatagram(bytes: Uint8Array, from: Endpoint): void;
}

/** What other nodes, or those who speak for them, may ask of a hub. */
export interface ClusterHub {
  /** Those who are present on this node. */
  locals(): Iterable<Presence>;
  /** The numbers that members hold, where they do. */
  readonly ids: Pick<IdPool<Member>, "first" | "last" | "holder"> | undefined;
  /** Gives a number to somebody on this node who has none, since there was none, or nobody to be asked. */
  giveMissingId(): void;
  /** Somebody has become reachable on another node. */
  enteredElsewhere(member: RemoteMember): void;
  /** Somebody there is not provisional any more, or has a number. */
  changedElsewhere(member: RemoteMember): void;
  /** They have left, or cannot be reached any more. */
  leftElsewhere(member: RemoteMember): void;
  /** Passes a message of somebody on another node on to one member of this node. */
  passOn(from: Member, to: Presence, body: Uint8Array, report: OutcomeObserver): void;
  /** Somebody on another node tells all who are in a group. */
  tellGroup(group: string, from: Member, text: Uint8Array): void;
  /** A datagram that is for somebody here has come to another node. */
  hearDatagram(dialect: string, bytes: Uint8Array, from: Endpoint): void;
  /** Passes it on to everybody on this node. The outcome is `unknown` if nobody counts. */
  passOnToAll(from: Member, body: Uint8Array, report: OutcomeObserver): void;
}

/** Why a claim is not granted: somebody has the name, or nobody can be asked. */
export type ClaimFault = Extract<NameFault, "taken" | "unavailable">;
