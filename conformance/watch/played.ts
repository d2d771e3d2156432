/**
 * What a run that is played again and again is asked for, what it tells meanwhile, and what comes of it.
 *
 * @module
 */

import type { ChatError } from "../../lib/core/error.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { TargetReport } from "../reports/report_data.ts";
import type { Result } from "../results/verdict.ts";

/** That files are watched, and all is played again when they change. */
export interface WatchRequest {
  /** The files and folders that are watched; those of the command by default. */
  readonly paths: readonly string[];
  /** What builds the program before each run. */
  readonly build?: BuildRequest;
}

/** How a program is built. */
export interface BuildRequest {
  /** The command. */
  readonly command: string;
  /** How long it may take, in milliseconds. */
  readonly timeout: number;
}

/** Who watches a run. */
export interface RunWatcher {
  /** The names of the fixtures that are played before the others, because they failed. */
  readonly failed: ReadonlySet<string>;
  /** All of these will be played, but for what is blocked. */
  planned(fixtures: readonly Fixture[]): void;
  /** One fails before them all, and it is tried how the others can be played all the same. */
  trying(gate: Fixture): void;
  /** One of them has been. */
  played(result: Result): void;
  /** Those that failed, and what they need, have been. */
  playedFirst(report: TargetReport): void;
}

/** What came of a run. */
export interface PlayedRun {
  /** Its exit status. */
  readonly status: number;
  /** What it has found out; nothing where it was not played. */
  readonly reports: readonly TargetReport[];
  /** What kept it from being played. */
  readonly error?: ChatError;
  /** The last lines of a server that has ended then, fit for a terminal. */
  readonly lastOutput: readonly string[];
}

/**
 * The fixtures that have failed, with all that they need: whether that holds must be known to say whose failure it is.
 *
 * @returns None where there is nothing else to be played.
 */
export function failedFirst(fixtures: readonly Fixture[], failed: ReadonlySet<string>): Fixture[] {
  const wanted = new Set<Fixture>();
  const add = (fixture: Fixture) => {
    if (wanted.has(fixture)) return;
    wanted.add(fixture);
    for (const other of fixtures) if (fixture.needs.includes(other.clause.slug)) add(other);
  };
  for (const fixture of fixtures) if (failed.has(fixture.name)) add(fixture);
  return wanted.size === fixtures.length ? [] : fixtures.filter((fixture) => wanted.has(fixture));
}
