/**
 * A wait for bytes on a connection.
 *
 * @module
 */

import type { Match, MatchState } from "../../pattern/matcher.ts";

/** What is waited for on a connection. */
export interface BytesWait {
  /** What the last check found. */
  readonly state: MatchState;
  /** Checks all that is unread. */
  check(unread: Uint8Array, isClosed: boolean): MatchState;
  /** Starts over: another one took what was there. */
  restart(): void;
  /** What it found, if its state is `open` or `matched`. */
  match(): Match;
  /** Called once it has got what it waited for, which is no longer unread then. */
  onMatch(match: Match): void;
}
