/**
 * A thread for each core, each of which tries one server at a time.
 *
 * @module
 */

import type { Tried } from "./trials.ts";
import type { TryServer } from "./examine.ts";
import type { Selection } from "./subjects.ts";

/** What a thread is told first: what is examined, and the seed. */
export interface ThreadStart {
  /** What is examined. */
  readonly selection: Selection;
  /** Decides what is left to chance. */
  readonly seed: number;
}

/** Fewer servers than this for each thread are tried sooner than threads start. */
const WORTH_A_THREAD = 20;

/** How many threads so many servers are worth. */
export function threadsFor(servers: number, cores: number = navigator.hardwareConcurrency): number {
  return Math.max(1, Math.min(cores, Math.floor(servers / WORTH_A_THREAD)));
}

/**
 * Starts a thread in which the servers of a selection can be tried, one at a time.
 *
 * @returns how to try one, and how to end the thread.
 */
export function startThread(start: ThreadStart): { readonly tryServer: TryServer; end(): void } {
  const worker = new Worker(new URL("./thread.ts", import.meta.url).href, { type: "module" });
  worker.postMessage(start);
  return {
    tryServer: (index) => {
      const { promise, resolve, reject } = Promise.withResolvers<Tried>();
      worker.onmessage = ({ data }: MessageEvent<Tried>) => resolve(data);
      worker.onerror = (event) => {
        // Otherwise it is thrown here as well.
        event.preventDefault();
        reject(new Error(`the self-test's thread has failed: ${event.message}`));
      };
      worker.postMessage(index);
      return promise;
    },
    end: () => worker.terminate(),
  };
}

/**
 * Tries servers number 0 to `count` - 1, as many at a time as there are ways to try one, and gives what became of each, in their
 * order.
 *
 * @param onTried is called whenever one has been tried.
 */
export async function tryEach(
  count: number,
  ways: readonly TryServer[],
  onTried: () => void = () => {},
): Promise<Tried[]> {
  const tried: Tried[] = [];
  let next = 0;
  await Promise.all(ways.map(async (tryServer) => {
    while (next < count) {
      const index = next++;
      tried[index] = await tryServer(index);
      onTried();
    }
  }));
  return tried;
}
