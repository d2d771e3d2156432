/**
 * Counts messages in a stream.
 *
 * @module
 */

import type { Aside } from "./exchange.ts";

/** Counts complete messages of one known content, and makes sure that nothing else comes but a known aside. */
export class Counter {
  readonly #message: Uint8Array;
  readonly #aside: Aside | undefined;
  #current: Uint8Array;
  #at = 0;
  /** How many asides came that nobody has answered. */
  asides = 0;

  /**
   * @param message what is to come, again and again.
   * @param aside what may come in between.
   */
  constructor(message: Uint8Array, aside?: Aside) {
    this.#message = this.#current = message;
    this.#aside = aside;
  }

  /**
   * Reads the next piece of the stream.
   *
   * @returns how many messages it completes.
   */
  count(bytes: Uint8Array): number {
    let complete = 0;
    for (let i = 0; i < bytes.length; i++) {
      if (this.#at === 0 && bytes[i] !== this.#message[0] && this.#aside !== undefined) {
        this.#current = this.#aside.said;
      }
      if (bytes[i] !== this.#current[this.#at]) {
        throw new Error(`the server said something else: ${JSON.stringify(new TextDecoder().decode(bytes))}`);
      }
      if (++this.#at < this.#current.length) continue;
      this.#at = 0;
      if (this.#current === this.#message) complete++;
      else this.asides++;
      this.#current = this.#message;
    }
    return complete;
  }
}
