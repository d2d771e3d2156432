/**
 * The member IDs that a node holds: each is claimed when somebody needs it, and given back when they leave.
 *
 * @module
 */

import type { ClaimCount } from "./counts.ts";
import type { ClusterEngine } from "./engine.ts";
import { OwnedRecord, type Ownership } from "./owned_record.ts";
import { type ClaimOwner, decodeRecord, encodeRecord, type IdClaim, idKey } from "./records.ts";

/** What a node's IDs need of it. */
export interface IdServices {
  /** The node, with the lease that it has at the time. */
  readonly owner: ClaimOwner;
  /** See {@linkcode Ownership}. */
  readonly isVoid: Ownership["isVoid"];
  /** The first and the last ID that there is. */
  readonly range: { readonly first: number; readonly last: number };
}

/** The IDs of one node, and those that others are known to have. */
export class IdClaims {
  readonly #engine: ClusterEngine;
  readonly #services: IdServices;
  readonly #own = new Map<number, OwnedRecord>();
  /** Those that are given back, as long as the store may still have them. */
  readonly #returning = new Map<number, OwnedRecord>();
  readonly #removing = new Map<number, Promise<void>>();
  /** Those that were claimed for somebody who does not have them yet. */
  readonly #promised = new Set<number>();
  readonly #others = new Map<number, IdClaim>();
  readonly #claiming = new Map<number, Promise<unknown>>();
  #isOver = false;

  /** Nothing is claimed. */
  constructor(engine: ClusterEngine, services: IdServices) {
    this.#engine = engine;
    this.#services = services;
  }

  /** How many IDs are this node's, and about how many that is being decided. */
  get count(): ClaimCount {
    return { held: this.#own.size, waiting: this.#claiming.size };
  }

  /** Whether an ID is this node's. */
  owns(id: number): boolean {
    return this.#own.has(id);
  }

  /** Another node has an ID. */
  stored(claim: IdClaim): void {
    this.#others.set(claim.number, claim);
  }

  /** An ID is nobody's, or ours. */
  removed(id: number): void {
    this.#others.delete(id);
  }

  /** The other nodes that have IDs. */
  *nodes(): Iterable<string> {
    for (const { node } of this.#others.values()) yield node;
  }

  /** The keys of all IDs of others. */
  *keys(): Iterable<string> {
    for (const id of this.#others.keys()) yield idKey(id);
  }

  /** The keys of the IDs of another node. */
  *keysOf(node: string): Iterable<string> {
    for (const claim of this.#others.values()) if (claim.node === node) yield idKey(claim.number);
  }

  /**
   * Claims the lowest ID that nobody is known to have, and nobody is about to. It is not given back before
   * {@linkcode IdClaims.handedOver}.
   *
   * @returns `undefined` if there is none.
   */
  async claim(): Promise<number | undefined> {
    const id = await this.#claimLowest();
    // Those who have just left may have had the last ones.
    if (id !== undefined || this.#removing.size === 0) return id;
    await Promise.all(this.#removing.values());
    return await this.#claimLowest();
  }

  /** Whoever an ID was claimed for has it, or does not need it any more. */
  handedOver(id: number): void {
    this.#promised.delete(id);
  }

  /** Claims all IDs again, since the node has a new lease. Returns those that it has lost. */
  async claimAgain(): Promise<readonly number[]> {
    const lost: number[] = [];
    for (const [id, record] of [...this.#own]) {
      if (await record.write(this.#encode(id)) !== "taken") continue;
      this.#own.delete(id);
      lost.push(id);
    }
    return lost;
  }

  /** Gives back what is not needed; what cannot be given back now is when this is called again. */
  async giveBack(isNeeded: (id: number) => boolean): Promise<void> {
    for (const [id, record] of [...this.#own]) {
      if (isNeeded(id) || this.#promised.has(id)) continue;
      this.#own.delete(id);
      this.#returning.set(id, record);
    }
    await Promise.all([...this.#returning].map(([id, record]) => this.#remove(id, record)));
  }

  /** Gives everything back, and claims nothing any more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#claiming.values());
    this.#promised.clear();
    await this.giveBack(() => false);
  }

  async #claimLowest(): Promise<number | undefined> {
    const { isVoid, range } = this.#services;
    for (let id = range.first; id <= range.last && !this.#isOver; id++) {
      if ([this.#own, this.#claiming, this.#returning, this.#others].some((ids) => ids.has(id))) continue;
      const record = new OwnedRecord(this.#engine, idKey(id), {
        isOurs: ({ value }) => this.#isOurs(id, value),
        isVoid,
      });
      const writing = record.write(this.#encode(id));
      this.#claiming.set(id, writing);
      const written = await writing;
      this.#claiming.delete(id);
      if (written === "unknown") return undefined;
      if (written === "taken") continue;
      this.#own.set(id, record);
      this.#promised.add(id);
      return id;
    }
    return undefined;
  }

  #remove(id: number, record: OwnedRecord): Promise<void> {
    const removing = this.#removing.get(id) ?? record.remove().then((isRemoved) => {
      if (isRemoved) this.#returning.delete(id);
      this.#removing.delete(id);
    });
    if (!this.#removing.has(id)) this.#removing.set(id, removing);
    return removing;
  }

  #encode(number: number): Uint8Array {
    const { node, epoch } = this.#services.owner;
    return encodeRecord({ node, epoch, number });
  }

  #isOurs(id: number, value: Uint8Array): boolean {
    return decodeRecord(idKey(id), value)?.node === this.#services.owner.node;
  }
}
