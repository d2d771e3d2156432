/**
 * A relay user: a name and two sockets.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import { DELIVERED, GONE, type Outcome, refused } from "../../core/outcome.ts";
import type { Link } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Delivery, Recipient, Waiting } from "../../hub/delivery.ts";
import type { NameFault } from "../../hub/names.ts";
import type { Introduction } from "../../hub/member.ts";
import type { Claimant, Eviction, Half, Presence } from "../../hub/presence.ts";
import { writeBody } from "./codec.ts";
import { Patience, type PatienceOptions } from "../session/unresponsive_timer.ts";

/** Which of a user's two sockets: `TOSEND` carries SENDs, `TORECV` carries FORWARDs. */
export type Side = "TOSEND" | "TORECV";

/** Which half of a user a socket is to the hub. */
export function halfOf(side: Side): Half {
  return side === "TOSEND" ? "sending" : "receiving";
}

/** One of a user's two sockets. */
export interface UserSocket {
  /** What carries it. */
  readonly link: Link;
  /** Says what is still to be said, then closes. */
  finish(reason: CloseReason): void;
  /** The same, and says why where that may be said. */
  dismiss(reason: CloseReason): void;
}

/** How many FORWARDs one recipient may leave without an answer. */
const MAX_UNANSWERED = 4096;

/** A user from the first socket's REGISTER until either socket closes; present in the hub once both are registered. */
export class RelayUser implements Recipient, Claimant {
  readonly #presence: Presence;
  /** Whether all nodes know that the name is this user's; until then, who is to be told. */
  #isHeld = false;
  readonly #undecided: ((isHeld: boolean) => void)[] = [];
  readonly #forget: () => void;
  readonly #address: string;
  readonly #first: UserSocket;
  #sending: UserSocket | undefined;
  #receiving: UserSocket | undefined;
  /** Whether the other socket is on another node. */
  #isPaired = false;
  /**
   * FORWARDs without an answer, oldest first. One whose ack timeout has passed keeps its place: RECEIVED names only the
   * sender, so a late one must find the message that it is for, or it would confirm the next (`relay/send-silent`).
   */
  readonly #unanswered = new Fifo<Delivery>();
  readonly #patienceOptions: PatienceOptions;
  /** Made for the first message: most users are only there. */
  #patience: Patience | undefined;

  /**
   * @param patience what its senders' patience is measured with.
   * @param forget how the server forgets this user.
   */
  constructor(presence: Presence, socket: UserSocket, side: Side, patience: PatienceOptions, forget: () => void) {
    this.#presence = presence;
    this.#patienceOptions = patience;
    this.#forget = forget;
    this.#address = socket.link.remote.hostname;
    this.#first = socket;
    this.#take(socket, side);
  }

  /** The user's name. */
  get name(): string {
    return this.#presence.name;
  }

  /** What the user sends with, once both sockets are registered. */
  get presence(): Presence | undefined {
    const isWhole = this.#isPaired || this.#sending !== undefined && this.#receiving !== undefined;
    return this.#isHeld && isWhole ? this.#presence : undefined;
  }

  /** Whether this socket was the first. */
  isBegunBy(socket: UserSocket): boolean {
    return socket === this.#first;
  }

  /** Tells whether the name is this user's: at once, unless other nodes have to be asked. */
  whenDecided(decided: (isHeld: boolean) => void): void {
    if (this.#isHeld || this.#presence.hasLeft) decided(this.#isHeld);
    else this.#undecided.push(decided);
  }

  /** See {@linkcode Claimant.decided}. */
  decided(fault?: NameFault, isPaired = false): void {
    this.#isHeld = fault === undefined;
    this.#isPaired ||= isPaired;
    if (!this.#isHeld) this.#forget();
    this.#enterIfComplete();
    for (const decided of this.#undecided.splice(0)) decided(this.#isHeld);
  }

  /** See {@linkcode Claimant.lost}. */
  lost(why: Eviction): void {
    const socket = this.#sending ?? this.#receiving;
    socket?.dismiss(why);
  }

  /** See {@linkcode Claimant.pairs}: as for a second socket on this node. */
  pairs(half: Half, { remote }: Introduction): boolean {
    if (this.#isTaken(half) || remote.hostname !== this.#address) return false;
    this.#isPaired = true;
    this.#enterIfComplete();
    return true;
  }

  /** See {@linkcode Claimant.otherHalfLeft}. */
  otherHalfLeft(): void {
    const socket = this.#sending ?? this.#receiving;
    socket?.finish("partner-left");
  }

  /**
   * The second socket registers.
   *
   * @returns whether it can be this user's.
   */
  join(socket: UserSocket, side: Side): boolean {
    if (this.#isTaken(halfOf(side)) || socket.link.remote.hostname !== this.#address) return false;
    this.#take(socket, side);
    this.#enterIfComplete();
    return true;
  }

  /** See {@linkcode Recipient.waiting}. */
  get waiting(): Waiting {
    let messages = 0;
    for (let i = 0; i < this.#unanswered.size; i++) if (!this.#unanswered.at(i)!.isSettled) messages++;
    return { messages, bytes: this.#receiving?.link.queued ?? 0 };
  }

  #isTaken(half: Half): boolean {
    return this.#isPaired || (half === "sending" ? this.#sending : this.#receiving) !== undefined;
  }

  /** Others reach a user where it receives. */
  #enterIfComplete(): void {
    if (this.presence !== undefined && this.#receiving !== undefined) this.#presence.enter(this);
  }

  #take(socket: UserSocket, side: Side): void {
    if (side === "TOSEND") this.#sending = socket;
    else this.#receiving = socket;
  }

  /** Passes a message on as a FORWARD, and waits for the answer. */
  deliver(delivery: Delivery): void {
    const receiving = this.#receiving;
    if (receiving === undefined) return delivery.settle(GONE);
    if (this.#unanswered.size >= MAX_UNANSWERED) {
      if (this.#unanswered.peek()!.isSettled) receiving.link.abort("unresponsive");
      return delivery.settle(refused("overloaded"));
    }
    this.#unanswered.push(delivery);
    this.#patience ??= new Patience(
      this.#patienceOptions,
      (nthFromLast) => this.#unanswered.at(-nthFromLast)?.isSettled ?? false,
      // The other socket is told why, and closed as well.
      () => this.#receiving?.finish("unresponsive"),
    );
    this.#patience.passedOn();
    writeBody(receiving.link, "FORWARD", delivery.from.name, delivery.body);
    delivery.passedOn();
  }

  /** The user has said something on either socket. */
  heard(): void {
    this.#patience?.heard();
  }

  /** RECEIVED came: it is for this sender's oldest message without an answer. */
  received(sender: string): void {
    // Nearly always that is the oldest of all.
    if (this.#unanswered.peek()?.from.name === sender) return this.#answerOldest(DELIVERED);
    let before = 0;
    const delivery = this.#unanswered.take(({ from }) => {
      if (from.name === sender) return true;
      before++;
      return false;
    });
    if (delivery === undefined) return;
    this.#patience?.answered(this.#unanswered.size - before);
    delivery.settle(DELIVERED);
  }

  /** An ERROR came, which names nobody: it is for the oldest message without an answer. */
  rejected(): void {
    this.#answerOldest(refused("unreadable"));
  }

  #answerOldest(outcome: Outcome): void {
    const delivery = this.#unanswered.shift();
    this.#patience?.answered(this.#unanswered.size);
    delivery?.settle(outcome);
  }

  /** One of the sockets is closing: the name is free, and the other socket is closed too. */
  leave(socket: UserSocket, reason: CloseReason): void {
    if (this.#sending === undefined && this.#receiving === undefined) return;
    const other = socket === this.#sending ? this.#receiving : this.#sending;
    this.#sending = this.#receiving = undefined;
    this.#presence.leave();
    this.#forget();
    this.#patience?.stop();
    for (let delivery = this.#unanswered.shift(); delivery; delivery = this.#unanswered.shift()) delivery.settle(GONE);
    if (reason === "unresponsive") other?.dismiss(reason);
    else other?.finish(reason === "shutdown" ? reason : "partner-left");
  }
}
