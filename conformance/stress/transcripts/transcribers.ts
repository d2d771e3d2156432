/**
 * All that write down small runs of many clients.
 *
 * @module
 */

import { GROUP_TRANSCRIPTS } from "./group.ts";
import { RELAY_TRANSCRIPTS } from "./relay.ts";
import { STREAM_TRANSCRIPTS } from "./streams.ts";
import type { Transcriber } from "./transcriber.ts";

/** One for each dialect. */
export const TRANSCRIBERS: readonly Transcriber[] = [RELAY_TRANSCRIPTS, GROUP_TRANSCRIPTS, ...STREAM_TRANSCRIPTS];
