/// <reference lib="deno.worker" />
/**
 * A thread that drives some of the pairs: is told its {@linkcode Share}, says that its pairs are open, is told to drive them,
 * and says what it has counted.
 *
 * @module
 */

import { drivePairs, timeThatCounts } from "./drive.ts";
import type { Pair } from "./exchange.ts";
import type { PairsJob } from "./job.ts";
import { loadOf } from "./loads.ts";

/** The pairs of one thread, of all that a job asks for. */
export interface Share extends PairsJob {
  /** The number of its first pair. */
  readonly first: number;
}

/** What a thread says: its pairs are open, or how many messages there were of each latency. */
export type ThreadNews = "open" | Uint32Array;

let share: Share;
let pairs: readonly Pair[];

self.onmessage = async ({ data }: MessageEvent<Share | "drive">) => {
  if (data === "drive") {
    const time = timeThatCounts(share);
    await drivePairs(pairs, share.inFlight, time);
    self.postMessage(time.latencies.counts satisfies ThreadNews);
  } else {
    share = data;
    pairs = await loadOf(share.exchange, "pairs")(share.port, share.pairs, share.bodySize, share.first);
    self.postMessage("open" satisfies ThreadNews);
  }
};
