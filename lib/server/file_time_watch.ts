/**
 * Whether files have been written since somebody last read them.
 *
 * @module
 */

import type { Runtime, Timer } from "../core/runtime.ts";

/** How often it is looked, in milliseconds. */
const LOOK_MS = 60_000;

/** What a watch needs. */
export interface FileTimeWatchOptions {
  /** The files. */
  files(): readonly string[];
  /** Says something that is another when a file was written; `undefined` where it is not there. */
  stampOf(file: string): string | undefined;
  /** The time. */
  readonly runtime: Pick<Runtime, "every">;
  /** One of the files was written, or is back; it may not be all there yet. */
  changed(): void;
}

/** Looks once a minute, by the times of the files: what is written meanwhile need not be told. */
export class FileTimeWatch implements Disposable {
  readonly #options: FileTimeWatchOptions;
  readonly #timer: Timer;
  #seen: string;

  /** They were read just now. */
  constructor(options: FileTimeWatchOptions) {
    this.#options = options;
    this.#seen = this.#stamps();
    this.#timer = options.runtime.every(LOOK_MS, () => this.#look());
  }

  /** They are about to be read, for whatever reason. */
  reading(): void {
    this.#seen = this.#stamps();
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#timer.cancel();
  }

  #look(): void {
    if (this.#stamps() !== this.#seen) this.#options.changed();
  }

  #stamps(): string {
    return JSON.stringify(this.#options.files().map((file) => this.#options.stampOf(file)));
  }
}

/**
 * Tells a file from what it was before; `undefined` where it cannot be seen. Of a link, as Kubernetes has them for secrets, it is
 * about the file behind it.
 */
export function fileStamp(file: string): string | undefined {
  try {
    const { mtime, size, ino } = Deno.statSync(file);
    return `${mtime?.getTime()} ${size} ${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
}
