/**
 * The dialects whose clients can act many at once.
 *
 * @module
 */

import type { Driver } from "../driver.ts";
import { FRAME_DRIVER } from "./frame.ts";
import { GROUP_DRIVER } from "./group.ts";
import { RELAY_DRIVER } from "./relay.ts";
import { ROOM_DRIVER } from "./room.ts";
import { SLASH_DRIVER } from "./slash.ts";

/** One a dialect. */
export const DRIVERS: readonly Driver[] = [RELAY_DRIVER, FRAME_DRIVER, SLASH_DRIVER, ROOM_DRIVER, GROUP_DRIVER];
