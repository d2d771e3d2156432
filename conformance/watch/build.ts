/**
 * Builds a program before it is played.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { readCommand } from "../run/server/command.ts";
import { StartedServer, within } from "../run/server/started_server.ts";
import type { BuildRequest, PlayedRun } from "./played.ts";
import { STATUS } from "../results/exit_status.ts";

/** How long its last words may take to arrive, in milliseconds. */
const LAST_OUTPUT = 500;

/**
 * Runs a build to its end.
 *
 * @param interrupted Ends it, with all that it has started.
 * @returns What kept it from being built, if anything: what would come of a run.
 */
export async function build(
  { command, timeout }: BuildRequest,
  interrupted: AbortSignal,
): Promise<PlayedRun | undefined> {
  const [program, ...args] = readCommand(command);
  const failed = (why: string, lastOutput: readonly string[]) => {
    const error = new ChatError("server-command", `it does not build: ${why}`);
    return { status: STATUS.misused, error, reports: [], lastOutput };
  };
  let run: StartedServer;
  try {
    run = new StartedServer([program, ...args]);
  } catch (error) {
    if (error instanceof ChatError) return failed(`there is no program ${program} to run`, []);
    throw error;
  }
  const end = () => void run.stop();
  interrupted.addEventListener("abort", end, { once: true });
  try {
    await within(run.ended, timeout);
    const { status } = run;
    if (status === undefined) return failed(`it takes more than ${timeout / 1000} s`, run.output.tail);
    await within(run.output.ended, LAST_OUTPUT);
    if (status.success) return undefined;
    const how = status.signal === null ? `with exit status ${status.code}` : `by the signal ${status.signal}`;
    return failed(`it ends ${how}`, run.output.tail);
  } finally {
    interrupted.removeEventListener("abort", end);
    await run.stop();
  }
}
