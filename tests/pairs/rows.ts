/**
 * The dialects of the matrix of pairs.
 *
 * @module
 */

import { FRAME_ROW } from "./frame.ts";
import { GROUP_ROW } from "./group.ts";
import type { Row } from "./party.ts";
import { RELAY_ROW } from "./relay.ts";
import { ROOM_ROW } from "./room.ts";
import { SLASH_ROW } from "./slash.ts";

/** Every dialect that meets the others in the hub. */
export const ROWS: readonly Row[] = [RELAY_ROW, FRAME_ROW, SLASH_ROW, GROUP_ROW, ROOM_ROW];
