/**
 * The write timeouts of many links, with one timer for all.
 *
 * @module
 */

import type { Runtime, Timer } from "../core/runtime.ts";
import { REAL_TIME } from "./real_time.ts";

/** What writes to a peer that may not take it. */
export interface Watched {
  /** How many bytes the peer has taken so far, while more wait for it; `undefined` while none do. */
  readonly progress: number | undefined;
  /** The peer has taken none of them for the write timeout, or up to a quarter longer. */
  stuck(): void;
}

/** How often progress is looked at within the write timeout. */
const LOOKS_PER_TIMEOUT = 4;

/** What was seen at the last look. */
interface Look {
  progress: number | undefined;
  /** How many looks there were since then that saw no progress. */
  inVain: number;
}

/** Looks now and then after those that write, and at nobody for longer than that. */
export class WriteWatch {
  readonly #watched = new Map<Watched, Look>();
  readonly #interval: number;
  readonly #runtime: Runtime;
  #timer: Timer | undefined;

  /** @param timeout in milliseconds. */
  constructor(timeout: number, runtime: Runtime = REAL_TIME) {
    this.#runtime = runtime;
    this.#interval = timeout / LOOKS_PER_TIMEOUT;
  }

  /** Watches until a look finds that nothing waits; costs next to nothing where it watches already. */
  add(watched: Watched): void {
    if (this.#watched.has(watched)) return;
    this.#watched.set(watched, { progress: undefined, inVain: 0 });
    this.#timer ??= this.#runtime.after(this.#interval, () => this.#look());
  }

  /** Watches no longer. */
  remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size === 0) this.#rest();
  }

  #look(): void {
    this.#rest();
    for (const [watched, last] of this.#watched) {
      const { progress } = watched;
      if (progress === undefined) this.#watched.delete(watched);
      else if (progress !== last.progress) Object.assign(last, { progress, inVain: 0 });
      else if (++last.inVain === LOOKS_PER_TIMEOUT) {
        this.#watched.delete(watched);
        watched.stuck();
      }
    }
    if (this.#watched.size > 0) this.#timer ??= this.#runtime.after(this.#interval, () => this.#look());
  }

  #rest(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
