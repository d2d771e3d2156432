/**
 * What the protocol leaves open, and a server does.
 *
 * @module
 */

import type { Place } from "../transcript/place.ts";

/** A choice that the server made where the protocol leaves one. */
export interface Chosen {
  /** The name of the choice. */
  readonly choice: string;
  /** What was chosen. */
  readonly value: string;
  /** The step in which it was made. */
  readonly place: Place;
}
