/**
 * Standard output and standard error of a server, which outlives whoever reads them.
 *
 * @module
 */

/** The part of `Deno.stdout` that is needed. */
export interface OutputStream {
  /** Writes at least one byte of `bytes` and says how many; does not keep the program from doing other things meanwhile. */
  write(bytes: Uint8Array): Promise<number>;
}

/** How much may wait for a reader who is slow, in UTF-16 units. */
const CAPACITY = 1 << 20;

const encoder = new TextEncoder();

/**
 * Writes in order, and waits for nobody: what a slow reader has not taken waits here, up to a limit, and what nobody takes is
 * lost. Nothing that goes wrong with it is an error.
 */
export class Output {
  readonly #stream: OutputStream;
  readonly #capacity: number;
  #queue: string[] = [];
  #waiting = 0;
  #pumping: Promise<void> | undefined;

  /** @param capacity how many UTF-16 units may wait for it. */
  constructor(stream: OutputStream, capacity = CAPACITY) {
    this.#stream = stream;
    this.#capacity = capacity;
  }

  /** Writes a text behind all others; `false` if there is no room, and it is lost. A first one has room, however long. */
  write(text: string): boolean {
    if (this.#waiting > 0 && this.#waiting + text.length > this.#capacity) return false;
    this.#queue.push(text);
    this.#waiting += text.length;
    this.#pumping ??= this.#pump();
    return true;
  }

  /** Writes lines in the same way, without their line breaks. */
  writeLines(lines: readonly string[]): boolean {
    return this.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Resolves when nothing waits any more: it is out, or lost. */
  flushed(): Promise<void> {
    return this.#pumping ?? Promise.resolve();
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      const text = this.#queue.join("");
      this.#queue = [];
      try {
        for (let rest = encoder.encode(text); rest.length > 0;) rest = rest.subarray(await this.#stream.write(rest));
      } catch {
        // Whoever read it has gone, or the disk is full: that is no reason to cut off everybody who talks.
      }
      this.#waiting -= text.length;
    }
    this.#pumping = undefined;
  }
}
