/**
 * A node's own lease: as long as it is renewed, what the node claims is its.
 *
 * @module
 */

import type { Runtime } from "../core/runtime.ts";
import type { ClusterEngine, Written } from "./engine.ts";
import { type ClaimOwner, encodeRecord, FORMAT, type Lease, leaseKey } from "./records.ts";

/** What a lease is made for. */
export interface LeaseOptions extends Pick<Lease, "machine" | "ports"> {
  /** The node. */
  readonly node: string;
  /** What people call the node. */
  readonly label: string;
  /** How long the lease lasts, in milliseconds, unless it is renewed. */
  readonly ttl: number;
}

/**
 * Renews the lease of its node. A lease that was not renewed in time, or that others have ended, begins anew as the next epoch:
 * what was claimed in the one before is void, and has to be claimed again.
 */
export class OwnLease implements ClaimOwner {
  readonly #engine: ClusterEngine;
  readonly #runtime: Runtime;
  readonly #options: LeaseOptions;
  #epoch = 0;
  #beat = 0;
  #revision: number | undefined;
  /** When the last renewal that succeeded was begun: others count from a later moment. */
  #renewed = -Infinity;

  /** The node has no lease yet. */
  constructor(engine: ClusterEngine, runtime: Runtime, options: LeaseOptions) {
    this.#engine = engine;
    this.#runtime = runtime;
    this.#options = options;
  }

  /** The node. */
  get node(): string {
    return this.#options.node;
  }

  /** Which of the node's leases this is. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether nobody can have ended it. */
  get isValid(): boolean {
    return this.#runtime.now() - this.#renewed < this.#options.ttl;
  }

  /**
   * Renews it, or begins a new one; not to be called again before that is done.
   *
   * @returns whether a new one has begun.
   */
  async renew(): Promise<boolean> {
    const isValid = this.isValid;
    const epoch = isValid ? this.#epoch : this.#epoch + 1;
    const began = this.#runtime.now();
    const written = await this.#write(epoch);
    if (typeof written === "number") {
      this.#revision = written;
      this.#renewed = began;
      this.#epoch = epoch;
      return !isValid;
    }
    if (await this.#wasWritten(epoch)) {
      this.#renewed = began;
      this.#epoch = epoch;
      return !isValid;
    }
    return isValid && !this.isValid ? await this.renew() : false;
  }

  /** Gives it up. */
  async end(): Promise<void> {
    this.#renewed = -Infinity;
    if (this.#revision !== undefined) await this.#engine.remove(leaseKey(this.node), this.#revision);
  }

  #write(epoch: number): Promise<Written> {
    const { node } = this.#options;
    this.#beat++;
    const value = this.#encode(epoch);
    const key = leaseKey(node);
    return this.#revision === undefined
      ? this.#engine.create(key, value)
      : this.#engine.update(key, value, this.#revision);
  }

  /** Whether the last writing is there, although it was not confirmed. Finds out what the next one has to write over. */
  async #wasWritten(epoch: number): Promise<boolean> {
    const found = await this.#engine.read(leaseKey(this.node));
    if (found === "unknown") return false;
    if (found === "none") {
      // Others have ended it, or the store was lost: what was claimed with it is void.
      this.#revision = undefined;
      this.#renewed = -Infinity;
      return false;
    }
    this.#revision = found.revision;
    const value = this.#encode(epoch);
    return found.value.length === value.length && value.every((byte, i) => byte === found.value[i]);
  }

  #encode(epoch: number): Uint8Array {
    const { node, label, machine, ports } = this.#options;
    return encodeRecord({ node, epoch, beat: this.#beat, label, machine, ports, format: FORMAT });
  }
}
