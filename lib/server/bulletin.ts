/**
 * Something that changes, printed whenever it has, without anybody waiting for whoever reads it.
 *
 * @module
 */

/** Where a bulletin goes: the part of `Deno.stdout` that it needs. */
export interface Paper {
  /** Writes at least one byte of `bytes` and says how many. */
  write(bytes: Uint8Array): Promise<number>;
}

const encoder = new TextEncoder();

/**
 * Prints the latest state. What changes in one turn of the event loop, or while the last state is still being printed, is
 * printed once: a reader who is slow, or gone, sees fewer states, and holds nobody up.
 */
export class Bulletin {
  readonly #paper: Paper;
  readonly #state: () => readonly string[];
  #hasChanged = false;
  #isPrinting = false;
  #isOver = false;

  /** Takes where it is printed, and what gives the lines of the present state. */
  constructor(paper: Paper, state: () => readonly string[]) {
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
      let bytes: Uint8Array = encoder.encode(this.#state().map((line) => `${line}\n`).join(""));
      try {
        while (bytes.length > 0) bytes = bytes.subarray(await this.#paper.write(bytes));
      } catch {
        this.#isOver = true; // Whoever read it has gone.
      }
    }
    this.#isPrinting = false;
  }
}
