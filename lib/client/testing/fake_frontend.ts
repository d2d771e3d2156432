/**
 * A front end for tests: lines are entered by the test, and what is printed is kept.
 *
 * @module
 */

import { type Assistance, END, type Entry, type Frontend } from "../frontend/frontend.ts";

/** How long a test waits for something to be printed, in milliseconds. */
const DEADLINE = 5_000;

/** A person, or a script, that does what the test says. */
export class FakeFrontend implements Frontend {
  /** Everything that was printed, in order; complaints start with `! `. */
  readonly printed: string[] = [];
  /** The prompts that lines were asked for with. */
  readonly prompts: string[] = [];
  /** Who helps. */
  assistance: Assistance | undefined;
  /** Whether it was closed. */
  isClosed = false;
  readonly #interrupt = new AbortController();
  readonly #entries: Entry[] = [];
  #asking: ((entry: Entry) => void) | undefined;
  #isEnded = false;
  #pressure: (piledUp: boolean) => void = () => {};
  #changed: () => void = () => {};

  constructor(readonly interactive: boolean) {}

  get interrupted(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** How many lines were entered and not asked for yet. */
  get unread(): number {
    return this.#entries.length;
  }

  print(text: string): void {
    this.printed.push(text);
    this.recheck();
  }

  complain(text: string): void {
    this.print(`! ${text}`);
  }

  assist(assistance: Assistance): void {
    this.assistance = assistance;
  }

  read(prompt: string): Promise<Entry> {
    this.prompts.push(prompt);
    this.recheck();
    const entry = this.#entries.shift() ?? (this.#isEnded ? END : undefined);
    if (entry !== undefined) return Promise.resolve(entry);
    return new Promise((resolve) => this.#asking = resolve);
  }

  reprompt(prompt: string): void {
    if (prompt !== this.prompts.at(-1)) this.prompts.push(prompt);
    this.recheck();
  }

  endInput(): void {
    this.#entries.length = 0;
    this.end();
  }

  onPressure(listener: (piledUp: boolean) => void): void {
    this.#pressure = listener;
  }

  close(): Promise<void> {
    this.endInput();
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Enters lines. */
  enter(...lines: string[]): void {
    for (const text of lines) this.give({ kind: "line", text });
  }

  /** Gives anything that reading may come to. */
  give(entry: Entry): void {
    const asking = this.#asking;
    this.#asking = undefined;
    if (asking === undefined) this.#entries.push(entry);
    else asking(entry);
  }

  /** Ends the input behind what was entered. */
  end(): void {
    this.#isEnded = true;
    if (this.#asking !== undefined) this.give(END);
  }

  /** Does what Ctrl-C does. */
  interrupt(): void {
    this.#interrupt.abort();
    this.endInput();
  }

  /** Says that what is printed piles up, or no longer does. */
  press(piledUp: boolean): void {
    this.#pressure(piledUp);
  }

  /** Looks whether what is waited for holds by now, as is done after all that is printed and asked for. */
  recheck(): void {
    this.#changed();
  }

  /** Waits until something holds; rejects with what was printed instead. */
  async until(holds: () => boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    const timer = setTimeout(() => done.reject(new Error(`not seen; printed:\n${this.printed.join("\n")}`)), DEADLINE);
    this.#changed = () => holds() && done.resolve();
    this.#changed();
    try {
      await done.promise;
    } finally {
      clearTimeout(timer);
      this.#changed = () => {};
    }
  }

  /** Waits until a line was printed. */
  async prints(line: string): Promise<void> {
    await this.until(() => this.printed.includes(line));
  }
}
