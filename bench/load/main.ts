/**
 * The load generator, a process of its own: takes a {@linkcode Job} as JSON, prints what it measured as JSON.
 *
 * @module
 */

import { driveBroadcast } from "./broadcast.ts";
import { openBytesPair } from "./bytes.ts";
import { closeCrowd, driveArrivals, openCrowd, openStalledReader } from "./crowd.ts";
import { drive } from "./drive.ts";
import type { Pair } from "./exchange.ts";
import type { Job } from "./job.ts";
import type { Measured } from "./latencies.ts";
import { openNatsPair } from "./nats.ts";
import { openRelayPair } from "./relay.ts";

const OPEN_PAIR = { relay: openRelayPair, nats: openNatsPair, bytes: openBytesPair };

async function run(job: Job): Promise<Measured | Record<never, never>> {
  const { port } = job;
  switch (job.kind) {
    case "pairs": {
      const pairs: Pair[] = [];
      for (let i = 0; i < job.pairs; i++) pairs.push(await OPEN_PAIR[job.exchange](port, i, job.bodySize));
      const crowd = await openCrowd(port, job.crowd ?? 0);
      const stop = job.stalled ? await openStalledReader(port) : () => {};
      const measured = await drive(pairs, job);
      stop();
      closeCrowd(crowd);
      return measured;
    }
    case "broadcast":
      return await driveBroadcast(port, job.recipients, job.bodySize, job);
    case "arrivals":
      return await driveArrivals(port, job);
    case "crowd": {
      const crowd = await openCrowd(port, job.size);
      print({ opened: crowd.length });
      // Whoever started us closes our input when the server's memory was looked at.
      await Deno.stdin.read(new Uint8Array(1));
      closeCrowd(crowd);
      return {};
    }
  }
}

function print(result: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
}

print(await run(JSON.parse(Deno.args[0] ?? "") as Job));
