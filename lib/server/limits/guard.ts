/**
 * The limits of one connection, the same for all dialects: how long it may take, and how fast it may send.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { ServerSession } from "../../dialects/dialect.ts";
import { TokenBucket } from "./token_bucket.ts";
import { IdleTimer } from "./idle_timer.ts";

/** The limits of a connection. Times are in milliseconds. */
export interface Limits {
  /** How long a peer may take to register. However little it sends meanwhile, the time runs. */
  readonly registrationTimeout: number;
  /** How long a message may take from its first byte to its last. */
  readonly messageTimeout: number;
  /** How long a registered peer may send nothing at all; `undefined`: for ever. */
  readonly idleTimeout: number | undefined;
  /** How many messages a second a peer may send; what comes faster is read later. */
  readonly rate: number;
}

/** Stands between a link and its session, and dismisses a peer that exceeds its limits. */
export class Guard implements LinkHandler {
  readonly #session: ServerSession;
  readonly #link: Link;
  readonly #limits: Limits;
  readonly #deadlines: Deadlines;
  readonly #onClosed: (link: Link, reason: CloseReason) => void;
  #registration: Deadline | undefined;
  #message: Deadline | undefined;
  #idleTimer: IdleTimer | undefined;
  #hold: Deadline | undefined;
  /** The number of the message that {@linkcode Guard.#message} is about. */
  #unfinished = 0;
  #counted = 0;
  readonly #bucket: TokenBucket;

  /** Begins with the time that the peer may take to register. `onClosed` is called when the link is closed. */
  constructor(
    session: ServerSession,
    link: Link,
    limits: Limits,
    deadlines: Deadlines,
    onClosed: (link: Link, reason: CloseReason) => void,
  ) {
    this.#session = session;
    this.#link = link;
    this.#limits = limits;
    this.#deadlines = deadlines;
    this.#onClosed = onClosed;
    this.#bucket = new TokenBucket(limits.rate, deadlines.time);
    if (session.isRegistered) this.#registered();
    else this.#registration = deadlines.set(limits.registrationTimeout, { expired: () => this.#endRegistration() });
  }

  /** Bytes from the peer, for the session. */
  receive(bytes: Uint8Array): void {
    this.#session.receive(bytes);
    this.#idleTimer?.restart();
    if (this.#registration !== undefined && this.#session.isRegistered) this.#registered();
    const { unfinished, complete } = this.#session;
    if (unfinished !== this.#unfinished) this.#watchMessage(unfinished);
    if (complete !== this.#counted) this.#count(complete);
  }

  /** The peer sends no more. */
  ended(): void {
    this.#session.ended();
  }

  /** The link is closed. */
  closed(reason: CloseReason): void {
    for (const deadline of [this.#registration, this.#message, this.#hold]) deadline?.cancel();
    this.#idleTimer?.stop();
    this.#onClosed(this.#link, reason);
    this.#session.closed(reason);
  }

  /** A session may have registered by itself, when time had passed and not when bytes came. */
  #endRegistration(): void {
    if (this.#session.isRegistered) this.#registered();
    else this.#session.dismiss("unregistered");
  }

  #registered(): void {
    this.#registration?.cancel();
    this.#registration = undefined;
    const { idleTimeout } = this.#limits;
    if (idleTimeout === undefined) return;
    this.#idleTimer = new IdleTimer(idleTimeout, this.#deadlines, () => this.#session.dismiss("idle"));
  }

  #watchMessage(unfinished: number): void {
    this.#unfinished = unfinished;
    this.#message?.cancel();
    this.#message = unfinished === 0
      ? undefined
      : this.#deadlines.set(this.#limits.messageTimeout, { expired: () => this.#endMessage(unfinished) });
  }

  /** The same for a message: what it is may be known later than its last byte. */
  #endMessage(number: number): void {
    if (this.#session.unfinished === number) this.#session.dismiss("stalled");
  }

  /** Counts the messages that have come, and reads on only when the rate allows for them. */
  #count(complete: number): void {
    const now = this.#deadlines.time;
    const delay = this.#bucket.spend(complete - this.#counted, now);
    this.#counted = complete;
    if (delay === 0 || this.#hold !== undefined) return;
    if (this.#bucket.isFlood(now, now + delay)) return this.#session.dismiss("flood");
    this.#link.pause("server");
    this.#hold = this.#deadlines.set(delay, {
      expired: () => {
        this.#hold = undefined;
        this.#link.resume("server");
      },
    });
  }
}
