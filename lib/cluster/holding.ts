/**
 * One name that somebody on this node claims, from asking for it to giving it up.
 *
 * @module
 */

import type { Claimant, Presence } from "../hub/presence.ts";
import type { OwnedRecord } from "./owned_record.ts";
import type { OwnLease } from "./own_lease.ts";
import { encodeRecord, type NameClaim } from "./records.ts";

/** Brings the record of a claim to what it is to be, one writing at a time. */
export class Holding {
  readonly #record: OwnedRecord;
  readonly #lease: Pick<OwnLease, "node" | "epoch" | "isValid">;
  readonly #claimant: Claimant;
  /** Which writing is wanted, and which is done: a number for each change. */
  #wanted = 1;
  #done = 0;
  #isDecided = false;
  #isRunning = false;
  /** Whether nothing is to be done any more, whatever the record holds. */
  #isOver = false;

  /**
   * @param id tells this claim from all others.
   * @param lease the node's, which the claim is worth as much as.
   */
  constructor(
    readonly id: string,
    readonly presence: Presence,
    claimant: Claimant,
    record: OwnedRecord,
    lease: Pick<OwnLease, "node" | "epoch" | "isValid">,
  ) {
    this.#claimant = claimant;
    this.#record = record;
    this.#lease = lease;
  }

  /** Whether nothing is left to be done, now and later. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the name is held, or is still to be decided on; neither for one that is given up. */
  get state(): "held" | "waiting" | "over" {
    if (!this.#isDecided) return "waiting";
    return this.presence.hasLeft ? "over" : "held";
  }

  /** What the record is to hold. */
  get #claim(): NameClaim {
    const { name, title, dialect, remote, since, id: number, recipient, isProvisional, group } = this.presence;
    const stage = recipient === undefined ? "claimed" : isProvisional ? "provisional" : "present";
    const { node, epoch } = this.#lease;
    return { node, epoch, id: this.id, name, title, dialect, remote, since, number, stage, group };
  }

  /** What the record is to hold has changed; {@linkcode Holding.settle} writes it. */
  changed(): void {
    this.#wanted++;
  }

  /** Nobody can be asked, and nobody waits for that: the name is refused. */
  refuse(): void {
    if (!this.#isDecided) this.#decide("unavailable");
  }

  /** It is known that somebody else has the name, or a number that goes with it. */
  lose(): void {
    if (!this.#isDecided) return this.#decide("taken");
    this.presence.evict("name-lost");
  }

  /** Writes what is to be written, if nobody does so already. What cannot be written now is left for the next call. */
  async settle(): Promise<void> {
    if (this.#isRunning || this.#isOver) return;
    this.#isRunning = true;
    while (await this.#step());
    this.#isRunning = false;
  }

  /** Says whether to go on. */
  async #step(): Promise<boolean> {
    if (this.presence.hasLeft) {
      this.#isOver = await this.#record.remove();
      return false;
    }
    if (this.#done === this.#wanted) return false;
    const wanted = this.#wanted;
    const written = await this.#record.write(encodeRecord(this.#claim));
    // With a lease that ran out meanwhile the claim may be void already.
    if (written === "unknown" || written === "written" && !this.#isDecided && !this.#lease.isValid) {
      this.refuse();
      return this.presence.hasLeft;
    }
    if (written === "taken") {
      this.lose();
      // It is not ours to remove.
      this.#isOver = true;
      return false;
    }
    this.#done = wanted;
    if (!this.#isDecided) this.#decide();
    return true;
  }

  #decide(fault?: "taken" | "unavailable"): void {
    this.#isDecided = true;
    if (fault !== undefined) this.presence.leave();
    this.#claimant.decided(fault);
  }
}
