/**
 * Many clients at once over real sockets, behind the fixtures of a run.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { connectTcp } from "../../lib/transport/tcp.ts";
import type { Trust } from "../../lib/transport/tls/tls.ts";
import { openUdpTo } from "../../lib/transport/udp/udp_client.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { ConformIo } from "../io.ts";
import { NO_PROGRESS } from "../reports/text/progress.ts";
import type { Result, TargetRun } from "../results/verdict.ts";
import type { ServerProcess } from "../run/server/server_process.ts";
import { descriptorLimit, usersWithin } from "./descriptors.ts";
import { DRIVERS } from "./drivers/drivers.ts";
import { FaultyDatagrams } from "./drivers/faulty_datagrams.ts";
import { figuresText, keptText, type Leftovers, watchLeftovers } from "./leftovers/leftovers.ts";
import { LEFTOVERS, type StressRequest, stressTarget } from "./stress_target.ts";
import { toldLines } from "./telling/told_history.ts";
import type { TranscriptFolder } from "./transcripts/transcript_folder.ts";

/** How it is played, and where that is told. */
export interface PlayStressOptions extends StressRequest {
  /** What chance begins with. */
  readonly seed: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** The server, if it was started for the run. */
  readonly server?: ServerProcess | undefined;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls?: Trust | undefined;
  /** Where what was found is written as transcripts, if it is. */
  readonly transcripts?: TranscriptFolder | undefined;
  /** Where progress is shown. */
  readonly io: ConformIo;
}

/** What may wait to be written to the server on one connection, in bytes. */
const MAX_QUEUE = 16 * 1024 * 1024;
/** How long the server may take to close its side of a connection that we have closed, in milliseconds. */
const LINGER = 250;
/** The most connections of a user, and one that is still closing while it comes back. */
const DESCRIPTORS = 3;

/** Whether the server is as it was before, now that all have left. */
function resultOf(fixture: Fixture, leftovers: Leftovers, users: number): Result {
  const reason = keptText(leftovers, users);
  const result = { fixture, chosen: [], duration: 0 };
  if (reason === undefined) return { ...result, verdict: "pass" };
  return { ...result, verdict: "fail", reason, evidence: figuresText(leftovers) };
}

/** Has many clients act, and adds what they have found out to what the fixtures have. */
export async function playStress(
  run: TargetRun,
  fixtures: readonly Fixture[],
  options: PlayStressOptions,
): Promise<TargetRun> {
  const { target } = run;
  const { server, tls, io, timeout, seed } = options;
  const users = usersWithin(options.users, await descriptorLimit(), DESCRIPTORS);
  if (users < options.users) {
    io.err(
      `chat conform: ${users} users in place of ${options.users}: the system gives no more descriptors (ulimit -n)\n`,
    );
  }
  // A fixture may have crashed it.
  await server?.start();
  const isConnectionless = DRIVERS.some((driver) => driver.dialect === target.dialect && driver.isConnectionless);
  const places = [target, ...target.further ?? []];
  let turn = 0;
  /** Where the next connection goes: those of one user are spread as well. */
  const place = () => places[turn++ % places.length]!;
  const openPort = async () => {
    const endpoint = server?.endpoint ?? place();
    const opened = await openUdpTo(endpoint, { lookupTimeout: timeout });
    return new FaultyDatagrams(opened.port, opened.server, REAL_TIME);
  };
  const connect = (canReset: boolean): Promise<HalfClosingLink> => {
    if (isConnectionless) return openPort();
    const settings = { connectTimeout: timeout, canReset, maxQueue: MAX_QUEUE, lingerTimeout: LINGER, tls };
    return server?.connect(settings) ?? connectTcp(place(), settings);
  };
  const isWatched = ({ clause }: Fixture) => clause.slug.endsWith(LEFTOVERS);
  const watched = fixtures.filter(isWatched);
  const played = fixtures.filter((fixture) => !isWatched(fixture));
  const before = watched.length === 0 ? undefined : await server?.figures();
  const canFreeze = server?.canFreeze ?? false;
  const freeze = canFreeze ? (isStopped: boolean) => server?.freeze(isStopped) : undefined;
  if (server !== undefined && !canFreeze && options.faults.includes("freeze")) {
    io.err("chat conform: this system stops no program for a moment: freeze is left out of the faults\n");
  }
  const surroundings = { runtime: REAL_TIME, connect, freeze };
  const { results, shrunk, summary } = await stressTarget(target.dialect, played, surroundings, {
    ...options,
    users,
    faults: options.faults.filter((fault) => fault !== "freeze" || canFreeze),
    interrupted: io.interrupted,
    lastOutput: () => server?.hasEnded ? server.lastOutput : [],
    onNote: (text) => io.err(`${io.isTerminal ? NO_PROGRESS : ""}chat conform: many at once: ${text}\n`),
    onProgress: io.isTerminal ? (text) => io.out(`${NO_PROGRESS}many at once: ${text}`) : undefined,
  });
  const told: Result[] = [];
  for (const result of results) told.push(await withFixture(result));
  if (watched.length > 0 && !io.interrupted?.aborted) {
    const figures = () => server?.figures() ?? Promise.resolve(undefined);
    const leftovers = await watchLeftovers(before, users, REAL_TIME, figures);
    // Where the system does not tell, nothing is said of it.
    if (leftovers !== undefined) told.push(...watched.map((fixture) => resultOf(fixture, leftovers, users)));
  }
  const duration = run.duration + Math.max(0, ...results.map((result) => result.duration));
  return {
    ...run,
    results: [...run.results, ...told],
    seed,
    stress: summary,
    duration,
    isBrokenOff: io.interrupted?.aborted ?? false,
  };

  /** Has what was found written as a transcript, if that was asked for, and says in the result what has come of it. */
  async function withFixture(result: Result): Promise<Result> {
    const { history } = result;
    if (options.transcripts === undefined || history === undefined) return result;
    const { slug } = result.fixture.clause;
    if (io.isTerminal) io.out(`${NO_PROGRESS}many at once: ${slug} as a fixture`);
    const smallest = shrunk.get(slug.slice(slug.indexOf("/") + 1));
    const about = { run, server, tls, timeout, interrupted: io.interrupted };
    const fixture = await options.transcripts.write(slug, smallest, about).catch((error) => {
      if (!(error instanceof ChatError) || error.code !== "unreachable") throw error;
      return `no fixture was written: ${error.message}`;
    });
    const whole = { ...history, fixture };
    return { ...result, history: whole, evidence: toldLines(whole) };
  }
}
