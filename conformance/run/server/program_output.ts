/**
 * The last output of a program.
 *
 * @module
 */

import { visibleText } from "../../../lib/core/visible.ts";

/** So much of a program's output is kept, in characters. */
const KEPT = 8 * 1024;
/** So much of it is shown, in characters. */
const SHOWN = 2 * 1024;
/** So many lines of it are shown. */
const LINES = 20;

/** Reads all output of a program, so that it never has to wait for a reader, and keeps the end of it. */
export class ProgramOutput {
  /** Settles when the program, and all that it has started, have closed their output. */
  readonly ended: Promise<void>;
  readonly #streams: readonly ReadableStreamDefaultReader<string>[];
  #tail = "";
  #length = 0;

  constructor(streams: readonly ReadableStream<Uint8Array<ArrayBuffer>>[]) {
    this.#streams = streams.map((stream) => stream.pipeThrough(new TextDecoderStream()).getReader());
    this.ended = Promise.all(this.#streams.map((stream) => this.#read(stream))).then(() => {});
  }

  /** How many characters it has written. */
  get length(): number {
    return this.#length;
  }

  /** The last lines, fit for a terminal. */
  get tail(): string[] {
    return this.since(0);
  }

  /** The last lines of what it has written since it had written so many characters: at most 2 KiB, fit for a terminal. */
  since(length: number): string[] {
    if (this.#length <= length) return [];
    const lines = this.#tail.slice(-Math.min(SHOWN, this.#length - length)).trimEnd().split(/\r?\n/).slice(-LINES);
    return lines.map((line) => visibleText(line, { keep: "\t" })).filter((line, i) => i > 0 || line !== "");
  }

  /** Reads no more. */
  async cancel(): Promise<void> {
    await Promise.all(this.#streams.map((stream) => stream.cancel()));
    await this.ended;
  }

  async #read(stream: ReadableStreamDefaultReader<string>): Promise<void> {
    for (let part = await stream.read(); !part.done; part = await stream.read()) {
      this.#length += part.value.length;
      this.#tail = (this.#tail + part.value).slice(-KEPT);
    }
  }
}
