/**
 * Which member IDs a node may give: a block of them at a time, so that giving one asks nobody.
 *
 * @module
 */

import type { ClusterEngine } from "./engine.ts";
import { OwnedRecord, type Ownership } from "./owned_record.ts";
import { type Block, blockKey, encodeRecord, isBlock, type Owner } from "./records.ts";

/** How many IDs a block has. */
export const BLOCK = 8;

/** The blocks of one node, and those that others are known to have. */
export class IdBlocks {
  readonly #engine: ClusterEngine;
  readonly #owner: Owner;
  readonly #ownership: Omit<Ownership, "isOurs">;
  readonly #range: { readonly first: number; readonly last: number };
  readonly #own = new Map<number, OwnedRecord>();
  readonly #others = new Map<number, Block>();
  #claiming: Promise<boolean> | undefined;
  #isOver = false;

  /** @param range the first and the last ID that there is. */
  constructor(
    engine: ClusterEngine,
    owner: Owner,
    ownership: Omit<Ownership, "isOurs">,
    range: { readonly first: number; readonly last: number },
  ) {
    this.#engine = engine;
    this.#owner = owner;
    this.#ownership = ownership;
    this.#range = range;
  }

  /** Whether an ID is this node's to give. */
  owns(id: number): boolean {
    return this.#own.has(id - (id - this.#range.first) % BLOCK);
  }

  /** Another node has a block. */
  stored(block: Block): void {
    this.#others.set(block.first, block);
  }

  /** A block is nobody's, or ours. */
  removed(first: number): void {
    this.#others.delete(first);
  }

  /** The other nodes that have blocks. */
  *nodes(): Iterable<string> {
    for (const { node } of this.#others.values()) yield node;
  }

  /** The keys of the blocks of another node. */
  *keysOf(node: string): Iterable<string> {
    for (const block of this.#others.values()) if (block.node === node) yield blockKey(block.first);
  }

  /** Claims one more block; says whether there was one. Calls that come meanwhile share the answer. */
  claim(): Promise<boolean> {
    if (this.#isOver) return Promise.resolve(false);
    return this.#claiming ??= this.#claimNext().finally(() => this.#claiming = undefined);
  }

  /** Claims all blocks again, since the node has a new lease. Returns the first IDs of those that it has lost. */
  async claimAgain(): Promise<readonly number[]> {
    const lost: number[] = [];
    for (const [first, record] of [...this.#own]) {
      if (await record.write(this.#encode(first)) !== "taken") continue;
      this.#own.delete(first);
      lost.push(first);
    }
    return lost;
  }

  /** Gives all of them back. */
  async giveBack(): Promise<void> {
    this.#isOver = true;
    await this.#claiming;
    await Promise.all([...this.#own.values()].map((record) => record.remove()));
    this.#own.clear();
  }

  async #claimNext(): Promise<boolean> {
    for (const first of this.#candidates()) {
      const isOurs: Ownership["isOurs"] = ({ value }) => this.#isOurs(value);
      const record = new OwnedRecord(this.#engine, blockKey(first), { ...this.#ownership, isOurs });
      const written = await record.write(this.#encode(first));
      if (written === "unknown") return false;
      if (written === "taken") continue;
      this.#own.set(first, record);
      return true;
    }
    return false;
  }

  /** Blocks that nobody is known to have come first: others may still turn out to be void. */
  #candidates(): readonly number[] {
    const free: number[] = [];
    const theirs: number[] = [];
    for (let first = this.#range.first; first <= this.#range.last; first += BLOCK) {
      if (!this.#own.has(first)) (this.#others.has(first) ? theirs : free).push(first);
    }
    return [...free, ...theirs];
  }

  #encode(first: number): Uint8Array {
    const { node, epoch } = this.#owner;
    return encodeRecord({ node, epoch, first });
  }

  #isOurs(value: Uint8Array): boolean {
    const block: unknown = JSON.parse(new TextDecoder().decode(value));
    return typeof block === "object" && block !== null && isBlock(block) && block.node === this.#owner.node;
  }
}
