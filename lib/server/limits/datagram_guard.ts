/**
 * The limits of clients that speak datagrams: from registering on, each is what a connection is elsewhere.
 *
 * @module
 */

import type { Endpoint } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { AdmittedPeer, DatagramGuard, MakeRoom } from "../../dialects/dialect.ts";
import { BroadcastLimiter } from "./broadcast_limiter.ts";
import { type ListenerContext, logClosing, logRefusal } from "../listeners/listener_context.ts";
import { TokenBucket } from "./token_bucket.ts";
import { IdleTimer } from "./idle_timer.ts";

/** How many answers a second go to those who are not in, all together: whoever says where they are may lie. */
const STRANGERS_RATE = 1_000;

/** What the limits need of the house. */
export type DatagramGuardContext = Pick<
  ListenerContext,
  "admission" | "limits" | "broadcasts" | "deadlines" | "log" | "closeCounters" | "mentions" | "warnings"
>;

/** Who is believed to be where they say, and what the others are sent. */
export interface Trust {
  /** Whether an address is so near that nobody else can pretend to be there. */
  readonly trusts: (hostname: string) => boolean;
  /** How many bytes a second all others are sent together until they have acknowledged something. */
  readonly unprovenBudget: number;
}

/** Lets clients of one dialect in, and sees to the limits of each. */
export class ServerDatagramGuard implements DatagramGuard {
  readonly #dialect: string;
  readonly #house: DatagramGuardContext;
  readonly #strangers: TokenBucket;
  readonly #trust: Trust;

  /** Takes the dialect, what all doors share, and who is believed. */
  constructor(dialect: string, house: DatagramGuardContext, trust: Trust) {
    this.#trust = trust;
    this.#dialect = dialect;
    this.#house = house;
    this.#strangers = new TokenBucket(STRANGERS_RATE, house.deadlines.time);
  }

  /** Lets in a client that registers, or says why not. */
  enter(client: Endpoint, dismiss: (reason: CloseReason) => void): AdmittedPeer | CloseReason {
    const { admission, deadlines, closeCounters } = this.#house;
    const refused = admission.enter(client.hostname, deadlines.time);
    if (refused === undefined) return new GuardedPeer(this.#dialect, client, this.#house, dismiss);
    logRefusal(this.#house, "a registration was refused", this.#dialect, client.hostname, refused);
    closeCounters.count(this.#dialect, refused);
    return refused;
  }

  /** Whether an address is so near that nobody else can pretend to be there. */
  trusts(hostname: string): boolean {
    return this.#trust.trusts(hostname);
  }

  /** How many bytes a second all others are sent together until they have acknowledged something. */
  get unprovenBudget(): number {
    return this.#trust.unprovenBudget;
  }

  /** Names who can make room for whoever comes, by whichever door. */
  yields(makeRoom: MakeRoom): void {
    this.#house.admission.yields(makeRoom);
  }

  /** Whether somebody who is not in may be answered now. */
  answersStranger(): boolean {
    return this.#strangers.take(this.#house.deadlines.time);
  }
}

/** One client under the limits of {@linkcode ServerDatagramGuard}. */
class GuardedPeer implements AdmittedPeer {
  readonly #dialect: string;
  readonly #client: Endpoint;
  readonly #house: DatagramGuardContext;
  readonly #dismiss: (reason: CloseReason) => void;
  readonly #pace: TokenBucket;
  readonly #broadcasts: BroadcastLimiter;
  readonly #silence: IdleTimer | undefined;

  constructor(dialect: string, client: Endpoint, house: DatagramGuardContext, dismiss: (reason: CloseReason) => void) {
    const { limits: { rate, idleTimeout }, deadlines } = house;
    this.#dialect = dialect;
    this.#client = client;
    this.#house = house;
    this.#dismiss = dismiss;
    this.#pace = new TokenBucket(rate, deadlines.time);
    this.#broadcasts = new BroadcastLimiter(house.broadcasts);
    if (idleTimeout !== undefined) this.#silence = new IdleTimer(idleTimeout, deadlines, () => dismiss("idle"));
  }

  heard(): void {
    this.#silence?.broken();
  }

  takes(): boolean {
    if (this.#broadcasts.isHeld) return false;
    const now = this.#house.deadlines.time;
    if (this.#pace.take(now)) return true;
    logRefusal(this.#house, "datagrams were dropped", this.#dialect, this.#client.hostname, "flood");
    if (this.#pace.isFlood(now)) this.#dismiss("flood");
    return false;
  }

  charge(recipients: number, bytes: number): void {
    this.#broadcasts.charge(recipients, bytes);
  }

  left(reason: CloseReason): void {
    const { admission, closeCounters } = this.#house;
    const { hostname: address, port } = this.#client;
    this.#silence?.stop();
    admission.leave(address);
    closeCounters.count(this.#dialect, reason);
    logClosing(this.#house, { dialect: this.#dialect, address, port }, reason);
  }
}
