/**
 * A link's handler that writes down what happens to it, for tests.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";

/** How long a test waits for something that must happen, in milliseconds. */
const PATIENCE = 10_000;

/** What a {@linkcode LinkRecorder} does besides writing down; each is called after that. */
export interface LinkReactions {
  /** Bytes arrived; only valid during this call. */
  receive?(bytes: Uint8Array): void;
  /** The peer has sent its last byte. */
  ended?(): void;
  /** The link is closed. */
  closed?(reason: CloseReason): void;
}

/** Writes down what a link tells its handler, and lets a test wait for it. Ends the link when its peer does. */
export class LinkRecorder implements LinkHandler {
  /** All bytes that have arrived. */
  readonly received: Received = new Received();
  /** What the handler was told, in order: a run of `receive` counts as one. */
  readonly calls: string[] = [];
  /** Why the link was closed, or `undefined` while it is not. */
  reason: CloseReason | undefined;
  readonly #reactions: LinkReactions;
  readonly #waiting = new Set<() => void>();

  /** @param reactions what is done besides; an `ended` among it replaces the ending of the link. */
  constructor(link: Link, reactions: LinkReactions = {}) {
    this.#reactions = { ended: () => link.end("left"), ...reactions };
  }

  /** See {@linkcode LinkHandler.receive}. */
  receive(bytes: Uint8Array): void {
    if (this.calls.at(-1) !== "receive") this.calls.push("receive");
    this.received.append(bytes);
    try {
      this.#reactions.receive?.(bytes);
    } finally {
      this.#look();
    }
  }

  /** See {@linkcode LinkHandler.ended}. */
  ended(): void {
    this.calls.push("ended");
    try {
      this.#reactions.ended?.();
    } finally {
      this.#look();
    }
  }

  /** See {@linkcode LinkHandler.closed}. */
  closed(reason: CloseReason): void {
    this.calls.push("closed");
    this.reason = reason;
    try {
      this.#reactions.closed?.(reason);
    } finally {
      this.#look();
    }
  }

  /** Waits until `isSo`, which is asked after each call of the handler. */
  until(isSo: () => boolean, what: string): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = () => {
        if (isSo()) settle(resolve);
      };
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        how();
      };
      const give = () => reject(new Error(`waited in vain for ${what}; so far: ${this.calls.join(", ")}`));
      const timer = setTimeout(() => settle(give), PATIENCE);
      this.#waiting.add(look);
      // The first timer of a program has Deno load code, and settle promises, before it is set.
      look();
    });
  }

  /** Waits until this many bytes have arrived. */
  untilReceived(count: number): Promise<void> {
    return this.until(() => this.received.length >= count, `${count} bytes`);
  }

  /** Waits until the link is closed and says why. */
  async untilClosed(): Promise<CloseReason> {
    await this.until(() => this.reason !== undefined, "the end of the link");
    return this.reason!;
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** Bytes that have arrived so far. */
export class Received {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** All of them. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** All of them, as text. */
  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /** Adds a copy. */
  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }
}
