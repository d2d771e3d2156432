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

/** How many answers a second go to addresses that are not admitted, all together: a sender's address may be false. */
const UNKNOWN_PEERS_RATE = 1_000;

/** What datagram guards need of what listeners share. */
export type DatagramGuardContext = Pick<
  ListenerContext,
  "admission" | "limits" | "broadcasts" | "deadlines" | "log" | "closeCounters" | "mentions" | "warnings"
>;

/** Which addresses are trusted to be the sender's own, and how much the others are sent. */
export interface AddressTrust {
  /** Whether an address is so near that no other host can send in its name. */
  readonly trusts: (hostname: string) => boolean;
  /** How many bytes a second all others are sent together until they have acknowledged something. */
  readonly unprovenBudget: number;
}

/** Admits clients of one dialect, and holds each to its limits. */
export class ServerDatagramGuard implements DatagramGuard {
  readonly #dialect: string;
  readonly #context: DatagramGuardContext;
  readonly #unknownPeers: TokenBucket;
  readonly #trust: AddressTrust;
  #clients = 0;

  constructor(dialect: string, context: DatagramGuardContext, trust: AddressTrust) {
    this.#trust = trust;
    this.#dialect = dialect;
    this.#context = context;
    this.#unknownPeers = new TokenBucket(UNKNOWN_PEERS_RATE, context.deadlines.time);
  }

  /** How many clients are registered. */
  get clients(): number {
    return this.#clients;
  }

  /** Admits a client that registers, or returns why not. */
  enter(client: Endpoint, dismiss: (reason: CloseReason) => void): AdmittedPeer | CloseReason {
    const { admission, deadlines, closeCounters } = this.#context;
    const refused = admission.enter(client.hostname, deadlines.time);
    if (refused === undefined) {
      this.#clients++;
      return new GuardedPeer(this.#dialect, client, this.#context, dismiss, () => this.#clients--);
    }
    logRefusal(this.#context, "a registration was refused", this.#dialect, client.hostname, refused);
    closeCounters.count(this.#dialect, refused);
    return refused;
  }

  /** Whether an address is so near that no other host can send in its name. */
  trusts(hostname: string): boolean {
    return this.#trust.trusts(hostname);
  }

  /** How many bytes a second all others are sent together until they have acknowledged something. */
  get unprovenBudget(): number {
    return this.#trust.unprovenBudget;
  }

  /** Sets what can make room for a new client, on any listener. */
  yields(makeRoom: MakeRoom): void {
    this.#context.admission.yields(makeRoom);
  }

  /** Whether a peer that is not admitted may be answered now. */
  answersStranger(): boolean {
    return this.#unknownPeers.take(this.#context.deadlines.time);
  }
}

/** One client under the limits of {@linkcode ServerDatagramGuard}. */
class GuardedPeer implements AdmittedPeer {
  readonly #dialect: string;
  readonly #client: Endpoint;
  readonly #context: DatagramGuardContext;
  readonly #dismiss: (reason: CloseReason) => void;
  readonly #onLeft: () => void;
  readonly #bucket: TokenBucket;
  readonly #broadcasts: BroadcastLimiter;
  readonly #idleTimer: IdleTimer | undefined;

  constructor(
    dialect: string,
    client: Endpoint,
    context: DatagramGuardContext,
    dismiss: (reason: CloseReason) => void,
    onLeft: () => void,
  ) {
    const { limits: { rate, idleTimeout }, deadlines } = context;
    this.#dialect = dialect;
    this.#client = client;
    this.#context = context;
    this.#dismiss = dismiss;
    this.#onLeft = onLeft;
    this.#bucket = new TokenBucket(rate, deadlines.time);
    this.#broadcasts = new BroadcastLimiter(context.broadcasts);
    if (idleTimeout !== undefined) this.#idleTimer = new IdleTimer(idleTimeout, deadlines, () => dismiss("idle"));
  }

  heard(): void {
    this.#idleTimer?.restart();
  }

  takes(): boolean {
    if (this.#broadcasts.isHeld) return false;
    const now = this.#context.deadlines.time;
    if (this.#bucket.take(now)) return true;
    logRefusal(this.#context, "datagrams were dropped", this.#dialect, this.#client.hostname, "flood");
    if (this.#bucket.isFlood(now)) this.#dismiss("flood");
    return false;
  }

  charge(recipients: number, bytes: number): void {
    this.#broadcasts.charge(recipients, bytes);
  }

  left(reason: CloseReason): void {
    const { admission, closeCounters } = this.#context;
    const { hostname: address, port } = this.#client;
    this.#idleTimer?.stop();
    this.#onLeft();
    admission.leave(address);
    closeCounters.count(this.#dialect, reason);
    logClosing(this.#context, { dialect: this.#dialect, address, port }, reason);
  }
}
