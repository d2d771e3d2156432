/**
 * Time that passes only when there is nothing left to do, and then at once.
 *
 * @module
 */

import { nextTick } from "node:process";
import type { Runtime, Timer } from "../core/runtime.ts";
import { Chance } from "./chance.ts";
import { type Event, EventQueue } from "./event_queue.ts";

/** The time of day at which virtual time begins: 2026-01-01, 00:00 UTC, in milliseconds. */
const BEGINNING = Date.UTC(2026, 0);

/**
 * How many turns of virtual time come before one of the real loop, in which signals and messages of other threads arrive. One of
 * those takes longer than most of what happens in a turn; in older runtimes more than a millisecond.
 */
const TURNS_A_REAL_TURN = 1_000;

/** Somebody waits, and nothing is left that could happen. */
export class Hung extends Error {
  /** What it is called. */
  override readonly name = "Hung";
}

/**
 * A clock that jumps to the next event. Everything that is due at one time happens in one turn, in the order in which it was
 * set; then promises settle, as behind a turn of a real loop; then the clock jumps on. Nobody sleeps, and nothing is polled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const time = new VirtualTime(1);
 * const slept = await time.run(async () => {
 *   await new Promise<void>((resolve) => time.after(3_600_000, resolve));
 *   return time.now();
 * });
 * assertEquals(slept, 3_600_000);
 * ```
 */
export class VirtualTime implements Runtime {
  readonly #events = new EventQueue();
  readonly #chance: Chance;
  #now = 0;
  #turns = 0;
  /** Told that there is an event to come, while the time is driven from outside. */
  #wake: (() => void) | undefined;

  constructor(seed: number) {
    this.#chance = new Chance(seed).fork("runtime");
  }

  /** How many events are to come. */
  get pending(): number {
    return this.#events.size;
  }

  /** See {@linkcode Runtime.now}. */
  now(): number {
    return this.#now;
  }

  /** See {@linkcode Runtime.wallClock}. */
  wallClock(): number {
    return BEGINNING + this.#now;
  }

  /** See {@linkcode Runtime.after}. */
  after(delay: number, callback: () => void): Timer {
    const event = this.#add(this.#now + Math.max(0, delay), callback);
    return { cancel: () => this.#events.cancel(event) };
  }

  /** See {@linkcode Runtime.every}. */
  every(interval: number, callback: () => void): Timer {
    let event: Event;
    let isCancelled = false;
    const again = () => {
      callback();
      if (!isCancelled) event = this.#add(this.#now + interval, again);
    };
    event = this.#add(this.#now + interval, again);
    return {
      cancel: () => {
        isCancelled = true;
        this.#events.cancel(event);
      },
    };
  }

  /** See {@linkcode Runtime.nextTurn}. */
  nextTurn(callback: () => void): void {
    this.#add(this.#now, callback);
  }

  /** See {@linkcode Runtime.random}. */
  random(): number {
    return this.#chance.number();
  }

  /**
   * Lets time pass until a promise is settled, and passes on what comes of it.
   *
   * @throws {Hung} if it is not settled and nothing is left that could settle it. What is waited for must not come from outside.
   * @throws what an event throws.
   */
  async run<Result>(body: () => Promise<Result>): Promise<Result> {
    let isOver = false;
    const running = body().finally(() => isOver = true);
    // Whoever does not wait for it any more, because an event has thrown, need not hear of it.
    running.catch(() => {});
    await this.#settled();
    while (!isOver) {
      if (this.#events.peek() === undefined) throw new Hung("somebody waits, and nothing is left that could happen");
      this.#turn();
      await this.#settled();
    }
    return await running;
  }

  /** Lets this much time pass, in milliseconds; promises settle between the turns. */
  async pass(duration: number): Promise<void> {
    const end = this.#now + duration;
    await this.#settled();
    for (let next = this.#events.peek(); next !== undefined && next.time <= end; next = this.#events.peek()) {
      this.#turn();
      await this.#settled();
    }
    this.#now = end;
  }

  /** Lets this much time pass at once, for what knows no promises. */
  advance(duration: number): void {
    const end = this.#now + duration;
    for (let next = this.#events.peek(); next !== undefined && next.time <= end; next = this.#events.peek()) {
      this.#turn();
    }
    this.#now = end;
  }

  /**
   * Lets time pass whenever there is something to come, until the function returned is called: for tests of which the world is
   * only a part, and which wait for more than it.
   */
  drive(): () => void {
    let immediate: ReturnType<typeof setImmediate> | undefined;
    const wake = () => {
      if (this.#events.peek() !== undefined) immediate ??= setImmediate(step);
    };
    const step = () => {
      immediate = undefined;
      if (this.#events.peek() !== undefined) this.#turn();
      wake();
    };
    this.#wake = wake;
    wake();
    return () => {
      this.#wake = undefined;
      if (immediate !== undefined) clearImmediate(immediate);
    };
  }

  #add(time: number, act: () => void): Event {
    const event = this.#events.add(time, act);
    this.#wake?.();
    return event;
  }

  /** All that is due next. What is set meanwhile comes in a later turn, even if it is for the same time. */
  #turn(): void {
    const events = this.#events;
    const { time } = events.peek()!;
    const limit = events.added;
    this.#now = time;
    for (
      let next = events.peek();
      next !== undefined && next.time === time && next.order < limit;
      next = events.peek()
    ) {
      events.take();
      const { act } = next;
      next.act = undefined;
      act!();
    }
  }

  /** Everything has happened that needs no time: promises have settled, and all that comes of them. */
  #settled(): Promise<void> {
    const isRealTurn = ++this.#turns % TURNS_A_REAL_TURN === 0;
    // A tick that a microtask asks for comes when no promise is left that could go on, without a turn of the real loop.
    // One that is asked for elsewhere may come before them.
    return new Promise((resolve) => isRealTurn ? void setImmediate(resolve) : queueMicrotask(() => nextTick(resolve)));
  }
}
