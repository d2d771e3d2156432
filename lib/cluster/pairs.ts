/**
 * Users of whom one half is on this node and the other on another one (see {@linkcode Half}). Their home, which has their claim,
 * is where they receive; the half that sends is a guest of it.
 *
 * @module
 */

import { DELIVERED, GONE, type Outcome, refused } from "../core/outcome.ts";
import type { Member } from "../hub/member.ts";
import type { Claimant, Half, Presence } from "../hub/presence.ts";
import type { ClusterEngine, StoredRecord } from "./engine.ts";
import type { Heir, Holding, Joined } from "./holding.ts";
import type { Peer } from "./peer.ts";
import { claimKey, type ClaimOwner, decodeRecord, isClaim, type NameClaim } from "./records.ts";
import { decodeOutcome } from "./requests.ts";

/** What pairs need of their node. */
export interface PairServices {
  /** What carries the cluster. */
  readonly engine: ClusterEngine;
  /** The node, with the lease that it has at the time. */
  readonly owner: ClaimOwner;
  /** The node that has this lease, if it is there. */
  peerOf(owner: ClaimOwner): Peer | undefined;
  /** A node that has a lease, whichever it is. */
  peerNamed(node: string): Peer | undefined;
  /** Has the node wait for work before it stops. */
  begin(work: Promise<void>): void;
}

/** A half on this node that sends: its home is another one. */
interface Guest {
  readonly presence: Presence;
  readonly claimant: Claimant;
  /** The claim of its home, as it was seen last. */
  claim: NameClaim;
  /** Whether it is told that it is paired; until then, what to do then, or when it cannot be. */
  shown: PromiseWithResolvers<boolean> | undefined;
}

/** A half on this node that receives, and the node of the one that sends. */
interface Home {
  readonly claimant: Claimant;
  readonly sender: ClaimOwner;
}

/** What one half asks the node of the other. */
interface JoinRequest extends Heir {
  readonly half: Half;
}

/** The pairs of one node. */
export class Pairs {
  readonly #services: PairServices;
  /** By the keys of their names. */
  readonly #guests = new Map<string, Guest>();
  readonly #homes = new Map<Presence, Home>();
  /** The homes that are still to be told that their guest has left, by the ids of their claims. */
  readonly #departures = new Map<string, { readonly node: string; readonly guest: Member }>();

  /** There are none. */
  constructor(services: PairServices) {
    this.#services = services;
  }

  /**
   * A half's name is somebody's: asks whether that is its other half.
   *
   * @param id the half's own claim.
   */
  async join(id: string, presence: Presence, claimant: Claimant, half: Half): Promise<Joined> {
    const { engine, owner, peerOf } = this.#services;
    const key = claimKey(presence.name);
    const found = await engine.read(key);
    const claim = readClaim(found);
    const peer = claim && peerOf(claim);
    const isHalf = claim?.stage === "claimed" && claim.dialect === presence.dialect &&
      claim.remote.hostname === presence.remote.hostname;
    if (peer === undefined || !isHalf || presence.hasLeft) return "refused";
    // What happens to the home from now on must not be missed.
    const shown = Promise.withResolvers<boolean>();
    if (half === "sending") this.#guests.set(key, { presence, claimant, claim, shown });
    else this.#homes.set(presence, { claimant, sender: claim });
    const request: JoinRequest = { half, node: owner.node, epoch: owner.epoch, id };
    const answer = await peer.ask({ joins: claim.id }, presence, new TextEncoder().encode(JSON.stringify(request)));
    const isJoined = typeof answer !== "string" && decodeOutcome(answer).kind === "delivered";
    if (isJoined) return half === "receiving" ? "heir" : await shown.promise ? "guest" : "refused";
    // Where nobody knows what became of it, it may believe that we are there.
    if (answer === "unknown") this.#depart(claim, presence);
    this.#guests.delete(key);
    this.#homes.delete(presence);
    return "refused";
  }

  /** The other half of somebody on this node has come to another one. */
  async joined(holding: Holding, from: Member, body: Uint8Array): Promise<Outcome> {
    const { presence, claimant } = holding;
    const request = readRequest(body);
    if (request === undefined) return refused("unreadable");
    if (presence.hasLeft) return GONE;
    const { half, ...sender } = request;
    const isTheirs = this.#services.peerOf(sender) !== undefined && claimant.pairs?.(half, from) === true;
    if (!isTheirs) return refused("not-allowed");
    if (half === "sending") {
      this.#homes.set(presence, { claimant, sender });
      return DELIVERED;
    }
    const claim = await holding.handOver(sender);
    if (claim === undefined) {
      claimant.otherHalfLeft?.();
      return refused("undeliverable");
    }
    const key = claimKey(presence.name);
    const guest: Guest = { presence, claimant, claim, shown: undefined };
    if (presence.hasLeft) this.#depart(claim, presence);
    else this.#guests.set(key, guest);
    // It may have left already.
    this.#services.begin(this.#verify(key, guest));
    return DELIVERED;
  }

  /** The half of somebody on this node that was on another one has left. */
  departed(presence: Presence): void {
    this.#homes.get(presence)?.claimant.otherHalfLeft?.();
  }

  /** Somebody on this node has left. */
  released(presence: Presence): void {
    this.#homes.delete(presence);
    const key = claimKey(presence.name);
    const guest = this.#guests.get(key);
    if (guest?.presence !== presence) return;
    this.#guests.delete(key);
    guest.shown?.resolve(false);
    this.#depart(guest.claim, presence);
  }

  /** A claim was written. */
  stored(claim: NameClaim): void {
    if (this.#guests.size === 0) return;
    const key = claimKey(claim.name);
    const guest = this.#guests.get(key);
    if (guest === undefined) return;
    if (claim.id === guest.claim.id) this.#see(key, guest, claim);
    else this.#services.begin(this.#verify(key, guest));
  }

  /** A record is gone. */
  removed(key: string): void {
    const guest = this.#guests.get(key);
    if (guest !== undefined) this.#services.begin(this.#verify(key, guest));
  }

  /** All claims that there are have been told anew, by key. */
  told(keys: ReadonlySet<string>): void {
    for (const key of this.#guests.keys()) if (!keys.has(key)) this.removed(key);
  }

  /** A node has come, has gone, or has another lease. */
  changed(node: string): void {
    for (const [key, guest] of [...this.#guests]) if (guest.claim.node === node) this.#see(key, guest, guest.claim);
    for (const { claimant, sender } of [...this.#homes.values()]) {
      if (sender.node === node && this.#services.peerOf(sender) === undefined) claimant.otherHalfLeft?.();
    }
  }

  /** Tells the homes of those who have left what they could not be told before; to be called now and then. */
  tellDepartures(): void {
    for (const id of this.#departures.keys()) this.#services.begin(this.#tellDeparture(id));
  }

  #depart({ id, node }: NameClaim, guest: Member): void {
    this.#departures.set(id, { node, guest });
    this.#services.begin(this.#tellDeparture(id));
  }

  async #tellDeparture(id: string): Promise<void> {
    const departure = this.#departures.get(id);
    // Of a node that is gone all have left.
    const peer = departure && this.#services.peerNamed(departure.node);
    const answer = departure && await peer?.ask({ leaves: id }, departure.guest, new Uint8Array());
    if (answer === undefined || typeof answer !== "string") this.#departures.delete(id);
  }

  /** What is told may be about an earlier claim of the same name: the store knows. */
  async #verify(key: string, guest: Guest): Promise<void> {
    const found = await this.#services.engine.read(key);
    if (found === "unknown" || this.#guests.get(key) !== guest) return;
    const claim = readClaim(found);
    if (claim?.id === guest.claim.id) this.#see(key, guest, claim);
    else this.#lose(key, guest);
  }

  #see(key: string, guest: Guest, claim: NameClaim): void {
    if (this.#services.peerOf(claim) === undefined) return this.#lose(key, guest);
    guest.claim = claim;
    guest.presence.id = claim.number;
    if (claim.stage === "claimed") return;
    guest.shown?.resolve(true);
    guest.shown = undefined;
  }

  #lose(key: string, guest: Guest): void {
    this.#guests.delete(key);
    if (guest.shown === undefined) guest.claimant.otherHalfLeft?.();
    else guest.shown.resolve(false);
  }
}

function readClaim(found: StoredRecord | "none" | "unknown"): NameClaim | undefined {
  const claim = typeof found === "string" ? undefined : decodeRecord(found.key, found.value);
  return claim !== undefined && isClaim(claim) ? claim : undefined;
}

function readRequest(body: Uint8Array): JoinRequest | undefined {
  try {
    const { half, node, epoch, id }: Partial<JoinRequest> = JSON.parse(new TextDecoder().decode(body));
    if (half !== "receiving" && half !== "sending") return undefined;
    if (typeof node !== "string" || typeof epoch !== "number" || typeof id !== "string") return undefined;
    return { half, node, epoch, id };
  } catch {
    return undefined; // not JSON: nothing that a node of this version has sent
  }
}
