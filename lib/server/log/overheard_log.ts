/**
 * A log that others may listen to.
 *
 * @module
 */

import type { Log } from "./log.ts";

/** Passes lines on to a log, and to whoever listens meanwhile. */
export class OverheardLog {
  readonly #listeners = new Set<Log>();
  /** Writes a line. */
  readonly log: Log;

  /** @param log where all lines go. */
  constructor(log: Log) {
    this.log = (level, text, about) => {
      log(level, text, about);
      for (const listener of this.#listeners) listener(level, text, about);
    };
  }

  /** Has a listener told of each line, until the function returned is called. */
  listen(listener: Log): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
