/**
 * Who is present on the other nodes, as the records in the store tell it.
 *
 * @module
 */

import { isLoopback } from "../core/datagrams.ts";
import type { Endpoint } from "../core/link.ts";
import type { ClusterHub, RemoteMember } from "../hub/cluster.ts";
import type { Delivery, Recipient } from "../hub/delivery.ts";
import type { Peer } from "./peer.ts";
import { claimKey, type ClaimOwner, type NameClaim } from "./records.ts";

/** Somebody on another node. */
export class MemberElsewhere implements RemoteMember, Recipient {
  /** See {@linkcode RemoteMember}. */
  readonly name: string;
  /** See {@linkcode RemoteMember}. */
  readonly title: string;
  /** See {@linkcode RemoteMember}. */
  readonly dialect: string;
  /** See {@linkcode RemoteMember}. */
  readonly remote: Endpoint;
  /** See {@linkcode RemoteMember}. */
  readonly since: number;
  /** See {@linkcode RemoteMember}. */
  readonly id: number | undefined;
  /** See {@linkcode RemoteMember}. */
  readonly isProvisional: boolean;
  /** See {@linkcode RemoteMember}. */
  readonly group: string | undefined;
  /** See {@linkcode RemoteMember}. */
  readonly recipient: Recipient = this;

  /** As their claim says. */
  constructor(
    /** Their claim. */
    readonly claim: NameClaim,
    /** Their node. */
    readonly peer: Peer,
  ) {
    this.name = claim.name;
    this.title = claim.title;
    this.dialect = claim.dialect;
    this.remote = claim.remote;
    this.since = claim.since;
    this.id = claim.number;
    this.group = claim.group;
    this.isProvisional = claim.stage === "provisional";
  }

  /** See {@linkcode RemoteMember}. */
  get address(): Endpoint | undefined {
    return this.peer.isNear || !isLoopback(this.remote.hostname) ? this.remote : undefined;
  }

  /** See {@linkcode RemoteMember}. */
  get sharesPorts(): boolean {
    return this.peer.sharesPorts;
  }

  /** See {@linkcode RemoteMember}. */
  passDatagram(bytes: Uint8Array, from: Endpoint): void {
    this.peer.passDatagram(this, bytes, from);
  }

  /** See {@linkcode Recipient.deliver}. */
  deliver(delivery: Delivery): void {
    this.peer.passOn({ claim: this.claim.id }, delivery);
  }
}

/** Tells the hub of those who come and go on other nodes. Whoever's node is not there, or has a newer lease, is not there. */
export class RemoteRoster {
  readonly #hub: ClusterHub;
  readonly #peerOf: (owner: ClaimOwner) => Peer | undefined;
  /** All claims of other nodes, by key. */
  readonly #claims = new Map<string, NameClaim>();
  /** Those of whom the hub knows. */
  readonly #shown = new Map<string, MemberElsewhere>();

  /** @param peerOf the node that has this lease, if it is there. */
  constructor(hub: ClusterHub, peerOf: (owner: ClaimOwner) => Peer | undefined) {
    this.#hub = hub;
    this.#peerOf = peerOf;
  }

  /** The keys of all claims of a node. */
  *keysOf(node: string): Iterable<string> {
    for (const [key, claim] of this.#claims) if (claim.node === node) yield key;
  }

  /** The nodes that have claimed names. */
  nodes(): ReadonlySet<string> {
    return new Set([...this.#claims.values()].map(({ node }) => node));
  }

  /** The keys of all claims. */
  keys(): Iterable<string> {
    return this.#claims.keys();
  }

  /** A claim was written. */
  stored(claim: NameClaim): void {
    const key = claimKey(claim.name);
    this.#claims.set(key, claim);
    this.#look(key);
  }

  /** A claim is gone, or was written by this node. */
  removed(key: string): void {
    this.#claims.delete(key);
    this.#look(key);
  }

  /** A node has come, has gone, or has another lease. */
  changed(node: string): void {
    for (const key of [...this.keysOf(node)]) this.#look(key);
  }

  #look(key: string): void {
    const claim = this.#claims.get(key);
    const shown = this.#shown.get(key);
    const peer = claim === undefined || claim.stage === "claimed" ? undefined : this.#peerOf(claim);
    if (shown !== undefined && (claim?.id !== shown.claim.id || peer !== shown.peer)) {
      this.#shown.delete(key);
      shown.peer.members--;
      this.#hub.leftElsewhere(shown);
    }
    if (claim === undefined || peer === undefined) return;
    const known = this.#shown.get(key);
    const isSame = known?.claim.stage === claim.stage && known.id === claim.number && known.group === claim.group;
    if (isSame) return;
    const member = new MemberElsewhere(claim, peer);
    this.#shown.set(key, member);
    if (known !== undefined) return this.#hub.changedElsewhere(member);
    peer.members++;
    this.#hub.enteredElsewhere(member);
  }
}
