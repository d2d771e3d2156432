/**
 * How far a run has come, in one line of a terminal that replaces itself.
 *
 * @module
 */

import type { Result } from "../../results/verdict.ts";

/** The line: how many of so many fixtures have been played, and the last one. */
export function showProgress(done: number, fixtures: number, { fixture }: Result): string {
  return `${NO_PROGRESS}${done}/${fixtures} ${fixture.name}`;
}

/** Removes the line. */
export const NO_PROGRESS = "\r\x1b[2K";
