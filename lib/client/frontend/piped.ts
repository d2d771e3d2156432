/**
 * The front end for scripts: one line in, one message; one event, one line out.
 *
 * @module
 */

import type { Writable } from "node:stream";
import type { Entry, Frontend } from "./frontend.ts";
import { LineReader } from "./line_reader.ts";
import { StreamOutput } from "../output/output_stream.ts";
import { isBrokenPipe, systemErrorText } from "../system_error.ts";

/** Where a script's front end reads and writes. */
export interface PipedStreams {
  /** What is to be sent. */
  readonly input: ReadableStream<Uint8Array>;
  /** What is said and what became of it. */
  readonly output: Writable;
  /** What went wrong. */
  readonly errors: Writable;
}

/** Reads lines and writes lines. Nobody can be asked. */
export class PipedFrontend implements Frontend {
  /** Nobody is there. */
  readonly interactive = false;
  readonly #lines: LineReader;
  readonly #output: StreamOutput;
  readonly #errors: StreamOutput;

  constructor(streams: PipedStreams) {
    this.#lines = new LineReader(streams.input);
    this.#output = new StreamOutput(streams.output);
    this.#errors = new StreamOutput(streams.errors);
    const { broken } = this.#output;
    broken.addEventListener("abort", () => {
      if (!isBrokenPipe(broken.reason)) {
        this.complain(`the output cannot be written: ${systemErrorText(broken.reason)}`);
      }
    });
  }

  /** Aborted when nobody reads the output any more. */
  get interrupted(): AbortSignal {
    return this.#output.broken;
  }

  /** Writes lines to the output. */
  print(text: string): void {
    this.#output.write(`${text}\n`);
  }

  /** Writes a line to the errors, with the program's name as is usual there. */
  complain(text: string): void {
    this.#errors.write(`chat: ${text}\n`);
  }

  /** Scripts know what they write. */
  assist(): void {}

  /** The next line. */
  read(): Promise<Entry> {
    return this.#lines.read();
  }

  /** Scripts see no prompts. */
  reprompt(): void {}

  /** Stops reading. */
  endInput(): void {
    // An input that fails while it is given up has nothing left to say.
    this.#lines.cancel().catch(() => {});
  }

  /** Names who is told when the output piles up. */
  onPressure(listener: (piledUp: boolean) => void): void {
    this.#output.onPressure(listener);
  }

  /** Stops reading, and waits until everything is written. */
  async close(): Promise<void> {
    this.endInput();
    await this.#output.flushed();
    await this.#errors.flushed();
  }
}
