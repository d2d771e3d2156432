/**
 * One connection to the target, as a fixture sees it: what has arrived and was not expected yet, and what is waited for.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../../lib/core/link.ts";
import type { Runtime } from "../../../lib/core/runtime.ts";
import { type Match, Matcher } from "../../pattern/matcher.ts";
import type { Program } from "../../pattern/program.ts";
import type { Role } from "../../transcript/check.ts";
import type { BytesWait } from "./bytes_wait.ts";
import { ByteQueue } from "./byte_queue.ts";
import { Repetitions } from "./repetitions.ts";
import type { RoundTripEstimator } from "../round_trip_estimator.ts";
import { afterSilence, sleep } from "../sleep.ts";

/** More than this that nothing has waited for is a flood, in bytes; bodies in fixtures are far smaller. */
export const MAX_UNREAD = 1024 * 1024;

/** What a connection reports, and how long its silences last. */
export interface ConnectionOptions {
  /** The time. */
  readonly runtime: Runtime;
  /** Called when something arrived, or was taken, or the server closed: some expectations may be in vain now. */
  changed(): void;
  /** Called when something arrived, before anything is made of it. */
  heard?(): void;
  /** Called when the server sends without end. */
  flooded(connection: Connection): void;
  /** How long nothing must arrive before what has no end of its own is taken, or what another expectation would take first. */
  readonly roundTrips: Pick<RoundTripEstimator, "settlingWindow" | "decidingWindow">;
  /** What is left out where nothing waits for it. */
  readonly ignored?: Program | undefined;
  /** Whether it carries datagrams. */
  readonly hasDatagrams?: boolean;
  /** Whether they may be lost, doubled or overtaken on their way, which is not the server's fault. */
  readonly isLossy?: boolean;
  /** Who is on the other side; a server if nothing is said. */
  readonly peer?: Role;
}

/** How a connection stands. */
export type ConnectionState =
  /** Both sides can speak. */
  | "open"
  /** The server has closed it, or it was lost. */
  | "closed"
  /** We have closed it. */
  | "parted";

/** One connection to the target. */
export class Connection implements LinkHandler {
  /** Its name in the fixture. */
  name: string;
  /** Who is on the other side. */
  readonly peer: Role;
  /** Whether it carries datagrams: then only one of them is unread at a time, and is taken whole. */
  readonly hasDatagrams: boolean;
  /** Whether datagrams may be lost, doubled or overtaken on their way: then any that has come can be taken, and more may come. */
  readonly isLossy: boolean;
  /** When something was last sent, on the clock of {@linkcode ConnectionOptions.runtime}. */
  lastSentAt: number | undefined;
  /** When something last arrived, on the same clock. */
  lastArrivalAt: number | undefined;
  /** Whether a step has got what it waited for since something was last sent: then the server has read that. */
  hasAnswered = false;
  /** What the last step sent. */
  lastStep: Uint8Array = new Uint8Array();
  /** Whether anything ever arrived. */
  hasSpoken = false;
  /** The last byte that has arrived. */
  lastByte: number | undefined;
  /** The last byte of the first that the server said, where that is of interest: see {@linkcode fitLineEnd}. */
  greetingEnd: number | undefined;
  /** Whether nothing that happens on it counts any more. */
  isForgotten = false;
  /** Whether anything that arrived was taken, or left out. */
  hasTaken = false;
  /** Whether a step has said that the server closes it. */
  isCloseExpected = false;
  readonly #link: HalfClosingLink;
  readonly #options: ConnectionOptions;
  readonly #unread = new ByteQueue();
  /** Datagrams behind the one that is unread. */
  #next: Uint8Array[] = [];
  /** How many bytes they have together. */
  #nextLength = 0;
  /** How many of them nobody has wanted since something was last taken. */
  #unwanted = 0;
  readonly #repetitions = new Repetitions();
  readonly #gone = Promise.withResolvers<void>();
  readonly #spoken = Promise.withResolvers<void>();
  #waiters: BytesWait[] = [];
  #state: ConnectionState = "open";
  #hasEnded = false;
  #event = Promise.withResolvers<void>();
  /** Cancels what silence is to decide. */
  #cancelSilence = () => {};

  /** Starts reading from an open link. */
  constructor(name: string, link: HalfClosingLink, options: ConnectionOptions) {
    this.name = name;
    this.hasDatagrams = options.hasDatagrams ?? false;
    this.isLossy = options.isLossy ?? false;
    this.peer = options.peer ?? "server";
    this.#link = link;
    this.#options = options;
    link.start(this);
  }

  /** How it stands. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether both sides can still speak: neither has closed it, nor have we said that we have nothing more to say. */
  get isOpen(): boolean {
    return this.#state === "open" && !this.#hasEnded;
  }

  /** What has arrived and was not taken; only valid until more arrives. */
  get unread(): Uint8Array {
    return this.#unread.bytes;
  }

  /** Whether nothing is there that counts: at most ignored messages, the last of which may be unfinished. */
  get isQuiet(): boolean {
    if (this.isLossy) this.#leaveOutRepeated();
    while (this.#leaveOut());
    return this.#unread.bytes.length === 0 || this.isAmidIgnored;
  }

  /** Whether what has arrived may become an ignored message; a datagram is one or is none. */
  get isAmidIgnored(): boolean {
    return !this.hasDatagrams && this.#unread.bytes.length > 0 && this.#matchIgnored()?.state === "more";
  }

  /** Settles when the link is closed for good. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Settles when the server has said something, or will not. */
  get spoken(): Promise<void> {
    return this.#spoken.promise;
  }

  /** Sends bytes; settles when they are handed over to the system, or the connection is gone. */
  send(bytes: Uint8Array): Promise<void> {
    this.hasAnswered = false;
    if (this.isLossy) this.#repetitions.sent(bytes);
    this.#link.write(bytes);
    this.lastSentAt = this.#options.runtime.now();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#link.flushed(() => resolve());
    return promise;
  }

  /** Sends the last datagram again if nothing has come since that could be the answer, and that was not done often enough. */
  askAgain(): void {
    if (!this.isLossy || !this.isOpen) return;
    const bytes = this.#repetitions.next();
    if (bytes === undefined) return;
    this.#link.write(bytes);
    this.lastSentAt = this.#options.runtime.now();
  }

  /** Waits for so many milliseconds until something arrives, or the server closes, and says whether something came of it. */
  async hears(milliseconds: number): Promise<boolean> {
    const over = new AbortController();
    const event = this.#event.promise.then(() => true);
    const late = sleep(this.#options.runtime, milliseconds, over.signal).then(() => false, () => false);
    const hasHeard = await Promise.race([event, late]);
    over.abort("over");
    return hasHeard;
  }

  /** Adds a waiter. Of several that could take what arrives, the one that was added first takes it. */
  add(waiter: BytesWait): void {
    this.#waiters.push(waiter);
    this.#unwanted = 0;
    this.#check();
  }

  /** Removes a waiter; others may have waited only for that. */
  remove(waiter: BytesWait): void {
    if (!this.#waiters.includes(waiter)) return;
    this.#drop(waiter);
    this.#check();
  }

  /** Lets nothing that happens on it count from now on. */
  forget(): void {
    this.isForgotten = true;
    this.discard();
  }

  /** Throws away what has arrived. */
  discard(): void {
    this.#unread.clear();
    this.#next = [];
    this.#nextLength = 0;
  }

  /** Closes it: in good order, at once, or so that the server finds it reset, as that of a process that was killed. */
  part(how: "close" | "drop" | "reset"): void {
    if (how === "close") this.#link.end("done");
    else if (how === "drop") this.#link.abort("done");
    else if (this.#link.reset === undefined) this.#link.abort("done");
    else this.#link.reset("done");
    this.#state = "parted";
    this.#cancelSilence();
    this.discard();
  }

  /** Sends nothing more, and reads on. */
  end(): void {
    this.#hasEnded = true;
    this.#link.finish();
  }

  /** See {@linkcode LinkHandler.receive}. */
  receive(bytes: Uint8Array): void {
    if (this.#state !== "open") return;
    this.hasSpoken = true;
    this.lastByte = bytes[bytes.length - 1];
    this.lastArrivalAt = this.#options.runtime.now();
    this.#options.heard?.();
    this.#tell();
    if (this.isForgotten) return;
    if (this.#repetitions.isAsking && !this.#isIgnored(bytes)) this.#repetitions.heard();
    if (!this.#hasRoomFor(bytes.length, MAX_UNREAD)) this.#leaveOutOldIgnored(bytes.length);
    if (!this.#hasRoomFor(bytes.length, MAX_UNREAD)) {
      this.#link.abort("done");
      return this.#options.flooded(this);
    }
    this.#enqueue(bytes);
    this.#check();
  }

  /** See {@linkcode LinkHandler.ended}. */
  ended(): void {
    if (this.#state === "open") this.#state = "closed";
    this.#tell();
    this.#link.end("done");
    this.#check();
  }

  /** See {@linkcode LinkHandler.closed}. */
  closed(): void {
    this.#cancelSilence();
    if (this.#state === "open") this.#state = "closed";
    this.#gone.resolve();
    this.#tell();
    this.#check();
  }

  #tell(): void {
    this.#spoken.resolve();
    this.#event.resolve();
    this.#event = Promise.withResolvers();
  }

  /** Gives what is there to the waiters, as long as one takes something, and leaves out what is ignored and none can take. */
  #check(): void {
    this.#cancelSilence();
    do {
      for (let decided = this.#decide(); decided !== undefined; decided = this.#decide()) this.#give(decided);
    } while (this.#haveAllFailed && (this.isLossy ? this.#putLast() : this.#leaveOut()));
    this.#options.changed();
  }

  get #haveAllFailed(): boolean {
    return this.#waiters.length > 0 && this.#waiters.every(({ state }) => state === "failed");
  }

  #hasRoomFor(length: number, most: number): boolean {
    return this.#unread.bytes.length + this.#nextLength + length <= most;
  }

  /** A server that others use as well sends much that no step may ever wait for: the newest half of it is kept. */
  #leaveOutOldIgnored(length: number): void {
    this.#next = this.#next.filter((datagram) => {
      const isKept = this.#hasRoomFor(length, MAX_UNREAD / 2) || !this.#isIgnored(datagram);
      if (!isKept) this.#nextLength -= datagram.length;
      return isKept;
    });
  }

  #isIgnored(datagram: Uint8Array): boolean {
    return this.#matchIgnored(datagram)?.state === "matched";
  }

  /**
   * Puts a datagram that nobody wants now behind those that came later, which it may have overtaken, and says whether there is one
   * that was not tried.
   */
  #putLast(): boolean {
    if (this.#unwanted >= this.#next.length) return false;
    this.#unwanted++;
    this.#next.push(this.#unread.bytes.slice());
    this.#nextLength += this.#unread.bytes.length;
    this.#advance(this.#unread.bytes.length);
    return true;
  }

  /** Leaves out whatever may be on the way once more without the server's doing, and what is ignored. */
  #leaveOutRepeated(): void {
    const isLeft = (bytes: Uint8Array) => !this.#repetitions.isRepeated(bytes) && !this.#isIgnored(bytes);
    const left = [this.#unread.bytes.slice(), ...this.#next].filter((bytes) => bytes.length > 0 && isLeft(bytes));
    this.discard();
    for (const bytes of left) this.#enqueue(bytes);
  }

  #enqueue(bytes: Uint8Array): void {
    if (this.hasDatagrams && this.#unread.bytes.length > 0) {
      // Where nobody wants any of those that are there, this one is looked at next.
      if (this.isLossy && this.#haveAllFailed) this.#next.unshift(bytes.slice());
      else this.#next.push(bytes.slice());
      this.#nextLength += bytes.length;
    } else this.#unread.append(bytes);
  }

  #matchIgnored(bytes = this.#unread.bytes): Matcher | undefined {
    if (this.#options.ignored === undefined) return undefined;
    const matcher = new Matcher(this.#options.ignored, this.hasDatagrams);
    matcher.advance(bytes);
    return matcher;
  }

  /** Leaves out one ignored message, and says whether there was one. */
  #leaveOut(): boolean {
    const match = this.#unread.bytes.length === 0 ? undefined : this.#matchIgnored()?.match();
    if (match === undefined || match.length === 0) return false;
    this.#take(match);
    return true;
  }

  /**
   * The first waiter that can take what is there, unless one before it may still match: then, so that it does not depend on the
   * pieces in which it arrives, silence decides.
   */
  #decide(): BytesWait | undefined {
    let candidate: BytesWait | undefined;
    let isAnyUndecided = false;
    let isUndecided = false;
    for (const waiter of this.#waiters) {
      const state = waiter.check(this.unread, this.#state === "closed");
      if (state === "matched" && !isAnyUndecided) return waiter;
      if (candidate === undefined && (state === "matched" || state === "open")) {
        candidate = waiter;
        isUndecided = isAnyUndecided;
      }
      if (state === "more" || state === "open") isAnyUndecided = true;
    }
    if (candidate !== undefined) {
      const chosen = candidate;
      const { runtime, roundTrips: { decidingWindow, settlingWindow } } = this.#options;
      this.#cancelSilence = afterSilence(runtime, isUndecided ? decidingWindow : settlingWindow, () => {
        this.#give(chosen);
        this.#check();
      });
    }
    return undefined;
  }

  #drop(waiter: BytesWait): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
  }

  #give(waiter: BytesWait): void {
    const match = waiter.match();
    this.hasAnswered = true;
    this.#drop(waiter);
    this.#take(match);
    waiter.onMatch(match);
  }

  #take(match: Match): void {
    this.hasTaken = true;
    this.#unwanted = 0;
    if (this.isLossy) this.#repetitions.taken(this.#unread.bytes);
    this.#advance(match.length);
  }

  /** Goes on behind so many bytes, or with the next datagram. */
  #advance(length: number): void {
    this.#unread.drop(length);
    const next = this.#unread.bytes.length === 0 ? this.#next.shift() : undefined;
    if (next !== undefined) {
      this.#nextLength -= next.length;
      this.#unread.append(next);
    }
    for (const waiter of this.#waiters) waiter.restart();
  }
}
