/**
 * The last output of a program.
 *
 * @module
 */

import { visibleText } from "../../../lib/core/visible.ts";

/** So much of a program's output is kept, in characters. */
const KEPT = 8 * 1024;
/** So many lines of it are shown. */
const LINES = 20;

/** Reads all output of a program, so that it never has to wait for a reader, and keeps the end of it. */
export class ProgramOutput {
  /** Settles when the program, and all that it has started, have closed their output. */
  readonly ended: Promise<void>;
  readonly #streams: readonly ReadableStreamDefaultReader<string>[];
  #tail = "";

  constructor(streams: readonly ReadableStream<Uint8Array<ArrayBuffer>>[]) {
    this.#streams = streams.map((stream) => stream.pipeThrough(new TextDecoderStream()).getReader());
    this.ended = Promise.all(this.#streams.map((stream) => this.#read(stream))).then(() => {});
  }

  /** The last lines, fit for a terminal. */
  get tail(): string[] {
    const lines = this.#tail.trimEnd().split(/\r?\n/).slice(-LINES);
    return lines.map((line) => visibleText(line, { keep: "\t" })).filter((line, i) => i > 0 || line !== "");
  }

  /** Reads no more. */
  async cancel(): Promise<void> {
    await Promise.all(this.#streams.map((stream) => stream.cancel()));
    await this.ended;
  }

  async #read(stream: ReadableStreamDefaultReader<string>): Promise<void> {
    for (let part = await stream.read(); !part.done; part = await stream.read()) {
      this.#tail = (this.#tail + part.value).slice(-KEPT);
    }
  }
}
