/**
 * `chat conform`: plays transcripts against servers and says which clauses of their protocol they keep. Only what is asked for
 * is loaded: the player and all that belongs to it take longer to read than a list of fixtures.
 *
 * @module
 */

import { ChatError } from "../lib/core/error.ts";
import type { ConformOptions } from "./conform_options.ts";
import type { ConformIo } from "./io.ts";
import { list } from "./listing.ts";
import { STATUS } from "./results/exit_status.ts";
import { dialectsToList } from "./roles.ts";

export { STATUS } from "./results/exit_status.ts";
export type { ConformIo } from "./io.ts";
export type { ConformOptions } from "./conform_options.ts";

/**
 * Plays the selected fixtures against each target, writes the reports, and gives the exit status: 0 conforms, 1 does not,
 * 2 a broken fixture, 3 the target cannot be reached, 4 nothing was selected; of a run that is broken off, that of
 * {@linkcode ConformIo.interrupted}.
 *
 * Errors of the kinds that {@linkcode ChatError} is for are reported on standard error in one line, and not thrown.
 */
export async function conform(options: ConformOptions, io: ConformIo): Promise<number> {
  const renamed = options.reports?.find(({ formerly }) => formerly !== undefined);
  if (renamed !== undefined) {
    io.err(
      `chat conform: --report ${renamed.formerly} goes in the next version: it is --report ${renamed.format} now\n`,
    );
  }
  try {
    if (options.list) return await list(options, io);
    if (options.writeGrading === true) return await printGrading(options, io);
    if (options.watch !== undefined) {
      const [{ watch }, { playTargets }] = await Promise.all([import("./watch/watch.ts"), import("./play_targets.ts")]);
      return await watch(options, options.watch, io, playTargets);
    }
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    io.err(`chat conform: ${error.message}\n`);
    return STATUS.misused;
  }
  const { playTargets } = await import("./play_targets.ts");
  const { status, error, lastOutput } = await playTargets(options, io);
  if (error !== undefined) io.err(`chat conform: ${error.message}\n`);
  for (const line of lastOutput) io.err(`    ${line}\n`);
  return status;
}

async function printGrading(options: ConformOptions, io: ConformIo): Promise<number> {
  const [{ writeGrading }, { allClauses }] = await Promise.all([
    import("./grading/grading.ts"),
    import("./selection.ts"),
  ]);
  const clauses = await Promise.all(dialectsToList(options).map((dialect) => allClauses(dialect, options.fixtures)));
  io.out(writeGrading(clauses.flat()));
  return STATUS.conforms;
}
