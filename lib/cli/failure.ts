/**
 * What is told when a command cannot be followed, and the exit status that goes with it.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";
import { visibleText } from "../core/visible.ts";

/** The last word of a program that failed. */
export interface ExitMessage {
  /** What goes to standard error: one line, with its line break, or nothing. */
  readonly text: string;
  /** The exit status. */
  readonly status: number;
}

const FAILED = 1;
const WRONG_USAGE = 2;
/** What a shell reports of a program that the signal SIGPIPE has ended. */
const NOBODY_READS = 141;

/**
 * One line for people, whatever was thrown; with `debug`, the stack before it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ChatError } from "../core/error.ts";
 *
 * assertEquals(failureOf(new ChatError("usage", "say what to do"), false), { text: "chat: say what to do\n", status: 2 });
 * ```
 */
export function failureOf(error: unknown, debug: boolean): ExitMessage {
  // Like `chat --help | head -1`: whom would it be told?
  const cause = error instanceof ChatError && error.code === "unwritable" ? error.cause : error;
  if (cause instanceof Error && cause.name === "BrokenPipe") return { text: "", status: NOBODY_READS };
  const stack = debug && error instanceof Error ? `${visibleText(error.stack ?? "", { keep: "\n" })}\n` : "";
  if (error instanceof ChatError) {
    const status = error.code === "usage" || error.code === "unwritable" ? WRONG_USAGE : FAILED;
    return { text: `${stack}chat: ${visibleText(error.message)}\n`, status };
  }
  const hint = debug ? "" : "; please report it, with what CHAT_DEBUG=1 adds to it";
  return { text: `${stack}chat: a fault of our own: ${visibleText(String(error))}${hint}\n`, status: FAILED };
}
