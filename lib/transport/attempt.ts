/**
 * Something that may take only so long, and that may be given up.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";

/** The bounds of an {@linkcode attempt}. */
export interface AttemptOptions {
  /** How long it may take, in milliseconds. */
  readonly timeout: number;
  /** Gives it up when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has `act` try something, and aborts the signal that `act` is given when the time is up or the caller gives up. What
 * comes of it all the same, too late, is passed to `discard`.
 *
 * @throws {ChatError} `timed-out`, when the time is up.
 * @throws what the caller's signal was aborted with, or what `act` rejects with.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { ChatError } from "../core/error.ts";
 *
 * const never = () => new Promise<void>(() => {});
 * await assertRejects(() => attempt(never, () => {}, { timeout: 20 }), ChatError, "no answer within 0.02 s");
 * ```
 */
export async function attempt<Result>(
  act: (signal: AbortSignal) => Promise<Result>,
  discard: (late: Result) => void,
  { timeout, signal }: AttemptOptions,
): Promise<Result> {
  signal?.throwIfAborted();
  // A signal of our own, which nobody aborts once this has ended.
  const controller = new AbortController();
  const acting = act(controller.signal);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: unknown) => {
    reject(reason);
    controller.abort(reason);
  };
  const onAbort = () => giveUp(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  const timer = setTimeout(() => giveUp(new ChatError("timed-out", `no answer within ${timeout / 1000} s`)), timeout);
  try {
    return await Promise.race([acting, givenUp]);
  } catch (error) {
    if (controller.signal.aborted) acting.then(discard, () => {});
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
