/**
 * Waiting that can be cut short.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";

/** Settles as `promise` does, or rejects with the signal's reason when that comes first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const give = () => reject(signal.reason);
    signal.addEventListener("abort", give, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
  });
}

/** Settles after so many milliseconds, or rejects with the signal's reason when that comes first. */
export function sleep(runtime: Runtime, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const give = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = runtime.after(milliseconds, () => {
      signal?.removeEventListener("abort", give);
      resolve();
    });
    signal?.addEventListener("abort", give, { once: true });
  });
}

/** Settles when what has arrived by now has been read: where the machine is busy, a timer may have its turn before that. */
export function turn(runtime: Runtime): Promise<void> {
  return new Promise((resolve) => runtime.nextTurn(resolve));
}

/** Acts after so many milliseconds, and a {@linkcode turn}. Gives what calls it off. */
export function afterSilence(runtime: Runtime, milliseconds: number, act: () => void): () => void {
  let isCalledOff = false;
  const timer = runtime.after(milliseconds, () => {
    runtime.nextTurn(() => {
      if (!isCalledOff) act();
    });
  });
  return () => {
    isCalledOff = true;
    timer.cancel();
  };
}
