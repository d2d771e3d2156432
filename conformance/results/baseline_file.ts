/**
 * Lists of expected failures in files: read before a run, and brought up to date after it.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { Baseline, updateBaseline } from "./baseline.ts";
import { Destination } from "../reports/destination.ts";
import type { TargetRun } from "./verdict.ts";

/** Reads a list; throws `baseline-unreadable` for a file that cannot be read, and a `fixture` error for a mistake in it. */
export async function readBaseline(file: string): Promise<Baseline> {
  return new Baseline(await readText(file), file);
}

/** A list that is brought up to date. Disposing it closes its file. */
export class BaselineFile implements Disposable {
  readonly #file: string;
  readonly #destination: Destination;
  #text: string;

  private constructor(file: string, destination: Destination, text: string) {
    this.#file = file;
    this.#destination = destination;
    this.#text = text;
  }

  /**
   * Makes sure that it can be written. What is there already must be such a list, so that nothing else is overwritten:
   * throws what {@linkcode readBaseline} throws, and `unwritable`.
   */
  static async open(file: string): Promise<BaselineFile> {
    const destination = await Destination.open(file, "the list of expected failures");
    try {
      const isThere = await Deno.stat(file).then(() => true, () => false);
      const text = isThere ? await readText(file) : "";
      new Baseline(text, file);
      return new BaselineFile(file, destination, text);
    } catch (error) {
      destination[Symbol.dispose]();
      throw error;
    }
  }

  /** Brings the list up to date with the results of a target, and gives it. */
  take({ results }: TargetRun, strict: boolean): Baseline {
    this.#text = updateBaseline(this.#text, results, strict);
    return new Baseline(this.#text, this.#file);
  }

  /** Writes the list. */
  async write(): Promise<void> {
    await this.#destination.replace(this.#text);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#destination[Symbol.dispose]();
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "it is not there; --write-expect makes one"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ChatError("baseline-unreadable", `the list of expected failures ${file} cannot be read: ${why}`, {
      cause,
    });
  }
}
