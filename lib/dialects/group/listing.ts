/**
 * A list that a server sends, a line a datagram.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { delayOfCopies } from "./times.ts";

/** How long nothing more must come until a list is taken for complete, in milliseconds, beyond what the network delays. */
const PAUSE_MS = 50;

/** Nothing says where the list ends: it is complete when no more has come for a while. */
export class Listing {
  readonly #deadlines: Deadlines;
  readonly #pause: number;
  readonly #shown: (line: string) => void;
  readonly #completed: () => void;
  readonly #lines = new Set<string>();
  #deadline: Deadline | undefined;

  /** Takes the time, the server's address, who is shown each line once, and who is told that the list is complete. */
  constructor(deadlines: Deadlines, hostname: string, shown: (line: string) => void, completed: () => void) {
    this.#deadlines = deadlines;
    this.#pause = PAUSE_MS + delayOfCopies(hostname);
    this.#shown = shown;
    this.#completed = completed;
  }

  /** The server has answered: what has not come by now comes soon. */
  begin(): void {
    this.#wait();
  }

  /** A line has come: the same one comes again where the server was asked twice. */
  add(line: string): void {
    if (!this.#lines.has(line)) {
      this.#lines.add(line);
      this.#shown(line);
    }
    if (this.#deadline !== undefined) this.#wait();
  }

  /** Waits no more. */
  close(): void {
    this.#deadline?.cancel();
  }

  #wait(): void {
    this.#deadline?.cancel();
    this.#deadline = this.#deadlines.set(this.#pause, { expired: () => this.#completed() });
  }
}
