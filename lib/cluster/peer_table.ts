/**
 * The other nodes of a cluster: which of them are there, by the leases that they renew, and whose claims are void.
 *
 * @module
 */

import type { Runtime } from "../core/runtime.ts";
import { RequestCounter } from "./counts.ts";
import type { ClusterEngine, StoredRecord } from "./engine.ts";
import { Peer, type PeerContext } from "./peer.ts";
import { type ClaimOwner, decodeRecord, isLease, type Lease, leaseKey } from "./records.ts";

/** How much longer than the hub an answer is waited for, in milliseconds: the hub is to say that it has timed out. */
const LATE_MS = 500;

/** What the table of the other nodes needs of its own. */
export interface PeerServices extends Pick<Lease, "machine" | "ports"> {
  /** What carries the cluster. */
  readonly engine: ClusterEngine;
  /** Time. */
  readonly runtime: Runtime;
  /** How long a lease lasts, in milliseconds. */
  readonly claimTtl: number;
  /** How long a recipient may take to acknowledge, in milliseconds. */
  readonly ackTimeout: number;
  /** A line for the log. */
  log(level: "info" | "warning", text: string, about?: Readonly<Record<string, unknown>>): void;
}

/** The other nodes. */
export class PeerTable {
  readonly #services: PeerServices;
  readonly #self: Pick<ClaimOwner, "node">;
  readonly #changed: (node: string) => void;
  readonly #peers = new Map<string, Peer>();
  readonly #context: PeerContext;
  #lastLook: number;
  /** What the nodes are asked. */
  readonly requests = new RequestCounter();
  /** How many nodes have come. */
  seenNodes = 0;

  /** @param changed told when a node has come, has gone, or has another lease. */
  constructor(services: PeerServices, self: Pick<ClaimOwner, "node">, changed: (node: string) => void) {
    this.#services = services;
    const { engine, ackTimeout, machine, ports } = services;
    this.#context = { engine, timeout: ackTimeout + LATE_MS, requests: this.requests, machine, ports };
    this.#self = self;
    this.#changed = changed;
    this.#lastLook = services.runtime.now();
  }

  /** Those that are there. */
  *present(): Iterable<Peer> {
    for (const peer of this.#peers.values()) if (!peer.isSilent) yield peer;
  }

  /** All that have a lease, also those that say nothing any more. */
  nodes(): Iterable<string> {
    return this.#peers.keys();
  }

  /** The node that has this lease, if it is there. */
  of({ node, epoch }: ClaimOwner): Peer | undefined {
    const peer = this.#peers.get(node);
    return peer?.lease.epoch === epoch && !peer.isSilent ? peer : undefined;
  }

  /** A node that has a lease, whichever it is, also if it says nothing any more. */
  named(node: string): Peer | undefined {
    return this.#peers.get(node);
  }

  /** Whether a node is there, whichever lease it has. */
  isThere(node: string): boolean {
    return this.#peers.get(node)?.isSilent === false;
  }

  /** A lease was written. */
  seen(lease: Lease): void {
    const known = this.#peers.get(lease.node);
    const { runtime, log } = this.#services;
    const now = runtime.now();
    if (known === undefined) {
      this.#peers.set(lease.node, new Peer(this.#context, lease, now));
      this.seenNodes++;
      log("info", "a node is there", { node: lease.label });
      return this.#changed(lease.node);
    }
    const isNew = known.lease.epoch !== lease.epoch;
    if (!isNew && known.lease.beat === lease.beat) return;
    const isBack = known.isSilent;
    known.seen = now;
    known.lease = lease;
    known.isSilent = false;
    if (isNew || isBack) this.#changed(lease.node);
  }

  /** A lease is gone. */
  lost(node: string): void {
    const peer = this.#peers.get(node);
    if (peer === undefined) return;
    this.#peers.delete(node);
    if (!peer.isSilent) this.#services.log("info", "a node has left", { node: peer.lease.label });
    this.#changed(node);
  }

  /** Gives up nodes whose lease was not renewed for so long; to be called several times in that. */
  look(): void {
    const { runtime, claimTtl, log } = this.#services;
    const now = runtime.now();
    const wasStopped = now - this.#lastLook > claimTtl / 2;
    this.#lastLook = now;
    for (const [node, peer] of [...this.#peers]) {
      // What they have written meanwhile is still to be read.
      if (wasStopped) peer.seen = now;
      if (peer.isSilent || !this.#hasLapsed(peer)) continue;
      peer.isSilent = true;
      log("warning", "a node says nothing any more: its users have left", { node: peer.lease.label });
      this.#changed(node);
    }
  }

  /** Whether a record binds nobody any more: its owner has a newer lease, or none. */
  async isVoid({ key, value }: StoredRecord): Promise<boolean> {
    const record = decodeRecord(key, value);
    // Another version may know what to do with it.
    if (record === undefined) return false;
    const { node, epoch } = record;
    if (node === this.#self.node) return true;
    const found = await this.#services.engine.read(leaseKey(node));
    if (found === "none") return true;
    if (found === "unknown") return false;
    const lease = decodeRecord(found.key, found.value);
    if (lease === undefined || !isLease(lease)) return false;
    if (lease.epoch !== epoch) return true;
    this.seen(lease);
    return await this.endLapsed(node);
  }

  /**
   * Ends a lease that was not renewed for its whole time, so that its node finds out if it is there after all.
   *
   * @returns whether it has none any more.
   */
  async endLapsed(node: string): Promise<boolean> {
    const { engine } = this.#services;
    const peer = this.#peers.get(node);
    if (peer === undefined || !this.#hasLapsed(peer)) return false;
    const { lease } = peer;
    const found = await engine.read(leaseKey(node));
    if (typeof found === "string") return found === "none";
    const last = decodeRecord(found.key, found.value);
    if (last === undefined || !isLease(last) || last.epoch !== lease.epoch || last.beat !== lease.beat) return false;
    return typeof await engine.remove(found.key, found.revision) === "number";
  }

  #hasLapsed({ seen }: Peer): boolean {
    return this.#services.runtime.now() - seen >= this.#services.claimTtl;
  }
}
