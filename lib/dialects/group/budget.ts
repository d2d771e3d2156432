/**
 * How many bytes a second may be sent, to one address or to many together.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { Fifo } from "../../core/fifo.ts";

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

  /** Takes how many bytes a second there are, and the time. */
  constructor(rate: number, now: number) {
    this.#rate = rate;
    this.#balance = rate * BURST;
    this.#paid = now;
  }

  /** Whether something may go. */
  isOpen(now: number): boolean {
    return this.opensIn(now) === 0;
  }

  /** How long nothing may go. */
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

/** A budget for each of many, who are forgotten when they have spent nothing for a while. */
export class Budgets {
  readonly #rate: number;
  readonly #budgets = new Map<string, { readonly budget: Budget; spent: number }>();
  #swept = 0;

  /** Takes how many bytes a second each has. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Whether something may go to one of them. */
  isOpen(key: string, now: number): boolean {
    return this.#budgets.get(key)?.budget.isOpen(now) ?? true;
  }

  /** So many bytes have gone to one of them. */
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

/** What waits for a budget that is shared. */
export type Kind = "answer" | "greeting" | "list" | "letter" | "table" | "next-table";

/** A datagram that waits. */
interface Waiting {
  /** When it is of no use any more, in milliseconds. */
  readonly expires: number;
  /** Sends it, and says how many bytes went; 0 if it is not wanted any more. */
  readonly go: () => number;
}

/** What waits for one share of the budget, and how many bytes of it have gone while others waited for theirs. */
interface Line {
  readonly queues: readonly Fifo<Waiting>[];
  spent: number;
}

/** How many of each kind of answer wait at most; whoever gets none asks again. Of all else, each client has one at most. */
const MAX_ANSWERS = 1_024;

/**
 * One budget for many addresses. Answers, greetings, lists, letters and tables share it alike while all of them wait, so that
 * none keeps the others from going; of each, what has waited longest goes first, and first tables before next ones.
 */
export class SharedBudget {
  readonly #deadlines: Deadlines;
  readonly #budget: Budget;
  readonly #lines: readonly Line[];
  readonly #queues: Readonly<Record<Kind, Fifo<Waiting>>> = {
    "answer": new Fifo(),
    "greeting": new Fifo(),
    "list": new Fifo(),
    "letter": new Fifo(),
    "table": new Fifo(),
    "next-table": new Fifo(),
  };
  #deadline: Deadline | undefined;
  #isSending = false;

  /** Takes the time, and how many bytes a second there are. */
  constructor(deadlines: Deadlines, rate: number) {
    this.#deadlines = deadlines;
    this.#budget = new Budget(rate, deadlines.time);
    const { answer, greeting, list, letter, table, "next-table": next } = this.#queues;
    this.#lines = [[answer], [greeting], [list], [letter], [table, next]].map((queues) => ({ queues, spent: 0 }));
  }

  /** Has `go` called when its turn comes, at once or later, but not after so many milliseconds: see {@linkcode Waiting}. */
  post(kind: Kind, go: () => number, patience = Infinity): void {
    const queue = this.#queues[kind];
    const isOfClient = kind === "letter" || kind === "table" || kind === "next-table";
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
    let line = this.#next();
    for (; line !== undefined && this.#budget.isOpen(now); line = this.#next()) {
      const waiting = line.queues.find(({ size }) => size > 0)!.shift()!;
      const bytes = waiting.expires < now ? 0 : waiting.go();
      line.spent += bytes;
      this.#budget.spend(bytes, now);
    }
    this.#isSending = false;
    if (line === undefined) return;
    this.#deadline = this.#deadlines.set(this.#budget.opensIn(now), {
      expired: () => {
        this.#deadline = undefined;
        this.#send();
      },
    });
  }

  /** The line that has had least, of those in which something waits. */
  #next(): Line | undefined {
    let least: Line | undefined;
    for (const line of this.#lines) if (isBusy(line) && line.spent < (least?.spent ?? Infinity)) least = line;
    return least;
  }

  /** A line in which nothing has waited has saved nothing either. */
  #catchUp(queue: Fifo<Waiting>): void {
    const line = this.#lines.find(({ queues }) => queues.includes(queue))!;
    if (isBusy(line)) return;
    const others = this.#lines.filter(isBusy).map(({ spent }) => spent);
    line.spent = others.length === 0 ? 0 : Math.max(line.spent, Math.min(...others));
  }
}

function isBusy({ queues }: Line): boolean {
  return queues.some(({ size }) => size > 0);
}
