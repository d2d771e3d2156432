/**
 * The load generator, a process of its own: takes a {@linkcode Job} as JSON, prints what it measured as JSON.
 *
 * @module
 */

import { driveBroadcast } from "./broadcast.ts";
import { closeCrowd, driveArrivals, openCrowd, openGuest } from "./crowd.ts";
import { driveDatagrams } from "./datagrams.ts";
import { oneByOne } from "./exchange.ts";
import { openGroupPair } from "./group.ts";
import type { Job } from "./job.ts";
import type { Measured } from "./latencies.ts";
import { measurePairs } from "./pairs.ts";
import { openRawDatagramPair } from "./raw_datagrams.ts";
import { openRelayAudience } from "./relay.ts";
import { openRoom } from "./room.ts";

const OPEN_DATAGRAM_PAIRS = { group: oneByOne(openGroupPair), bytes: oneByOne(openRawDatagramPair) };
const OPEN_AUDIENCE = { relay: openRelayAudience, room: openRoom };

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
      return await driveDatagrams(await OPEN_DATAGRAM_PAIRS[job.exchange](port, job.pairs, job.bodySize, 0), job);
    case "broadcast":
      return await driveBroadcast(await OPEN_AUDIENCE[job.exchange](port, job.recipients, job.bodySize), job);
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
