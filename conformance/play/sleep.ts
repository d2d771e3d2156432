/**
 * Waiting that can be cut short.
 *
 * @module
 */

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
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const give = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", give);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", give, { once: true });
  });
}

/**
 * Acts after so many milliseconds, when all that has arrived by then has been read: where the machine is busy, a timer may
 * have its turn before that. Gives what calls it off.
 */
export function afterSilence(milliseconds: number, act: () => void): () => void {
  let timer = setTimeout(() => timer = setTimeout(act, 0), milliseconds);
  return () => clearTimeout(timer);
}
