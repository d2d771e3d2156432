/**
 * Who gets the pairs of an exchange ready.
 *
 * @module
 */

import { openBytesPair } from "./bytes.ts";
import { oneByOne, type OpenPairs } from "./exchange.ts";
import { openFramePair } from "./frame.ts";
import type { PairsJob } from "./job.ts";
import { openNatsPair } from "./nats.ts";
import { openRelayPair } from "./relay.ts";
import { openSlashPairs } from "./slash.ts";

/** By what is spoken. */
export const OPEN_PAIRS: Readonly<Record<PairsJob["exchange"], OpenPairs>> = {
  relay: oneByOne(openRelayPair),
  frame: oneByOne(openFramePair),
  slash: openSlashPairs,
  nats: oneByOne(openNatsPair),
  bytes: oneByOne(openBytesPair),
};
