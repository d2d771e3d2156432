/**
 * A connection to a server of which nobody knows yet what it speaks.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { ByteQueue } from "../play/connection/byte_queue.ts";
import { sleep } from "../play/sleep.ts";

/** What follows the first bytes within this time belongs to them, in milliseconds. */
const SETTLING = 50;
/** A server may take so long to close its side, in milliseconds. */
const PARTING = 1_000;
/** More than this is no greeting, in bytes. */
const MAX_HEARD = 64 * 1024;

/** A connection on which a server is asked what it speaks, and hears nothing else. */
export class ProbedConnection implements LinkHandler {
  /** Whether it says more than anybody asked for. */
  isFlooded = false;
  /** Whether the server has nothing more to say. */
  isOver = false;
  readonly #runtime: Runtime;
  readonly #link: HalfClosingLink;
  readonly #closed = Promise.withResolvers<void>();
  readonly #heard = new ByteQueue();
  #said: Uint8Array | undefined;
  #isNew = false;
  #changed = Promise.withResolvers<void>();

  constructor(runtime: Runtime, link: HalfClosingLink) {
    this.#runtime = runtime;
    this.#link = link;
    link.start(this);
  }

  /** All that the server has said since something was last said to it. */
  get heard(): Uint8Array {
    return this.#heard.bytes;
  }

  /** Whether these words were the last said to it. */
  hasSaid(words: Uint8Array): boolean {
    return this.#said !== undefined && this.#said.length === words.length &&
      this.#said.every((byte, i) => byte === words[i]);
  }

  /** Says something to it. */
  say(words: Uint8Array): void {
    this.#heard.clear();
    this.#isNew = false;
    this.#said = words;
    this.#link.write(words);
  }

  /** Waits until the server says something, and says whether it did within so many milliseconds. */
  async hears(milliseconds: number): Promise<boolean> {
    if (!this.#isNew && !this.isOver) {
      const late = Promise.withResolvers<void>();
      const timer = this.#runtime.after(milliseconds, late.resolve);
      await Promise.race([this.#changed.promise, late.promise]);
      timer.cancel();
    }
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  /** Waits until the server has said nothing for a moment. */
  async settles(): Promise<void> {
    while (!this.isFlooded && await this.hears(SETTLING));
  }

  /** Lets so many milliseconds pass. */
  pause(milliseconds: number): Promise<void> {
    return sleep(this.#runtime, milliseconds);
  }

  /** Closes its side, and waits until the server has closed its own, within bounds. */
  async leave(): Promise<void> {
    this.#link.end("done");
    const timer = this.#runtime.after(PARTING, () => this.#link.abort("done"));
    await this.#closed.promise;
    timer.cancel();
  }

  /** See {@linkcode LinkHandler.receive}. */
  receive(bytes: Uint8Array): void {
    if (this.heard.length + bytes.length > MAX_HEARD) this.isFlooded = true;
    else this.#heard.append(bytes);
    this.#isNew = true;
    this.#tell();
  }

  /** See {@linkcode LinkHandler.ended}. */
  ended(): void {
    this.isOver = true;
    this.#tell();
  }

  /** See {@linkcode LinkHandler.closed}. */
  closed(): void {
    this.isOver = true;
    this.#closed.resolve();
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
