/**
 * Text on its way out, to a stream that may be slow, or whose reader may go away.
 *
 * @module
 */

import type { Writable } from "node:stream";

/** Writes to a stream, says when it piles up, and survives that nobody reads it any more. */
export class StreamOutput {
  readonly #stream: Writable;
  readonly #broken = new AbortController();
  #pressure: (piledUp: boolean) => void = () => {};

  constructor(stream: Writable) {
    this.#stream = stream;
    // `chat connect bob | head -1`: the reader has seen enough, which is no reason for a stack trace.
    stream.on("error", (error) => this.#broken.abort(error));
    stream.on("drain", () => this.#pressure(false));
  }

  /** Aborted when nothing can be written any more, with the error as its reason. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** Names who is told when what is written piles up, and when it no longer does. */
  onPressure(listener: (piledUp: boolean) => void): void {
    this.#pressure = listener;
  }

  /** Writes text; does nothing where nothing can be written any more. */
  write(text: string): void {
    if (this.#broken.signal.aborted) return;
    if (!this.#try(text, () => {})) this.#pressure(true);
  }

  /** Resolves when everything written so far is out, or lost. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#broken.signal.addEventListener("abort", () => resolve());
      if (this.#broken.signal.aborted) resolve();
      else this.#try("", () => resolve());
    });
  }

  /** Says whether there is room for more; a stream that is broken takes anything. */
  #try(text: string, written: () => void): boolean {
    try {
      return this.#stream.write(text, written);
    } catch (error) {
      // Deno's standard output writes at once and may fail at once, without an event.
      this.#broken.abort(error);
      return true;
    }
  }
}
