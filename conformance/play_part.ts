/**
 * One part of a run: all that is played against one target.
 *
 * @module
 */

import type { Trust } from "../lib/transport/tls/tls.ts";
import type { ClientHost } from "./client/client_host.ts";
import type { StartableClient } from "./client/client_run.ts";
import type { ConformOptions } from "./conform_options.ts";
import type { Fixture } from "./fixtures/fixture.ts";
import type { ConformIo } from "./io.ts";
import type { TargetReport } from "./reports/report_data.ts";
import { NO_PROGRESS, showProgress, showTrying } from "./reports/text/progress.ts";
import { type Accommodated, countsAgainst, type Result, type TargetRun } from "./results/verdict.ts";
import { runTarget } from "./run/run.ts";
import type { PartSelection } from "./selection.ts";
import type { RunOptions } from "./run/run_options.ts";
import type { ResolvedTarget } from "./run/targets.ts";
import { playStages } from "./stages/play_stages.ts";
import { loadStages } from "./stages/stage.ts";
import { playStress } from "./stress/play_stress.ts";
import type { TranscriptFolder } from "./stress/transcripts/transcript_folder.ts";
import { failedFirst, type RunWatcher } from "./watch/played.ts";

/** How long a server that is started may take to accept its first connection, in milliseconds. */
export const DEFAULT_START_TIMEOUT = 10_000;

/** What is played against a target. */
export interface RunPart extends PartSelection, ResolvedTarget {
  /** Starts the client, if it is one. */
  readonly client?: ClientHost;
  /** The same for servers of somebody else. */
  readonly startable?: StartableClient;
  /** Who is trusted, if TLS is spoken. */
  readonly tls: Trust | undefined;
}

/** Who watches the run, and what makes of a part of it what can be told. */
export interface Watching {
  /** Is told how it goes on. */
  readonly watcher: RunWatcher;
  /** What a run means of which only a part has been played. */
  judge(run: TargetRun): TargetReport;
}

/** Tells people what goes on meanwhile. */
export function note(text: string, { isTerminal, err }: ConformIo): void {
  err(`${isTerminal ? NO_PROGRESS : ""}chat conform: ${text}\n`);
}

/** Plays it: its fixtures in the order that was asked for, and what many clients do at once behind them. */
export async function playPart(
  part: RunPart,
  options: ConformOptions,
  transcripts: TranscriptFolder | undefined,
  io: ConformIo,
  watching?: Watching,
): Promise<TargetRun> {
  const { target, server, client, library, fixtures, concurrent, tls } = part;
  let done = 0;
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const { segmentation = false, shuffle = false, repeat = 1, failFast = false } = options;
  const counts = (result: Result) => countsAgainst(result, options.strict);
  try {
    const runOptions: RunOptions = {
      timeout: options.timeout,
      // A server that is new for each fixture is there for one at a time, and so is a client that knows only one port.
      jobs: options.fresh === true || client?.hasOnePort ? 1 : options.jobs,
      client,
      server,
      isFresh: options.fresh ?? false,
      startTimeout: options.startTimeout ?? DEFAULT_START_TIMEOUT,
      onNote: (text) => note(text, io),
      seed,
      segmentation,
      shuffle,
      repeat,
      accommodates: options.noAccommodate !== true,
      stopsAt: (result) => failFast && (result.verdict === "error" || counts(result)),
      tls: part.tls,
      interrupted: io.interrupted,
      onTrying: (gate) => {
        watching?.watcher.trying(gate);
        if (io.isTerminal) io.out(showTrying(gate));
      },
      onResult: (result) => {
        done++;
        watching?.watcher.played(result);
        if (io.isTerminal) io.out(showProgress(done, Math.max(done, fixtures.length), result));
      },
    };
    let known: ReadonlyMap<string, Result> | undefined;
    let accommodated: readonly Accommodated[] | undefined;
    const play = async (some: readonly Fixture[]) => {
      const run = await runTarget(target, library, some, { ...runOptions, known, accommodated });
      // What is found out of it once holds for all that is played against it.
      accommodated = run.accommodated ?? [];
      return run;
    };
    const first = watching === undefined ? [] : failedFirst(fixtures, watching.watcher.failed);
    if (first.length > 0) {
      const run = await play(first);
      if (failFast && run.results.some(counts)) return run;
      watching!.watcher.playedFirst(watching!.judge(run));
      // Other segments, and other rounds, are made of what was played with them.
      if (!segmentation && repeat === 1) known = new Map(run.results.map((result) => [result.fixture.name, result]));
    }
    const run = options.stages === true
      ? await playStages(
        await loadStages(library.dialect, library.role === "client" ? "client" : "server"),
        fixtures,
        play,
        counts,
      )
      : await play(fixtures);
    if (options.stress === undefined || concurrent.length === 0 || io.interrupted?.aborted) return run;
    if ((failFast || options.stages === true) && run.results.some(counts)) return run;
    return await playStress(run, concurrent, {
      ...options.stress,
      seed,
      timeout: options.timeout,
      server,
      tls,
      transcripts,
      io,
    });
  } finally {
    if (io.isTerminal) io.out(NO_PROGRESS);
  }
}
