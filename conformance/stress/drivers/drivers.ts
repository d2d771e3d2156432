/**
 * The dialects whose clients can act many at once.
 *
 * @module
 */

import type { Driver } from "../driver.ts";
import { RELAY_DRIVER } from "./relay.ts";

/** One a dialect. */
export const DRIVERS: readonly Driver[] = [RELAY_DRIVER];
