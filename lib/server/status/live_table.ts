/**
 * Something that changes, printed whenever it has, without anybody waiting for whoever reads it.
 *
 * @module
 */

import type { Output } from "../output.ts";

/** Where a bulletin goes. */
export type TableOutput = Pick<Output, "writeLines" | "flushed">;

/**
 * Prints the latest state. What changes in one turn of the event loop, or while the last state is still being printed, is
 * printed once: a reader who is slow sees fewer states, and holds nobody up.
 */
export class LiveTable {
  readonly #paper: TableOutput;
  readonly #state: () => readonly string[];
  #hasChanged = false;
  #isPrinting = false;
  #isOver = false;

  /** Takes where it is printed, and what gives the lines of the present state. */
  constructor(paper: TableOutput, state: () => readonly string[]) {
    this.#paper = paper;
    this.#state = state;
  }

  /** The state is another one now. */
  changed(): void {
    this.#hasChanged = true;
    if (!this.#isPrinting) this.#print();
  }

  /** Begins to print nothing more. */
  stop(): void {
    this.#isOver = true;
  }

  async #print(): Promise<void> {
    this.#isPrinting = true;
    // The rest of this turn may change more.
    await undefined;
    while (this.#hasChanged && !this.#isOver) {
      this.#hasChanged = false;
      this.#paper.writeLines(this.#state());
      await this.#paper.flushed();
    }
    this.#isPrinting = false;
  }
}
