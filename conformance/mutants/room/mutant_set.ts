/**
 * What room's fixtures are tested with.
 *
 * @module
 */

import { RoomServer } from "../../../lib/dialects/room/server.ts";
import { ROOM_DEVIATIONS } from "./deviations.ts";
import { readMutants } from "../mutant.ts";
import { together } from "../put_in.ts";
import { deviating, LATE, late, type MutantSet, ours, plain, thatSayNothing, uselessIn } from "../mutant_set.ts";
import type { MakeServer } from "../serving.ts";
import { ROOM_MUTANTS, showingPorts, welcomingOnly } from "./mutants.ts";
import { room } from "./server.ts";

const makeRoom: MakeServer = (context) => new RoomServer(context);

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeRoom) },
    { words: "answers late", start: late(makeRoom, LATE) },
    { words: "does what the document says", start: plain(room()) },
    { words: "shows the port behind each address", start: plain(showingPorts) },
  ],
  useless: [
    ...thatSayNothing(makeRoom),
    {
      words: "welcomes everybody and does nothing else",
      start: plain(welcomingOnly),
      keeps: ["room/greeting", "room/welcome", "room/joined", "room/silent-neighbour*", "room/vanish*"],
    },
  ],
  mutants: [
    ...uselessIn("room/greeting", ["mute", "closing", "babbling"]),
    ...readMutants(ROOM_MUTANTS, plain, together),
  ],
  deviations: deviating(ROOM_DEVIATIONS),
  excuses: {},
};
