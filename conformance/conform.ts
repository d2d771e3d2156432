/**
 * `chat conform`: plays transcripts against servers and says which clauses of their protocol they keep.
 *
 * @module
 */

import { ChatError } from "../lib/core/error.ts";
import { readTrust, type Trust, type TrustFiles } from "../lib/transport/tls/tls.ts";
import { findDialect } from "../lib/dialects/registry.ts";
import { REAL_WORLD } from "../lib/transport/real_world.ts";
import type { ClientHost } from "./client/client_host.ts";
import type { StartableClient } from "./client/client_run.ts";
import { type ClientSpec, resolveClient } from "./client/client_target.ts";
import type { Role } from "./transcript/check.ts";
import type { Clause } from "./fixtures/clauses.ts";
import type { Fixture } from "./fixtures/fixture.ts";
import { type Library, loadLibrary } from "./fixtures/library.ts";
import type { ConformIo } from "./io.ts";
import { writeGrading } from "./grading/grading.ts";
import { type OutputOptions, Outputs, type Planned } from "./results/outputs.ts";
import { unlessAborted } from "./play/sleep.ts";
import { paint } from "./reports/text/paint.ts";
import { showList } from "./reports/text/fixture_list.ts";
import { NO_PROGRESS, showProgress } from "./reports/text/progress.ts";
import { RunDeadline } from "./run_deadline.ts";
import { runTarget } from "./run/run.ts";
import type { RunOptions } from "./run/run_options.ts";
import { select } from "./fixtures/filter.ts";
import { readCommand } from "./run/server/command.ts";
import type { ServerProcess } from "./run/server/server_process.ts";
import { STATUS } from "./results/exit_status.ts";
import { dialectsOf, type ResolvedTarget, resolveTargets, type TargetSpec } from "./run/targets.ts";
import { loadStages } from "./stages/stage.ts";
import { playStages } from "./stages/play_stages.ts";
import { countsAgainst, type Result, type TargetRun } from "./results/verdict.ts";
import { stressFixtures, type StressRequest } from "./stress/stress_target.ts";
import { pairLibrary } from "./pairs/pair_library.ts";
import { playStress } from "./stress/play_stress.ts";
import type { TranscriptFolder } from "./stress/transcripts/transcript_folder.ts";

export { STATUS } from "./results/exit_status.ts";
export type { ConformIo } from "./io.ts";

const ROLES: readonly Role[] = ["server", "client"];

/** How long a server that is started may take to accept its first connection, in milliseconds. */
const DEFAULT_START_TIMEOUT = 10_000;

/** The options of a run. */
export interface ConformOptions extends OutputOptions {
  /** The targets, and their dialects. One or more, unless fixtures are only listed. */
  readonly targets: readonly TargetSpec[];
  /** What targets speak, where that was said for all. */
  readonly dialect?: string | undefined;
  /** Globs for clauses, fixtures or files; none means all. */
  readonly filters: readonly string[];
  /** Only writes what clauses are worth, to be changed by hand. */
  readonly writeGrading?: boolean;
  /** Only lists what would be played. */
  readonly list: boolean;
  /** Whether a failed `should` counts. */
  readonly strict: boolean;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How many fixtures are played at a time, at most; 1 plays strictly one after the other. */
  readonly jobs: number;
  /** Folders with fixtures of one's own. */
  readonly fixtures: readonly string[];
  /** Whether the embedded fixtures are played as well. */
  readonly embedded: boolean;
  /** The command that starts a server for each target; without it they run already. */
  readonly serverCommand?: string | undefined;
  /** A client that is tested, instead of servers. */
  readonly client?: ClientSpec | undefined;
  /** How long a server that is started may take to accept its first connection, in milliseconds; 10 s by default. */
  readonly startTimeout?: number;
  /** Whether it is started anew for each fixture. */
  readonly fresh?: boolean;
  /** Whether what passes is played again with its bytes in other segments. */
  readonly segmentation?: boolean;
  /** What many clients do at once, behind the fixtures. */
  readonly stress?: StressRequest | undefined;
  /** Whether the fixtures are played in a random order. */
  readonly shuffle?: boolean;
  /** The seed of all random choices; any number by default. */
  readonly seed?: number | undefined;
  /** How often all is played; once by default. */
  readonly repeat?: number;
  /** How long all of it may take, in milliseconds; what is known by then is reported. */
  readonly maxTime?: number | undefined;
  /** Whether it is played in stages, until one is not done. */
  readonly stages?: boolean;
  /** Whether nothing more is played after the first failure that counts. */
  readonly failFast?: boolean;
  /** Whether a server that deviates in what every fixture needs is not accommodated. */
  readonly noAccommodate?: boolean;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls?: TrustFiles | undefined;
}

/** What is played of a dialect. */
interface Selection {
  readonly library: Library;
  readonly fixtures: readonly Fixture[];
  /** Those that only many clients at once can show. */
  readonly concurrent: readonly Fixture[];
}

/** What is played against a target. */
interface Part extends Selection, ResolvedTarget {
  /** Starts the client, if it is one. */
  readonly client?: ClientHost;
  /** The same for servers of somebody else. */
  readonly startable?: StartableClient;
  readonly tls: Trust | undefined;
}

/**
 * Plays the selected fixtures against each target, writes the reports, and gives the exit status: 0 conforms, 1 does not,
 * 2 a broken fixture, 3 the target cannot be reached, 4 nothing was selected; of a run that is broken off, that of
 * {@linkcode ConformIo.interrupted}.
 *
 * Errors of the kinds that {@linkcode ChatError} is for are reported on standard error in one line, and not thrown.
 */
export async function conform(options: ConformOptions, io: ConformIo): Promise<number> {
  const servers: ServerProcess[] = [];
  const renamed = options.reports?.find(({ formerly }) => formerly !== undefined);
  if (renamed !== undefined) {
    io.err(
      `chat conform: --report ${renamed.formerly} goes in the next version: it is --report ${renamed.format} now\n`,
    );
  }
  try {
    if (options.list) return await list(options, io);
    if (options.writeGrading === true) return await printGrading(options, io);
    using deadline = new RunDeadline(options.maxTime, io);
    const bounded = { ...io, interrupted: deadline.signal };
    using outputs = await Outputs.open(options, bounded);
    return await playTargets(options, outputs, bounded, servers);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    io.err(`chat conform: ${error.message}\n`);
    for (const server of servers.filter(({ hasEnded }) => hasEnded)) {
      await server.ends(0);
      for (const line of server.lastOutput) io.err(`    ${line}\n`);
    }
    return error.code === "unreachable" ? STATUS.unreachable : STATUS.misused;
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
): Promise<number> {
  try {
    const planned = await Promise.all(options.targets.map((spec) => plan(spec, options)));
    await outputs.begin(planned);
    const transcripts = await openTranscripts(options);
    const parts: Part[] = [];
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
    outputs.check(selections.map(({ library }) => library));
    if (options.grading !== undefined) await checkGrading(selections, options, outputs);
    const runs = await playAll(parts, options, outputs, transcripts, io);
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

/** Tells people what goes on meanwhile. */
function note(text: string, { isTerminal, err }: ConformIo): void {
  err(`${isTerminal ? NO_PROGRESS : ""}chat conform: ${text}\n`);
}

/** What is to be played, where it is known what the target speaks. */
async function plan(spec: TargetSpec, options: ConformOptions): Promise<Planned> {
  if (spec.dialect === undefined) return { spec, fixtures: [] };
  const { fixtures, concurrent } = await choose(spec.dialect, options);
  return { spec, fixtures: [...fixtures, ...concurrent] };
}

async function checkGrading(
  selections: readonly Selection[],
  { fixtures }: ConformOptions,
  outputs: Outputs,
): Promise<void> {
  for (const dialect of new Set(selections.map(({ library }) => library.dialect))) {
    outputs.checkGrading(dialect, await allClauses(dialect, fixtures));
  }
}

/** All clauses of a dialect, of its servers and its clients. */
async function allClauses(dialect: string, dirs: readonly string[]): Promise<Clause[]> {
  const sources = { dirs, embedded: true, isStress: true };
  const libraries = await Promise.all(ROLES.map((role) => loadLibrary(dialect, sources, role)));
  return libraries.flatMap(({ clauses }) => [...clauses.values()]);
}

async function clientPart(spec: ClientSpec, options: ConformOptions): Promise<Part> {
  const hasDatagrams = findDialect(spec.dialect)?.transport === "udp";
  const resolved = resolveClient(spec, hasDatagrams, REAL_WORLD.network);
  return { ...resolved, tls: undefined, ...await choose(spec.dialect, options, "client") };
}

function choosePairs(dialect: string, { filters }: ConformOptions): Selection {
  const library = pairLibrary(dialect);
  return { library, fixtures: select(library.fixtures, filters), concurrent: [] };
}

async function choose(
  dialect: string,
  { fixtures, embedded, filters, stress, serverCommand }: ConformOptions,
  role: Role = "server",
): Promise<Selection> {
  const isStress = stress !== undefined && role === "server";
  const library = await loadLibrary(dialect, { dirs: fixtures, embedded, isStress }, role);
  const concurrent = isStress ? select(stressFixtures(library.clauses, serverCommand !== undefined), filters) : [];
  return { library, fixtures: select(library.fixtures, filters), concurrent };
}

function isNothing(selections: readonly Selection[]): boolean {
  return selections.every(({ fixtures, concurrent }) => fixtures.length === 0 && concurrent.length === 0);
}

function nothing(selections: readonly Selection[], { filters }: ConformOptions, io: ConformIo): number {
  const what = filters.length > 0 ? `no fixture matches ${filters.join(" or ")}` : "there are no fixtures";
  const dialects = [...new Set(selections.map(({ library }) => library.dialect))].join(", ");
  io.err(`chat conform: nothing was selected: ${what} (${dialects}); --list shows what there is\n`);
  return STATUS.nothing;
}

async function list(options: ConformOptions, io: ConformIo): Promise<number> {
  const chosen = await Promise.all(
    rolesOf(options).flatMap((role) => dialectsToList(options).map((dialect) => choose(dialect, options, role))),
  );
  const { client, serverCommand } = options;
  const selections = client === undefined || serverCommand === undefined
    ? chosen
    : [...chosen, choosePairs(client.dialect, options)];
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
  parts: readonly Part[],
  options: ConformOptions,
  outputs: Outputs,
  transcripts: TranscriptFolder | undefined,
  io: ConformIo,
): Promise<TargetRun[]> {
  const runs: TargetRun[] = [];
  for (const part of parts.filter((part) => !isNothing([part]))) {
    if (io.interrupted?.aborted) break;
    outputs.setTarget({ spec: part.target, fixtures: [...part.fixtures, ...part.concurrent] });
    // The client may know no other port than that of the server.
    if (part.client !== undefined) await Promise.all(parts.map(({ server }) => server?.stop()));
    const shown = { ...io, isTerminal: io.isTerminal && outputs.isTextShown };
    const run = await playOne(part, options, transcripts, shown);
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

async function playOne(
  part: Part,
  options: ConformOptions,
  transcripts: TranscriptFolder | undefined,
  io: ConformIo,
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
      onResult: (result) => {
        done++;
        if (io.isTerminal) io.out(showProgress(done, Math.max(done, fixtures.length), result));
      },
    };
    const play = (some: readonly Fixture[]) => runTarget(target, library, some, runOptions);
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
