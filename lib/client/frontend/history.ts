/**
 * The lines that a person has entered, kept from one conversation to the next.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import { systemErrorText } from "../system_error.ts";

/** How many lines are kept. */
export const MAX_HISTORY = 1_000;
/** Longer lines are not kept, in UTF-16 units; nobody looks for them with the arrow keys. */
const MAX_LENGTH = 2_000;
/** A file of this many bytes was not written by us: each line is bounded, and so is their number. */
const MAX_FILE = 16 * 1024 * 1024;

const encoder = new TextEncoder();

/**
 * A file with a line for each line, the latest last. Several programs may write to it at the same time: each only appends,
 * and whoever opens one that has become too long shortens it.
 */
export class History {
  readonly #path: string;
  readonly #lines: readonly string[];

  private constructor(path: string, lines: readonly string[]) {
    this.#path = path;
    this.#lines = lines;
  }

  /**
   * Reads what there is; the file and its folder are made where they are missing, for their owner alone.
   *
   * @throws {ChatError} `no-history` where that cannot be done.
   */
  static open(path: string): History {
    try {
      Deno.mkdirSync(folderOf(path), { recursive: true, mode: 0o700 });
      const lines = readLines(path);
      const kept = lines.slice(-MAX_HISTORY);
      if (lines.length > 2 * MAX_HISTORY) replace(path, kept);
      return new History(path, kept);
    } catch (cause) {
      throw cause instanceof ChatError ? cause : fault(path, cause);
    }
  }

  /** What was entered before, the latest first. */
  get latestFirst(): readonly string[] {
    return this.#lines.toReversed();
  }

  /**
   * Keeps a line.
   *
   * @throws {ChatError} `no-history` where that cannot be done.
   */
  remember(line: string): void {
    if (line.length > MAX_LENGTH || line.trim() === "" || line.includes("\n")) return;
    try {
      using file = Deno.openSync(this.#path, { append: true, create: true, mode: 0o600 });
      file.writeSync(encoder.encode(`${line}\n`));
    } catch (cause) {
      throw fault(this.#path, cause);
    }
  }
}

function readLines(path: string): string[] {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile) throw new ChatError("no-history", `${path} is no file; go on without it: --no-history`);
    if (size > MAX_FILE) throw new ChatError("no-history", `${path} is too long; remove it, or --no-history`);
    // What is brought back is written to the terminal as it is.
    const lines = Deno.readTextFileSync(path).split("\n").map((line) => line.replace(/(?!\t)\p{Cc}/gu, ""));
    return lines.filter((line) => line !== "" && line.length <= MAX_LENGTH);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Nobody ever sees half a file. */
function replace(path: string, lines: readonly string[]): void {
  const fresh = `${path}.${crypto.randomUUID()}`;
  Deno.writeTextFileSync(fresh, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  Deno.renameSync(fresh, path);
}

function folderOf(path: string): string {
  return path.replace(/[/\\][^/\\]*$/, "");
}

function fault(path: string, cause: unknown): ChatError {
  const why = systemErrorText(cause);
  return new ChatError("no-history", `lines are not kept in ${path}: ${why}; --no-history does without`, { cause });
}
