/**
 * Something that reads what peers say, as the fuzzing feeds it.
 *
 * @module
 */

import type { Reader } from "./readers.ts";

/** How one of them is made, and what it must keep. */
export interface Subject {
  /** What reports call it. */
  readonly name: string;
  /** How many bytes of what is unfinished it may keep. */
  readonly bound: number;
  /** Whether where the stream is cut makes a difference. */
  readonly heedsCuts?: boolean;
  /** How many streams of a hundred are for it. */
  readonly share: number;
  /** Makes one. */
  make(): Reader;
}
