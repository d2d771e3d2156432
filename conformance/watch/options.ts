/**
 * The options of `chat conform --watch`.
 *
 * @module
 */

import { multiple } from "@optique/core/modifiers";
import { fields } from "../../lib/cli/fields.ts";
import { word } from "../../lib/cli/values.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { ReportRequest } from "../reports/formats.ts";
import type { WatchRequest } from "./played.ts";

const { flag, setting } = fields;

/** How long a build may take, in milliseconds. */
const BUILD_TIMEOUT = 120_000;

/** The options. */
export const WATCH = {
  watch: flag("--watch", "Play it again whenever files change: what failed first, and then the rest."),
  watchPaths: multiple(
    setting("--watch-path", word("PATH"), "What is watched, if not the folder of the command. May be repeated."),
  ),
};

/** What they were given. */
export interface GivenWatch {
  /** Whether files are watched. */
  readonly watch: boolean;
  /** Which. */
  readonly watchPaths: readonly string[];
}

/** What it is built with: options that a course has as well. */
export interface GivenBuild {
  /** The command. */
  readonly buildCommand: string | undefined;
  /** How long it may take, in milliseconds. */
  readonly buildTimeout: number | undefined;
}

/** What of the others does not go with it. */
export interface OtherOutput {
  /** The reports. */
  readonly reports: readonly ReportRequest[];
  /** Whether fixtures are listed. */
  readonly list: boolean;
  /** Whether it is written what clauses are worth. */
  readonly writeGrading: boolean;
}

/**
 * Reads them; nothing if nothing is to be watched.
 *
 * @param given What they were given.
 * @param isStarted Whether it was said how the program is started.
 * @param isStress Whether many clients are to act at once.
 * @param others What of the others does not go with it.
 * @throws {ChatError} `usage` for options that do not go together.
 */
export function readWatch(
  { watch, watchPaths: paths, buildCommand, buildTimeout = BUILD_TIMEOUT }: GivenWatch & GivenBuild,
  isStarted: boolean,
  isStress: boolean,
  { reports, list, writeGrading }: OtherOutput,
): WatchRequest | undefined {
  if (!watch) {
    if (paths.length === 0) return undefined;
    throw new ChatError("usage", "--watch-path says what --watch is to watch: give both, or none");
  }
  const shown = reports.find(({ file }) => file === undefined);
  const wrong = !isStarted
    ? "--watch starts the program again after each change: say how, with --server-cmd or --client-cmd COMMAND"
    : isStress
    ? "--watch is for what is played in seconds: leave out --stress"
    : list || writeGrading
    ? "--list and --write-grading play nothing that could be watched: leave out --watch"
    : shown !== undefined
    ? `--watch needs standard output for itself: give the report a file, --report ${shown.format}=FILE`
    : undefined;
  if (wrong !== undefined) throw new ChatError("usage", wrong);
  return { paths, ...buildCommand !== undefined && { build: { command: buildCommand, timeout: buildTimeout } } };
}
