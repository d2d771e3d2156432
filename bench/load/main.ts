/**
 * The load generator, a process of its own: takes a {@linkcode Job} as JSON, prints what it measured as JSON.
 *
 * @module
 */

import { driveBroadcast } from "./broadcast.ts";
import { closeCrowd, driveArrivals, openCrowd, openGuest } from "./crowd.ts";
import { driveDatagrams } from "./datagrams.ts";
import type { Job } from "./job.ts";
import type { Measured } from "./latencies.ts";
import { loadOf } from "./loads.ts";
import { measurePairs } from "./pairs.ts";

async function run(job: Job): Promise<Measured | Record<never, never>> {
  const { port } = job;
  switch (job.kind) {
    case "pairs": {
      const stop = job.guest === undefined ? () => {} : await openGuest(port, job.guest);
      const measured = await measurePairs(job);
      stop();
      return measured;
    }
    case "datagrams":
      return await driveDatagrams(await loadOf(job.exchange, "datagrams")(port, job.pairs, job.bodySize, 0), job);
    case "broadcast":
      return await driveBroadcast(await loadOf(job.exchange, "audience")(port, job.recipients, job.bodySize), job);
    case "arrivals":
      return await driveArrivals(port, job);
    case "crowd": {
      const crowd = await openCrowd(port, job.size);
      print({ opened: crowd.length });
      // Whoever started us closes our input when the server was looked at.
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
