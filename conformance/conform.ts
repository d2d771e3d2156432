/**
 * `chat conform`: plays transcripts against servers and says which clauses of their protocol they keep.
 *
 * @module
 */

import { ChatError } from "../lib/core/error.ts";
import { readTrust } from "../lib/transport/tls/tls.ts";
import { findDialect } from "../lib/dialects/registry.ts";
import { REAL_WORLD } from "../lib/transport/real_world.ts";
import { type ClientSpec, resolveClient } from "./client/client_target.ts";
import type { Role } from "./transcript/check.ts";
import type { Clause } from "./fixtures/clauses.ts";
import { loadLibrary } from "./fixtures/library.ts";
import { FROZEN_SUITE } from "./fixtures/suite_version.ts";
import type { ConformOptions } from "./conform_options.ts";
import type { ConformIo } from "./io.ts";
import { writeGrading } from "./grading/grading.ts";
import { DEFAULT_START_TIMEOUT, note, type PartSelection, playPart, type RunPart } from "./play_part.ts";
import { Outputs, type Planned } from "./results/outputs.ts";
import { unlessAborted } from "./play/sleep.ts";
import { paint } from "./reports/text/paint.ts";
import { showList } from "./reports/text/fixture_list.ts";
import { RunDeadline } from "./run_deadline.ts";
import { select } from "./fixtures/filter.ts";
import { readCommand } from "./run/server/command.ts";
import type { ServerProcess } from "./run/server/server_process.ts";
import { STATUS } from "./results/exit_status.ts";
import { dialectsOf, resolveTargets, type TargetSpec } from "./run/targets.ts";
import type { TargetRun } from "./results/verdict.ts";
import { checkChosenFaults } from "./stress/faults.ts";
import { stressFixtures } from "./stress/stress_target.ts";
import { pairLibrary } from "./pairs/pair_library.ts";
import type { TranscriptFolder } from "./stress/transcripts/transcript_folder.ts";
import type { PlayedRun, RunWatcher } from "./watch/played.ts";

export { STATUS } from "./results/exit_status.ts";
export type { ConformIo } from "./io.ts";
export type { ConformOptions } from "./conform_options.ts";

const ROLES: readonly Role[] = ["server", "client"];

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
      const { watch } = await import("./watch/watch.ts");
      return await watch(options, options.watch, io, play);
    }
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    io.err(`chat conform: ${error.message}\n`);
    return STATUS.misused;
  }
  const { status, error, lastOutput } = await play(options, io);
  if (error !== undefined) io.err(`chat conform: ${error.message}\n`);
  for (const line of lastOutput) io.err(`    ${line}\n`);
  return status;
}

/** Plays all of it once. Whoever watches that is told how it goes on. */
async function play(options: ConformOptions, io: ConformIo, watcher?: RunWatcher): Promise<PlayedRun> {
  const servers: ServerProcess[] = [];
  try {
    using deadline = new RunDeadline(options.maxTime, io);
    const bounded = { ...io, interrupted: deadline.signal };
    using outputs = await Outputs.open(options, bounded);
    const status = await playTargets(options, outputs, bounded, servers, watcher);
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
async function playTargets(
  options: ConformOptions,
  outputs: Outputs,
  io: ConformIo,
  servers: ServerProcess[],
  watcher?: RunWatcher,
): Promise<number> {
  try {
    const planned = await Promise.all(options.targets.map((spec) => plan(spec, options)));
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
      const resolving = resolveTargets(target.spec, {
        timeout,
        command,
        startTimeout,
        onServer,
        tls,
        onNote,
        interrupted: io.interrupted,
      });
      const resolved = await (io.interrupted === undefined ? resolving : unlessAborted(resolving, io.interrupted));
      parts.push({ ...resolved, tls, ...await choose(resolved.target.dialect, options) });
    }
    if (client !== undefined) parts.push(client);
    const pairs = client !== undefined && servers.length > 0 ? choosePairs(client.target.dialect, options) : undefined;
    const selections = [...parts, ...pairs === undefined ? [] : [pairs]];
    if (isNothing(selections)) return nothing(selections, options, io);
    checkFaults(parts, options, io);
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

/** What is to be played, where it is known what the target speaks. */
async function plan(spec: TargetSpec, options: ConformOptions): Promise<Planned> {
  if (spec.dialect === undefined) return { spec, fixtures: [] };
  const { fixtures, concurrent } = await choose(spec.dialect, options);
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

/** All clauses of a dialect, of its servers and its clients; `dirs` are folders with fixtures of one's own. */
export async function allClauses(dialect: string, dirs: readonly string[]): Promise<Clause[]> {
  const sources = { dirs, embedded: true, isStress: true };
  const libraries = await Promise.all(ROLES.map((role) => loadLibrary(dialect, sources, role)));
  return libraries.flatMap(({ clauses }) => [...clauses.values()]);
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

async function clientPart(spec: ClientSpec, options: ConformOptions): Promise<RunPart> {
  const hasDatagrams = findDialect(spec.dialect)?.transport === "udp";
  const resolved = resolveClient(spec, hasDatagrams, REAL_WORLD.network);
  return { ...resolved, tls: undefined, ...await choose(spec.dialect, options, "client") };
}

function choosePairs(dialect: string, { filters }: ConformOptions): PartSelection {
  const library = pairLibrary(dialect);
  return { library, fixtures: select(library.fixtures, filters), concurrent: [] };
}

async function choose(
  dialect: string,
  { fixtures, embedded, filters, stress, serverCommand, suite = FROZEN_SUITE }: ConformOptions,
  role: Role = "server",
): Promise<PartSelection> {
  const isStress = stress !== undefined && role === "server";
  const library = await loadLibrary(dialect, { dirs: fixtures, embedded, isStress, suite }, role);
  const concurrent = isStress ? select(stressFixtures(library.clauses, serverCommand !== undefined), filters) : [];
  return { library, fixtures: select(library.fixtures, filters), concurrent };
}

function isNothing(selections: readonly PartSelection[]): boolean {
  return selections.every(({ fixtures, concurrent }) => fixtures.length === 0 && concurrent.length === 0);
}

function nothing(selections: readonly PartSelection[], { filters }: ConformOptions, io: ConformIo): number {
  const what = filters.length > 0 ? `no fixture matches ${filters.join(" or ")}` : "there are no fixtures";
  const dialects = [...new Set(selections.map(({ library }) => library.dialect))].join(", ");
  io.err(`chat conform: nothing was selected: ${what} (${dialects}); --list shows what there is\n`);
  return STATUS.nothing;
}

/** What would be played, of servers and clients alike where nothing says which. */
export async function selectionsOf(options: ConformOptions): Promise<PartSelection[]> {
  const chosen = await Promise.all(
    rolesOf(options).flatMap((role) => dialectsToList(options).map((dialect) => choose(dialect, options, role))),
  );
  const { client, serverCommand } = options;
  return client === undefined || serverCommand === undefined
    ? chosen
    : [...chosen, choosePairs(client.dialect, options)];
}

async function list(options: ConformOptions, io: ConformIo): Promise<number> {
  const selections = await selectionsOf(options);
  if (isNothing(selections)) return nothing(selections, options, io);
  const colors = paint(io.color);
  for (const { fixtures, concurrent } of selections) io.out(showList([...fixtures, ...concurrent], colors));
  return STATUS.conforms;
}

async function printGrading(options: ConformOptions, io: ConformIo): Promise<number> {
  const clauses = await Promise.all(dialectsToList(options).map((dialect) => allClauses(dialect, options.fixtures)));
  io.out(writeGrading(clauses.flat()));
  return STATUS.conforms;
}

/** Whose fixtures are listed: those of whom a target is given, or else of both. */
function rolesOf({ targets, client }: ConformOptions): Role[] {
  if (client !== undefined && targets.length === 0) return ["client"];
  if (client !== undefined) return [...ROLES];
  return targets.length > 0 ? ["server"] : [...ROLES];
}

function dialectsToList({ targets, client, dialect }: ConformOptions): string[] {
  if (client !== undefined) return [client.dialect];
  return targets.length === 0 && dialect !== undefined ? [dialect] : dialectsOf(targets);
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
