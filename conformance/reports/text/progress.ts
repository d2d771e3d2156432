/**
 * How far a run has come, in one line of a terminal that replaces itself.
 *
 * @module
 */

import type { Fixture } from "../../fixtures/fixture.ts";
import type { Result } from "../../results/verdict.ts";

/** The line: how many of so many fixtures have been played, and the last one. */
export function showProgress(done: number, fixtures: number, { fixture }: Result): string {
  return `${NO_PROGRESS}${done}/${fixtures} ${fixture.name}`;
}

/** A line that says what takes a while before the others are played, in the place of the last one. */
export function showTrying(gate: Fixture): string {
  return `${NO_PROGRESS}${gate.name} fails: finding out how to play the rest`;
}

/** Removes the line. */
export const NO_PROGRESS = "\r\x1b[2K";
