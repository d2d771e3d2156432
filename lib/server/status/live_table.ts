/**
 * A table that is printed whenever it has changed, without waiting for its reader.
 *
 * @module
 */

import type { Output } from "../output.ts";

/** Where a live table is printed. */
export type TableOutput = Pick<Output, "writeLines" | "flushed">;

/**
 * Prints the latest state. What changes in one turn of the event loop, or while the last state is still being printed, is
 * printed once: a slow reader sees fewer states, and holds nothing up.
 */
export class LiveTable {
  readonly #output: TableOutput;
  readonly #state: () => readonly string[];
  #hasChanged = false;
  #isPrinting = false;
  #isOver = false;

  /** Prints nothing yet. `state` gives the lines of the present state. */
  constructor(output: TableOutput, state: () => readonly string[]) {
    this.#output = output;
    this.#state = state;
  }

  /** The state is another one now. */
  changed(): void {
    this.#hasChanged = true;
    if (!this.#isPrinting) this.#print();
  }

  /** Prints nothing more. */
  stop(): void {
    this.#isOver = true;
  }

  async #print(): Promise<void> {
    this.#isPrinting = true;
    // The rest of this turn may change more.
    await undefined;
    while (this.#hasChanged && !this.#isOver) {
      this.#hasChanged = false;
      this.#output.writeLines(this.#state());
      await this.#output.flushed();
    }
    this.#isPrinting = false;
  }
}
