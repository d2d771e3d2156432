/**
 * The files in which a conversation is kept, where the dialect's document asks for them.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";

const encoder = new TextEncoder();

/** Files in one folder, opened when they are first needed, and only ever appended to. */
export class MessageLog implements Disposable {
  readonly #folder: string;
  /** By name; `undefined` for one that cannot be written. */
  readonly #files = new Map<string, Deno.FsFile | undefined>();

  /** @param folder need not exist as long as there is nothing to keep. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Appends a line to a file, and hands it to the system before it returns. Once a file could not be written, what is for
   * it is dropped.
   *
   * @throws {ChatError} `no-transcript` the first time that a file cannot be written.
   */
  append(file: string, line: string): void {
    if (this.#files.has(file) && this.#files.get(file) === undefined) return;
    const path = `${this.#folder}/${file}`;
    try {
      const open = this.#files.get(file) ?? Deno.openSync(path, { append: true, create: true });
      this.#files.set(file, open);
      writeAll(open, encoder.encode(`${line}\n`));
    } catch (cause) {
      this.#files.get(file)?.close();
      this.#files.set(file, undefined);
      const why = cause instanceof Error ? cause.message.replace(/ \(os error \d+\).*$/s, "") : String(cause);
      throw new ChatError("no-transcript", `cannot write ${path}: ${why}; choose a folder with --transcript-dir DIR`, {
        cause,
      });
    }
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file?.close();
    this.#files.clear();
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
