/**
 * What leaves the server, and how fast: at once to those that have proven their address, within one small budget to all others.
 *
 * @module
 */

import { type DatagramPort, endpointKey } from "../../core/datagrams.ts";
import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { Fifo } from "../../core/fifo.ts";
import type { Endpoint } from "../../core/link.ts";
import type { DatagramGuard } from "../dialect.ts";

/** How long an answer may wait, in milliseconds: not quite what its client waits, since some of that is for the way. */
const ANSWER_MS = 400;
/** The same for welcome and goodbye, which are true for longer. */
const GREETING_MS = 5_000;
/** The same for a line of a list. */
const LIST_MS = 2_000;

/** How many proven addresses are remembered: their clients may go and come back. */
const MAX_PROVEN = 1_024;
/** For how many addresses it is remembered whether they are near. */
const MAX_TRUSTED = 4_096;

/**
 * Sends all datagrams but tables for proven addresses. A client can claim any address, since UDP has no handshake: an address is
 * unproven until it has acknowledged something, and shares one budget with all that are (PROTOCOLS.md, group).
 */
export class DatagramScheduler {
  readonly #port: DatagramPort;
  readonly #guard: Pick<DatagramGuard, "trusts">;
  readonly #shared: SharedBudget;
  readonly #proven = new Set<string>();
  /** What the guard has said: it takes some time to find out, and is asked for every datagram. */
  readonly #trusted = new Map<string, boolean>();

  /**
   * All addresses that the guard does not trust are unproven at first.
   *
   * @param guard says which addresses need no proof, and how much all others may be sent.
   */
  constructor(port: DatagramPort, deadlines: Deadlines, guard: Pick<DatagramGuard, "trusts" | "unprovenBudget">) {
    this.#port = port;
    this.#guard = guard;
    this.#shared = new SharedBudget(deadlines, guard.unprovenBudget);
  }

  /** Whether it is known that a client listens there. */
  isProven(endpoint: Endpoint): boolean {
    return this.#trusts(endpoint.hostname) || this.#proven.has(endpointKey(endpoint));
  }

  /** Whose budget pays for what is sent there: the port's where the address is near, since each may be another user. */
  payer(endpoint: Endpoint): string {
    return this.#trusts(endpoint.hostname) ? endpointKey(endpoint) : endpoint.hostname;
  }

  /** A client that listens there has acknowledged what only it can have got. */
  prove(endpoint: Endpoint): void {
    const key = endpointKey(endpoint);
    this.#proven.delete(key);
    this.#proven.add(key);
    const [oldest] = this.#proven;
    if (oldest !== undefined && this.#proven.size > MAX_PROVEN) this.#proven.delete(oldest);
  }

  /** Sends an answer, unless it would have to wait for so long that it were of no use: a client that gets none asks again. */
  answer(datagram: Uint8Array, to: Endpoint): void {
    if (this.isProven(to)) this.#port.send(datagram, to);
    else this.#shared.post("answer", () => this.#send(datagram, to), ANSWER_MS);
  }

  /** Sends a welcome or a goodbye, which may wait for longer; `isWanted` is asked when its turn comes. */
  greet(datagram: Uint8Array, to: Endpoint, isWanted: () => boolean): void {
    if (this.isProven(to)) this.#port.send(datagram, to);
    else this.#shared.post("greeting", () => isWanted() ? this.#send(datagram, to) : 0, GREETING_MS);
  }

  /** Sends a line of a list. */
  list(datagram: Uint8Array, to: Endpoint): void {
    if (this.isProven(to)) this.#port.send(datagram, to);
    else this.#shared.post("list", () => this.#send(datagram, to), LIST_MS);
  }

  /** Sends what must be acknowledged. `goes` is called just before it goes, and returns `false` if it is not wanted any more. */
  message(datagram: Uint8Array, to: Endpoint, goes: () => boolean): void {
    const go = () => goes() ? this.#send(datagram, to) : 0;
    if (this.isProven(to)) go();
    else this.#shared.post("message", go);
  }

  /** Calls `go`, which sends a table and returns how many bytes it has, when an unproven address may have one. */
  table(kind: "table" | "next-table", go: () => number): void {
    this.#shared.post(kind, go);
  }

  /** Sends nothing more of what waits. */
  close(): void {
    this.#shared.close();
  }

  #send(datagram: Uint8Array, to: Endpoint): number {
    this.#port.send(datagram, to);
    return datagram.length;
  }

  /** Whether an address is so near that it needs no proof. */
  #trusts(hostname: string): boolean {
    let isTrusted = this.#trusted.get(hostname);
    if (isTrusted === undefined) {
      if (this.#trusted.size >= MAX_TRUSTED) this.#trusted.clear();
      this.#trusted.set(hostname, isTrusted = this.#guard.trusts(hostname));
    }
    return isTrusted;
  }
}

/** What waits for the budget of unproven addresses. */
type Kind = "answer" | "greeting" | "list" | "message" | "table" | "next-table";

/** A datagram that waits. */
interface Waiting {
  /** When it is of no use any more, in milliseconds. */
  readonly expires: number;
  /** Sends it, and returns how many bytes went; 0 if it is not wanted any more. */
  readonly go: () => number;
}

/** What waits for one share of the budget, and how many bytes of it have gone while others waited for theirs. */
interface Share {
  readonly queues: readonly Fifo<Waiting>[];
  spent: number;
}

/** How many of each kind of answer wait at most; a client that gets none asks again. Of all else, each client has one at most. */
const MAX_ANSWERS = 1_024;

/**
 * One budget for many addresses. Answers, greetings, lists, messages and tables share it alike while all of them wait, so that
 * none keeps the others from going; of each, what has waited longest goes first, and first tables before next ones.
 */
class SharedBudget {
  readonly #deadlines: Deadlines;
  readonly #budget: Budget;
  readonly #shares: readonly Share[];
  readonly #queues: Readonly<Record<Kind, Fifo<Waiting>>> = {
    "answer": new Fifo(),
    "greeting": new Fifo(),
    "list": new Fifo(),
    "message": new Fifo(),
    "table": new Fifo(),
    "next-table": new Fifo(),
  };
  #deadline: Deadline | undefined;
  #isSending = false;

  constructor(deadlines: Deadlines, rate: number) {
    this.#deadlines = deadlines;
    this.#budget = new Budget(rate, deadlines.time);
    const { answer, greeting, list, message, table, "next-table": next } = this.#queues;
    this.#shares = [[answer], [greeting], [list], [message], [table, next]].map((queues) => ({ queues, spent: 0 }));
  }

  /** Calls `go` when its turn comes, at once or later, but not after so many milliseconds: see {@linkcode Waiting}. */
  post(kind: Kind, go: () => number, patience = Infinity): void {
    const queue = this.#queues[kind];
    const isOfClient = kind === "message" || kind === "table" || kind === "next-table";
    if (!isOfClient && queue.size >= MAX_ANSWERS) return;
    this.#catchUp(queue);
    queue.push({ expires: this.#deadlines.time + patience, go });
    if (this.#deadline === undefined) this.#send();
  }

  /** Sends nothing any more. */
  close(): void {
    this.#deadline?.cancel();
    for (const queue of Object.values(this.#queues)) while (queue.size > 0) queue.shift();
  }

  #send(): void {
    // What goes may have something else wait.
    if (this.#isSending) return;
    this.#isSending = true;
    const now = this.#deadlines.time;
    let share = this.#next();
    for (; share !== undefined && this.#budget.isOpen(now); share = this.#next()) {
      const waiting = share.queues.find(({ size }) => size > 0)!.shift()!;
      const bytes = waiting.expires < now ? 0 : waiting.go();
      share.spent += bytes;
      this.#budget.spend(bytes, now);
    }
    this.#isSending = false;
    if (share === undefined) return;
    this.#deadline = this.#deadlines.set(this.#budget.opensIn(now), {
      expired: () => {
        this.#deadline = undefined;
        this.#send();
      },
    });
  }

  /** The share that has had least, of those for which something waits. */
  #next(): Share | undefined {
    let least: Share | undefined;
    for (const share of this.#shares) if (isBusy(share) && share.spent < (least?.spent ?? Infinity)) least = share;
    return least;
  }

  /** A share for which nothing has waited has saved nothing either. */
  #catchUp(queue: Fifo<Waiting>): void {
    const share = this.#shares.find(({ queues }) => queues.includes(queue))!;
    if (isBusy(share)) return;
    const others = this.#shares.filter(isBusy).map(({ spent }) => spent);
    share.spent = others.length === 0 ? 0 : Math.max(share.spent, Math.min(...others));
  }
}

function isBusy({ queues }: Share): boolean {
  return queues.some(({ size }) => size > 0);
}

/** The part of a second whose bytes may go at once. */
const BURST = 1 / 8;

/**
 * Bytes that are spent first and paid off as time passes. Whatever the size of a datagram, it goes when nothing is owed. Times
 * are in milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const budget = new Budget(1000, 0);
 * budget.spend(625, 0);
 * assertEquals([budget.isOpen(0), budget.opensIn(0)], [false, 500]);
 * assertEquals(budget.isOpen(500), true);
 * ```
 */
export class Budget {
  readonly #rate: number;
  #balance: number;
  #paid: number;

  /**
   * Nothing is owed at first.
   *
   * @param rate how many bytes a second there are.
   */
  constructor(rate: number, now: number) {
    this.#rate = rate;
    this.#balance = rate * BURST;
    this.#paid = now;
  }

  /** Whether something may go. */
  isOpen(now: number): boolean {
    return this.opensIn(now) === 0;
  }

  /** For how long nothing may go. */
  opensIn(now: number): number {
    this.#balance = Math.min(this.#rate * BURST, this.#balance + (now - this.#paid) / 1000 * this.#rate);
    this.#paid = now;
    return Math.max(0, -this.#balance / this.#rate * 1000);
  }

  /** So many bytes have gone. */
  spend(bytes: number, now: number): void {
    this.opensIn(now);
    this.#balance -= bytes;
  }
}

/** A budget for each of many keys, which are forgotten when nothing was spent on them for a while. */
export class Budgets {
  readonly #rate: number;
  readonly #budgets = new Map<string, { readonly budget: Budget; spent: number }>();
  #swept = 0;

  /**
   * Nothing is owed at first.
   *
   * @param rate how many bytes a second each key has.
   */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Whether something may go on the budget of a key. */
  isOpen(key: string, now: number): boolean {
    return this.#budgets.get(key)?.budget.isOpen(now) ?? true;
  }

  /** So many bytes have gone on the budget of a key. */
  spend(key: string, bytes: number, now: number): void {
    this.#sweep(now);
    let entry = this.#budgets.get(key);
    if (entry === undefined) this.#budgets.set(key, entry = { budget: new Budget(this.#rate, now), spent: now });
    entry.budget.spend(bytes, now);
    entry.spent = now;
  }

  #sweep(now: number): void {
    if (now - this.#swept < 1_000) return;
    this.#swept = now;
    for (const [key, { budget, spent }] of this.#budgets) {
      if (now - spent >= 1_000 && budget.isOpen(now)) this.#budgets.delete(key);
    }
  }
}
