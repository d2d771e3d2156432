/**
 * Messages that are shown later, when a group is left.
 *
 * @module
 */

import { type Queued, QUEUED_OVERHEAD } from "../../core/queued.ts";

/** How much a backlog holds at most. */
export interface BacklogLimits {
  /** How many messages. */
  readonly messages: number;
  /** How many characters of all of them together. */
  readonly characters: number;
}

/**
 * A bounded number of messages, each of one or several texts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const backlog = new Backlog<[from: string, text: string]>({ messages: 2, characters: 100 });
 * for (const text of ["one", "two", "three"]) backlog.add(["bob", text]);
 * assertEquals(backlog.hasRoomFor(["bob", "four"]), false);
 * assertEquals(backlog.take(), { messages: [["bob", "two"], ["bob", "three"]], dropped: 1 });
 * ```
 */
export class Backlog<Message extends readonly string[]> {
  readonly #limits: BacklogLimits;
  readonly #memory: Queued | undefined;
  #messages: Message[] = [];
  #characters = 0;
  #dropped = 0;

  /**
   * Empty at first.
   *
   * @param memory counts what is kept.
   */
  constructor(limits: BacklogLimits, memory?: Queued) {
    this.#limits = limits;
    this.#memory = memory;
  }

  /** Whether a message can be added and none is dropped for it. */
  hasRoomFor(message: Message): boolean {
    const { messages, characters } = this.#limits;
    return this.#messages.length < messages && this.#characters + lengthOf(message) <= characters;
  }

  /** Adds a message; the oldest are dropped where there are too many. */
  add(message: Message): void {
    this.#messages.push(message);
    this.#characters += lengthOf(message);
    while (this.#messages.length > this.#limits.messages || this.#characters > this.#limits.characters) {
      this.#characters -= lengthOf(this.#messages.shift()!);
      this.#dropped++;
    }
    this.#count();
  }

  /** Gives away what is kept, oldest first, and how many messages were dropped. */
  take(): { readonly messages: readonly Message[]; readonly dropped: number } {
    const taken = { messages: this.#messages, dropped: this.#dropped };
    this.#messages = [];
    this.#characters = this.#dropped = 0;
    this.#count();
    return taken;
  }

  /** Counts no memory any more. */
  close(): void {
    this.#memory?.close();
  }

  /** A character takes two bytes. */
  #count(): void {
    this.#memory?.set(2 * this.#characters + this.#messages.length * QUEUED_OVERHEAD);
  }
}

function lengthOf(message: readonly string[]): number {
  return message.reduce((sum, { length }) => sum + length, 0);
}
