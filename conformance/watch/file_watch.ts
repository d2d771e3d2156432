/**
 * Notices that files have changed: they are looked at again and again, so that it makes no difference how an editor saves, and on
 * which system, over which network.
 *
 * @module
 */

import type { Runtime, Timer } from "../../lib/core/runtime.ts";

/** What files there are, each with a stamp that changes with it. */
export type FileStamps = ReadonlyMap<string, string>;

/** Where files are looked at. */
export interface FileTree {
  /** All that are watched. */
  stamps(): Promise<FileStamps>;
}

/** The time between two looks, in milliseconds. */
const BETWEEN_LOOKS = 250;
/** Between two looks lies so many times what one takes. */
const LEAST_PAUSE = 20;
/** So long nothing may change before it is told what has, in milliseconds: an editor may write in several steps, and a tool many files. */
const QUIET = 100;
/** At most so many looks are waited for quiet. */
const MOST_LOOKS = 10;

/** The files that differ between two looks, in the order of their names. */
export function differences(before: FileStamps, after: FileStamps): string[] {
  const gone = [...before.keys()].filter((file) => !after.has(file));
  const changed = [...after].filter(([file, stamp]) => before.get(file) !== stamp).map(([file]) => file);
  return [...gone, ...changed].sort();
}

/** Looks at files until it is closed. */
export class FileWatch {
  readonly #tree: FileTree;
  readonly #runtime: Runtime;
  readonly #onChange: (files: readonly string[]) => void;
  readonly #onError: (error: unknown) => void;
  #seen: FileStamps;
  /** The time until the next look, in milliseconds. */
  #pause = BETWEEN_LOOKS;
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;

  /**
   * Begins to look.
   *
   * @param seen How the files are now.
   * @param onChange Called with the files that have changed, once they are quiet.
   * @param onError Called if they cannot be looked at any more.
   */
  constructor(
    tree: FileTree,
    seen: FileStamps,
    runtime: Runtime,
    onChange: (files: readonly string[]) => void,
    onError: (error: unknown) => void,
  ) {
    this.#tree = tree;
    this.#seen = seen;
    this.#runtime = runtime;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#timer = runtime.after(this.#pause, () => void this.look());
  }

  /** Looks at once; what has changed has been told when this is settled. */
  look(): Promise<void> {
    if (this.#looking !== undefined) return this.#looking;
    this.#timer?.cancel();
    this.#looking = this.#look().catch(this.#onError).finally(() => {
      this.#looking = undefined;
      if (!this.#isClosed) this.#timer = this.#runtime.after(this.#pause, () => void this.look());
    });
    return this.#looking;
  }

  /** Looks no more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const began = this.#runtime.now();
    let latest = await this.#tree.stamps();
    this.#pause = Math.max(BETWEEN_LOOKS, LEAST_PAUSE * (this.#runtime.now() - began));
    if (differences(this.#seen, latest).length > 0) {
      for (let looks = 0; looks < MOST_LOOKS && !this.#isClosed; looks++) {
        await new Promise<void>((resolve) => this.#runtime.after(QUIET, resolve));
        const now = await this.#tree.stamps();
        const isQuiet = differences(latest, now).length === 0;
        latest = now;
        if (isQuiet) break;
      }
    }
    if (this.#isClosed) return;
    const files = differences(this.#seen, latest);
    this.#seen = latest;
    if (files.length > 0) this.#onChange(files);
  }
}
