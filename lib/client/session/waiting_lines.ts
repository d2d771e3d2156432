/**
 * Lines that wait behind one that has no answer, where a dialect sends one message at a time.
 *
 * @module
 */

import type { SetTimer } from "./waiter.ts";

/** How long the first may be without an answer before it is told that others wait behind it, in milliseconds. */
const UNTOLD = 1_000;

/**
 * Tells, once for each line, that it waits, and behind which: not before the first has been without an answer for a second,
 * so that a script whose lines are answered one after the other is told nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeTimer } from "../testing/fake_timer.ts";
 *
 * const time = new FakeTimer();
 * const told: string[] = [];
 * const lines = new WaitingLines(time.timer, (text) => told.push(text));
 * lines.sent(1, "@bob one");
 * lines.sent(2, "@carol two");
 * time.advance(1_000);
 * assertEquals(told, ["waiting behind @bob one: @carol two"]);
 * ```
 */
export class WaitingLines {
  readonly #timer: SetTimer;
  readonly #tell: (text: string) => void;
  /** Those without an answer, in the order in which they are sent. */
  readonly #lines = new Map<number, string>();
  readonly #told = new Set<number>();
  #isLate = false;
  #cancel = () => {};

  constructor(timer: SetTimer, tell: (text: string) => void) {
    this.#timer = timer;
    this.#tell = tell;
  }

  /** A line was entered that goes out when all before it are answered. */
  sent(id: number, line: string): void {
    this.#lines.set(id, line);
    if (this.#lines.size === 1) this.#begin();
    else if (this.#isLate) this.#tellAll();
  }

  /** A line has its answer: the next one goes out. */
  settled(id: number): void {
    if (!this.#lines.delete(id)) return;
    this.#told.delete(id);
    this.stop();
    if (this.#lines.size > 0) this.#begin();
  }

  /** Tells nothing more until another line is sent. */
  stop(): void {
    this.#cancel();
    this.#isLate = false;
  }

  #begin(): void {
    this.#cancel = this.#timer(UNTOLD, () => {
      this.#isLate = true;
      this.#tellAll();
    });
  }

  #tellAll(): void {
    const [first, ...others] = this.#lines;
    for (const [id, line] of others) {
      if (this.#told.has(id)) continue;
      this.#told.add(id);
      this.#tell(`waiting behind ${first![1]}: ${line}`);
    }
  }
}
