/**
 * Pairs that exchange messages, in as many threads as it takes to treat all of them alike.
 *
 * @module
 */

import { drivePairs, timeThatCounts } from "./drive.ts";
import type { PairsJob } from "./job.ts";
import type { Measured } from "./latencies.ts";
import { loadOf } from "./loads.ts";
import type { Share, ThreadNews } from "./pairs_thread.ts";
import { withProcessor } from "./processor.ts";

/**
 * How many pairs a thread drives: each has one message to read at a time, and of more than 128 that are ready at once the
 * runtime puts some off behind those that get ready later.
 */
const PAIRS_A_THREAD = 125;

/** Opens the pairs of a job, drives and closes them. */
export async function measurePairs(job: PairsJob): Promise<Measured> {
  const shares: Share[] = [];
  for (let first = 0; first < job.pairs; first += PAIRS_A_THREAD) {
    shares.push({ ...job, pairs: Math.min(PAIRS_A_THREAD, job.pairs - first), first });
  }
  return shares.length === 1 ? await measureHere(job) : await measureInThreads(job, shares);
}

async function measureHere(job: PairsJob): Promise<Measured> {
  const pairs = await loadOf(job.exchange, "pairs")(job.port, job.pairs, job.bodySize, 0);
  const { start, end, latencies } = timeThatCounts(job);
  return await withProcessor(job, start, end, async () => {
    await drivePairs(pairs, job.inFlight, { end, latencies });
    return latencies.measured();
  });
}

async function measureInThreads(job: PairsJob, shares: readonly Share[]): Promise<Measured> {
  const threads = shares.map(() => new Worker(new URL("pairs_thread.ts", import.meta.url), { type: "module" }));
  try {
    // One after the other, as pairs are opened.
    for (const [i, thread] of threads.entries()) await ask<"open">(thread, shares[i]!);
    const { start, end, latencies } = timeThatCounts(job);
    return await withProcessor(job, start, end, async () => {
      const counts = await Promise.all(threads.map((thread) => ask<Uint32Array>(thread, "drive")));
      for (const each of counts) latencies.addCounts(each);
      return latencies.measured();
    });
  } finally {
    for (const thread of threads) thread.terminate();
  }
}

/** Tells a thread something, and waits for what it says then. */
function ask<News extends ThreadNews>(thread: Worker, words: Share | "drive"): Promise<News> {
  return new Promise((resolve, reject) => {
    thread.onmessage = (event: MessageEvent<News>) => resolve(event.data);
    thread.onerror = (event) => reject(new Error(`a thread of the load generator failed: ${event.message}`));
    thread.postMessage(words);
  });
}
