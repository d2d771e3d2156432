/**
 * The one class of errors that this program throws on purpose.
 *
 * @module
 */

/** Whose fault an error is: stable, lower-case words that programs may compare, unlike messages. */
export type ErrorCode =
  // What the user asked for: options, their values, and the files that they name.
  | "usage"
  | "bad-value"
  | "bad-address"
  | "bad-name"
  | "bad-network"
  | "bad-certificate"
  | "bad-token"
  | "no-name"
  | "unknown-dialect"
  | "fixture"
  | "fixtures-missing"
  | "baseline-unreadable"
  | "bad-grading"
  | "server-command"
  // What cannot be written or kept.
  | "unwritable"
  | "no-history"
  | "no-transcript"
  // The network, and the server at its other end.
  | "port-in-use"
  | "cannot-listen"
  | "no-port"
  | "shortage"
  | "unreachable"
  | "timed-out"
  | "undetected"
  | "closed-at-once"
  // What carries a cluster.
  | "cluster-unreachable"
  | "cluster-unusable"
  | "broken-server";

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
  /** Whose fault it is. */
  readonly code: ErrorCode;

  /** The message is one line: what was wrong, and what to do. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ChatError";
    this.code = code;
  }
}
