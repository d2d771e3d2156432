/**
 * One name that somebody on this node claims, from asking for it to giving it up.
 *
 * @module
 */

import type { Claimant, Coming, Presence } from "../hub/presence.ts";
import type { ClaimCount } from "./counts.ts";
import type { OwnedRecord } from "./owned_record.ts";
import type { OwnLease } from "./own_lease.ts";
import { type ClaimOwner, encodeRecord, type NameClaim } from "./records.ts";

/** Who gets a claim that is handed over: a node, and the claim that it has made. */
export interface Heir extends ClaimOwner {
  /** See {@linkcode NameClaim.id}. */
  readonly id: string;
}

/** What became of asking whether a name that is taken is our own other half's: it handed its claim over to us, or we are its guest. */
export type Joined = "heir" | "guest" | "refused";

/** How many names are held, and how many are waited for. */
export function countNames(holdings: Iterable<Holding>): ClaimCount {
  let [held, waiting] = [0, 0];
  for (const { state } of holdings) {
    if (state === "held") held++;
    else if (state === "waiting") waiting++;
  }
  return { held, waiting };
}

/** Brings the record of a claim to what it is to be, one writing at a time. */
export class Holding {
  readonly #record: OwnedRecord;
  readonly #lease: Pick<OwnLease, "node" | "epoch" | "isValid">;
  readonly #isWhole: boolean;
  readonly #join: (() => Promise<Joined>) | undefined;
  /** Which writing is wanted, and which is done: a number for each change. */
  #wanted = 1;
  #done = 0;
  #isDecided = false;
  #isRunning = false;
  /** Whether nothing is to be done any more, whatever the record holds. */
  #isOver = false;
  #isPaired = false;
  #idle: PromiseWithResolvers<void> | undefined;
  #handover: { readonly heir: Heir; readonly done: (claim: NameClaim | undefined) => void } | undefined;

  /**
   * @param id tells this claim from all others.
   * @param lease the node's, which the claim is worth as much as.
   * @param arrival whether others may be told of them at once.
   * @param join where the name may be that of its claimant's other half, asks for that.
   */
  constructor(
    readonly id: string,
    readonly presence: Presence,
    readonly claimant: Claimant,
    record: OwnedRecord,
    lease: Pick<OwnLease, "node" | "epoch" | "isValid">,
    arrival: Coming,
    join?: () => Promise<Joined>,
  ) {
    this.#isWhole = arrival === "whole";
    this.#join = join;
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
    const stage = recipient === undefined && !this.#isWhole ? "claimed" : isProvisional ? "provisional" : "present";
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

  /**
   * Hands the claim over to another node.
   *
   * @returns what it has become; `undefined` if nobody can tell, or there is nothing to hand over.
   */
  handOver(heir: Heir): Promise<NameClaim | undefined> {
    const { promise, resolve } = Promise.withResolvers<NameClaim | undefined>();
    this.#handover?.done(undefined);
    this.#handover = { heir, done: resolve };
    this.changed();
    void this.settle();
    return promise;
  }

  /** Resolves when what is to be written is, or cannot be now. */
  whenIdle(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Writes what is to be written, if nobody does so already. What cannot be written now is left for the next call. */
  async settle(): Promise<void> {
    if (this.#isRunning || this.#isOver) return;
    this.#isRunning = true;
    while (await this.#step());
    this.#isRunning = false;
    this.#handover?.done(undefined);
    this.#handover = undefined;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  /** Says whether to go on. */
  async #step(): Promise<boolean> {
    if (this.presence.hasLeft) {
      this.#isOver = await this.#record.remove();
      return false;
    }
    if (this.#done === this.#wanted) return false;
    const wanted = this.#wanted;
    const handover = this.#handover;
    const claim = { ...this.#claim, ...handover?.heir };
    const written = await this.#record.write(encodeRecord(claim));
    // With a lease that ran out meanwhile the claim may be void already.
    if (written === "unknown" || written === "written" && !this.#isDecided && !this.#lease.isValid) {
      this.refuse();
      return this.presence.hasLeft;
    }
    if (written === "taken") {
      if (!this.#isDecided && this.#join !== undefined) return await this.#joinOther(this.#join);
      this.lose();
      // It is not ours to remove.
      this.#isOver = true;
      return false;
    }
    this.#done = wanted;
    if (!this.#isDecided) this.#decide();
    if (handover === undefined) return true;
    // It is the heir's to remove from now on.
    this.#isOver = true;
    handover.done(claim);
    return false;
  }

  async #joinOther(join: () => Promise<Joined>): Promise<boolean> {
    const joined = this.#isPaired ? "refused" : await join();
    if (joined === "heir") {
      // Written by the other half, with our id: the next step finds it to be ours.
      this.#isPaired = true;
      return true;
    }
    if (joined === "guest") {
      this.#isPaired = this.#isOver = true;
      this.#decide();
    } else {
      this.#decide("taken");
      // Nobody may know whether it was handed over.
      this.#isOver = await this.#record.remove();
    }
    return false;
  }

  #decide(fault?: "taken" | "unavailable"): void {
    this.#isDecided = true;
    if (fault !== undefined) this.presence.leave();
    this.claimant.decided(fault, this.#isPaired);
  }
}
