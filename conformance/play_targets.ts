/**
 * A whole run: each target and client with the fixtures that are played against it.
 *
 * @module
 */

import { ChatError } from "../lib/core/error.ts";
import { readTrust } from "../lib/transport/tls/tls.ts";
import { findDialect } from "../lib/dialects/registry.ts";
import { REAL_WORLD } from "../lib/transport/real_world.ts";
import { type ClientSpec, resolveClient } from "./client/client_target.ts";
import type { ConformOptions } from "./conform_options.ts";
import type { ConformIo } from "./io.ts";
import { tellNothing } from "./listing.ts";
import { DEFAULT_START_TIMEOUT, note, playPart, type RunPart } from "./play_part.ts";
import { Outputs, type Planned } from "./results/outputs.ts";
import { unlessAborted } from "./play/sleep.ts";
import { RunDeadline } from "./run_deadline.ts";
import { readCommand } from "./run/server/command.ts";
import type { ServerProcess } from "./run/server/server_process.ts";
import { STATUS } from "./results/exit_status.ts";
import { resolveSpread, resolveTargets } from "./run/targets.ts";
import { allClauses, choose, choosePairs, isNothing, type PartSelection } from "./selection.ts";
import type { TargetSpec } from "./target_spec.ts";
import type { TargetRun } from "./results/verdict.ts";
import { isCarried } from "./reproduce/reproducers.ts";
import { checkChosenFaults } from "./stress/faults.ts";
import type { TranscriptFolder } from "./stress/transcripts/transcript_folder.ts";
import type { PlayedRun, RunWatcher } from "./watch/played.ts";

/** Plays all of it once. Whoever watches that is told how it goes on. */
export async function playTargets(options: ConformOptions, io: ConformIo, watcher?: RunWatcher): Promise<PlayedRun> {
  const servers: ServerProcess[] = [];
  try {
    using deadline = new RunDeadline(options.maxTime, io);
    const bounded = { ...io, interrupted: deadline.signal };
    using outputs = await Outputs.open(options, bounded);
    const status = await playAgainstTargets(options, outputs, bounded, servers, watcher);
    return { status, reports: outputs.reports, lastOutput: [] };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const lastWords = await Promise.all(servers.map((server) => server.lastWords()));
    const status = error.code === "unreachable" ? STATUS.unreachable : STATUS.misused;
    return { status, error, reports: [], lastOutput: lastWords.flat() };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Plays the fixtures against each target, and adds the servers that it starts to those that are to be stopped. */
async function playAgainstTargets(
  options: ConformOptions,
  outputs: Outputs,
  io: ConformIo,
  servers: ServerProcess[],
  watcher?: RunWatcher,
): Promise<number> {
  try {
    const choices = new Choices(options);
    const [, ...further] = options.spread === true ? options.targets : [];
    const alone = options.targets.slice(0, options.targets.length - further.length);
    const planned = await Promise.all(alone.map((spec) => plan(spec, choices)));
    await outputs.begin(planned);
    const transcripts = await openTranscripts(options);
    const parts: RunPart[] = [];
    // Where it connects is tried before a server is started there.
    const client = options.client && await clientPart(options.client, options);
    const { timeout, startTimeout = DEFAULT_START_TIMEOUT } = options;
    const tls = options.tls && readTrust(options.tls);
    const command = options.serverCommand === undefined ? undefined : readCommand(options.serverCommand);
    for (const target of planned) {
      outputs.setTarget(target);
      const onServer = (server: ServerProcess) => void servers.push(server);
      const onNote = (text: string) => note(text, io);
      const { interrupted } = io;
      const given = { timeout, command, startTimeout, onServer, tls, onNote, interrupted };
      const resolving = further.length > 0
        ? resolveSpread([target.spec, ...further], given)
        : resolveTargets(target.spec, given);
      const resolved = await (io.interrupted === undefined ? resolving : unlessAborted(resolving, io.interrupted));
      parts.push({ ...resolved, tls, ...await choices.of(resolved.target.dialect) });
    }
    if (client !== undefined) parts.push(client);
    const pairs = client !== undefined && servers.length > 0 ? choosePairs(client.target.dialect, options) : undefined;
    const selections = [...parts, ...pairs === undefined ? [] : [pairs]];
    if (isNothing(selections)) {
      return tellNothing(selections.map(({ library }) => library.dialect), options, io);
    }
    checkFaults(parts, options, io);
    tellWhatIsLeftOut(parts, options, io);
    outputs.check(selections.map(({ library }) => library));
    if (options.grading !== undefined) await checkGrading(selections, options, outputs);
    watcher?.planned(selections.flatMap(({ fixtures }) => fixtures));
    const runs = await playAll(parts, options, outputs, transcripts, io, watcher);
    if (pairs !== undefined && !isNothing([pairs]) && !io.interrupted?.aborted) {
      const { playPairs } = await import("./pairs/play_pairs.ts");
      const { strict, client: { listen } = {} } = options;
      const context = { server: servers[0]!, client: client!.startable!, listen, runs, timeout, strict, io };
      outputs.setTarget({ spec: client!.target, fixtures: pairs.fixtures });
      await outputs.add(await playPairs(pairs.library, pairs.fixtures, context));
    }
    return await outputs.finish();
  } catch (error) {
    if (io.interrupted?.aborted) {
      io.err("chat conform: broken off before anything was played\n");
      return await outputs.finish();
    }
    if (error instanceof ChatError && error.code === "unreachable") await outputs.finishUnreachable(error.message);
    throw error;
  }
}

/** What is played against servers of a dialect, which is read once. */
class Choices {
  readonly #options: ConformOptions;
  readonly #known = new Map<string, Promise<PartSelection>>();

  constructor(options: ConformOptions) {
    this.#options = options;
  }

  of(dialect: string): Promise<PartSelection> {
    const choice = this.#known.get(dialect) ?? choose(dialect, this.#options);
    this.#known.set(dialect, choice);
    return choice;
  }
}

/** What is to be played, where it is known what the target speaks. */
async function plan(spec: TargetSpec, choices: Choices): Promise<Planned> {
  if (spec.dialect === undefined) return { spec, fixtures: [] };
  const { fixtures, concurrent } = await choices.of(spec.dialect);
  return { spec, fixtures: [...fixtures, ...concurrent] };
}

async function checkGrading(
  selections: readonly PartSelection[],
  { fixtures }: ConformOptions,
  outputs: Outputs,
): Promise<void> {
  for (const dialect of new Set(selections.map(({ library }) => library.dialect))) {
    outputs.checkGrading(dialect, await allClauses(dialect, fixtures));
  }
}

/** Says which of the faults that were chosen do not fit; throws `usage` where none does. */
function checkFaults(parts: readonly PartSelection[], { stress }: ConformOptions, io: ConformIo): void {
  if (stress?.areFaultsChosen !== true) return;
  const played = parts.filter(({ concurrent }) => concurrent.length > 0).map(({ library: { dialect } }) => dialect);
  const dialects = new Map(
    played.map((name) => [name, { isConnectionless: findDialect(name)?.transport === "udp" }]),
  );
  for (const text of checkChosenFaults(stress.faults, dialects)) note(text, io);
}

/** Says which of what was asked for there is not where messages are those of a WebSocket. */
function tellWhatIsLeftOut(
  parts: readonly RunPart[],
  { segmentation, reproduce }: ConformOptions,
  io: ConformIo,
): void {
  for (const dialect of new Set(parts.map(({ target }) => target.dialect).filter(isCarried))) {
    if (segmentation) note(`${dialect}'s messages are divided by the WebSocket: --segmentation changes nothing`, io);
    if (reproduce === undefined) continue;
    note(`--reproduce writes no scripts for ${dialect}: Python does not speak WebSocket by itself`, io);
  }
}

async function clientPart(spec: ClientSpec, options: ConformOptions): Promise<RunPart> {
  const hasDatagrams = findDialect(spec.dialect)?.transport === "udp";
  const resolved = resolveClient(spec, hasDatagrams, REAL_WORLD.network);
  return { ...resolved, tls: undefined, ...await choose(spec.dialect, options, "client") };
}

async function playAll(
  parts: readonly RunPart[],
  options: ConformOptions,
  outputs: Outputs,
  transcripts: TranscriptFolder | undefined,
  io: ConformIo,
  watcher?: RunWatcher,
): Promise<TargetRun[]> {
  const runs: TargetRun[] = [];
  for (const part of parts.filter((part) => !isNothing([part]))) {
    if (io.interrupted?.aborted) break;
    outputs.setTarget({ spec: part.target, fixtures: [...part.fixtures, ...part.concurrent] });
    // The client may know no other port than that of the server.
    if (part.client !== undefined) await Promise.all(parts.map(({ server }) => server?.stop()));
    const shown = { ...io, isTerminal: io.isTerminal && outputs.isTextShown };
    const watching = watcher && { watcher, judge: (run: TargetRun) => outputs.judge(run) };
    const run = await playPart(part, options, transcripts, shown, watching);
    runs.push(run);
    await outputs.add(run);
  }
  return runs;
}

/** What many clients have found is written as transcripts only where that was asked for: nothing of it is read before. */
async function openTranscripts({ stress }: ConformOptions): Promise<TranscriptFolder | undefined> {
  if (stress?.writeFixture === undefined) return undefined;
  const { TranscriptFolder } = await import("./stress/transcripts/transcript_folder.ts");
  return await TranscriptFolder.open(stress.writeFixture);
}
