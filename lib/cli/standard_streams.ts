/**
 * What a command that is not a server says: all of it is written, or it is told that it could not be.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";

/** The part of `Deno.stdout` that is needed. */
export interface SyncStream {
  /** Writes at least one byte of `bytes` and says how many. */
  writeSync(bytes: Uint8Array): number;
}

/**
 * Writes a text to standard output.
 *
 * @throws {ChatError} `unwritable` if there is no room for it, or nobody reads it any more.
 */
export function writeOutput(stream: SyncStream, text: string): void {
  try {
    writeAll(stream, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/ \(os error \d+\).*$/s, "") : String(cause);
    throw new ChatError("unwritable", `standard output cannot be written to: ${why}`, { cause });
  }
}

/** Writes a text to standard error. If that cannot be done, there is nobody left to tell. */
export function writeError(stream: SyncStream, text: string): void {
  try {
    writeAll(stream, text);
  } catch {
    // The exit status says the rest.
  }
}

function writeAll(stream: SyncStream, text: string): void {
  for (let rest = new TextEncoder().encode(text); rest.length > 0;) rest = rest.subarray(stream.writeSync(rest));
}
