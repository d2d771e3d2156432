/**
 * What frame's fixtures are tested with.
 *
 * @module
 */

import { FrameServer } from "../../../lib/dialects/frame/server.ts";
import { FRAME_DEVIATIONS } from "./deviations.ts";
import { readMutants } from "../mutant.ts";
import { together } from "../put_in.ts";
import { deviating, LATE, late, type MutantSet, ours, plain, thatSayNothing, uselessIn } from "../mutant_set.ts";
import type { MakeServer } from "../serving.ts";
import { OTHER_WAYS } from "./other_ways.ts";
import { WRONG_WITH_FRAME_CLIENTS } from "./wrong_with_clients.ts";
import { WRONG_WITH_FRAMES } from "./wrong_with_frames.ts";
import { frame } from "./server.ts";

const makeFrame: MakeServer = (context) => new FrameServer(context);

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeFrame) },
    { words: "answers late", start: late(makeFrame, LATE) },
    ...Object.entries(OTHER_WAYS).map(([words, make]) => ({ words, start: plain(make) })),
  ],
  useless: [
    ...thatSayNothing(makeFrame),
    {
      words: "gives everybody an ID and does nothing else",
      start: plain(frame("receive", () => () => {})),
      keeps: ["frame/assign", "frame/assign-unique*", "frame/leave-newcomer"],
    },
  ],
  mutants: [
    ...uselessIn("frame/assign", ["mute", "closing", "babbling"]),
    ...readMutants({ ...WRONG_WITH_FRAME_CLIENTS, ...WRONG_WITH_FRAMES }, plain, together),
  ],
  deviations: deviating(FRAME_DEVIATIONS),
  excuses: {},
};
