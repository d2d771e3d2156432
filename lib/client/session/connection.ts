/**
 * What carries a session, as far as the conversation is concerned.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../core/link.ts";
import type { ClientSession } from "../../dialects/dialect.ts";

/** One connection to a server, whatever it is made of. */
export interface ServerConnection {
  /** Whether something of it is not closed yet. */
  readonly isOpen: boolean;
  /** Starts the session; `changed` is told when something closes, or is out of the way. */
  start(changed: () => void): void;
  /** Stops taking messages, or takes them again. */
  pause(pause: boolean): void;
  /** Returns what says whether all that has been entered up to now is out of the way, or will never be. */
  flush(): () => boolean;
  /** Closes what is still open, at once. */
  abort(): void;
}

/** All links that a session has to its server, taken together. */
export class LinkConnection implements ServerConnection {
  readonly #links: readonly HalfClosingLink[];
  readonly #session: ClientSession;
  readonly #isHeard: (bytes: Uint8Array) => boolean;
  #changed: () => void = () => {};
  #open: number;
  #isPaused = false;

  /** @param isHeard whether the session shall hear what has arrived. */
  constructor(links: readonly HalfClosingLink[], session: ClientSession, isHeard: (bytes: Uint8Array) => boolean) {
    this.#isHeard = isHeard;
    this.#links = links;
    this.#session = session;
    this.#open = links.length;
  }

  /** Whether one of the links is not closed yet. */
  get isOpen(): boolean {
    return this.#open > 0;
  }

  /** Starts reading. */
  start(changed: () => void): void {
    this.#changed = changed;
    const handlers = this.#session.start(this.#links);
    this.#links.forEach((link, i) => link.start(this.#counted(handlers[i]!)));
  }

  /** Stops reading, or reads on. */
  pause(pause: boolean): void {
    if (pause === this.#isPaused) return;
    this.#isPaused = pause;
    for (const link of this.#links) {
      if (pause) link.pause();
      else link.resume();
    }
  }

  /** Returns what says whether all that has been written up to now was handed over, or can no longer be. */
  flush(): () => boolean {
    let waiting = this.#links.length;
    for (const link of this.#links) {
      link.flushed(() => {
        waiting--;
        this.#changed();
      });
    }
    return () => waiting === 0;
  }

  /** Closes what is still open, at once. */
  abort(): void {
    for (const link of this.#links) link.abort("done");
  }

  #counted(handler: LinkHandler): LinkHandler {
    return {
      receive: (bytes) => {
        if (this.#isHeard(bytes)) handler.receive(bytes);
      },
      ended: () => handler.ended(),
      closed: (reason) => {
        this.#open--;
        handler.closed(reason);
        this.#changed();
      },
    };
  }
}
