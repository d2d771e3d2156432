/**
 * The load generator, a process of its own: takes a {@linkcode Job} as JSON, prints what it measured as JSON.
 *
 * @module
 */

import { driveBroadcast } from "./broadcast.ts";
import { openBytesPair } from "./bytes.ts";
import { closeCrowd, driveArrivals, openCrowd, openGuest } from "./crowd.ts";
import { driveDatagrams } from "./datagrams.ts";
import { drive } from "./drive.ts";
import { oneByOne, type OpenPairs } from "./exchange.ts";
import { openFramePair } from "./frame.ts";
import { openGroupPair } from "./group.ts";
import type { Job, PairsJob } from "./job.ts";
import type { Measured } from "./latencies.ts";
import { openNatsPair } from "./nats.ts";
import { openRawDatagramPair } from "./raw_datagrams.ts";
import { openRelayAudience, openRelayPair } from "./relay.ts";
import { openRoom } from "./room.ts";
import { openSlashPairs } from "./slash.ts";

const OPEN_PAIRS: Readonly<Record<PairsJob["exchange"], OpenPairs>> = {
  relay: oneByOne(openRelayPair),
  frame: oneByOne(openFramePair),
  slash: openSlashPairs,
  nats: oneByOne(openNatsPair),
  bytes: oneByOne(openBytesPair),
};
const OPEN_DATAGRAM_PAIRS = { group: oneByOne(openGroupPair), bytes: oneByOne(openRawDatagramPair) };
const OPEN_AUDIENCE = { relay: openRelayAudience, room: openRoom };

async function run(job: Job): Promise<Measured | Record<never, never>> {
  const { port } = job;
  switch (job.kind) {
    case "pairs": {
      const pairs = await OPEN_PAIRS[job.exchange](port, job.pairs, job.bodySize);
      const stop = job.guest === undefined ? () => {} : await openGuest(port, job.guest);
      const measured = await drive(pairs, job);
      stop();
      return measured;
    }
    case "datagrams":
      return await driveDatagrams(await OPEN_DATAGRAM_PAIRS[job.exchange](port, job.pairs, job.bodySize), job);
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
