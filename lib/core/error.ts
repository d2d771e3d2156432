/**
 * The one class of errors that this program throws on purpose.
 *
 * @module
 */

/**
 * An error that says whose fault it is (its code) and what to do (its message, one line for people).
 * What led to it is in `cause`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new ChatError("port-in-use", "port 4000 is taken: choose another with --relay PORT");
 * assertEquals(error.code, "port-in-use");
 * ```
 */
export class ChatError extends Error {
  /** A stable, lower-case word that programs may compare, unlike the message. */
  readonly code: string;

  /** Takes a stable code, a message of one line, and what led to it. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ChatError";
    this.code = code;
  }
}
