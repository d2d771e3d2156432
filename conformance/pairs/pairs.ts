/**
 * The four pairs of a server and a client, of which each is somebody's own or ours, and which of them work.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import type { Surroundings } from "../../lib/core/runtime.ts";
import type { StartableClient } from "../client/client_run.ts";
import { FreePorts } from "../client/free_ports.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import { FreshNames } from "../play/names.ts";
import { byClause, countsAgainst, type Owner, type Pair, type Result, type TargetRun } from "../results/verdict.ts";
import { haveTalk, serverEvidence, type TalkFailure } from "./talk.ts";
import { OURS_ALONE, PAIRS, pairText } from "./pair_library.ts";
import { PAIR, PAIR_CLAUSES, pairClausesOf, TALKS } from "./talks.ts";

/** A server that runs until it is stopped. */
export interface PairServer {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** Stops it. */
  stop(): Promise<void>;
}

/** Those of one side. */
export interface PairSide {
  /** Starts the server. Throws `unreachable` if it cannot be started. */
  serve(): Promise<PairServer>;
  /** The last lines that the server has written, if it is a program. */
  readonly lastOutput?: () => readonly string[];
  /** Starts a client. */
  readonly client: StartableClient;
}

/** How pairs are tried. */
export interface PairOptions {
  /** Those that are tested. */
  readonly yours: PairSide;
  /** Ours. */
  readonly ours: PairSide;
  /** Time, chance and the network. */
  readonly surroundings: Surroundings;
  /** How long it may take until something is shown, in milliseconds. */
  readonly timeout: number;
  /** Whether all servers listen on one port, one after the other. */
  readonly hasOnePort: boolean;
  /** Breaks it off. */
  readonly interrupted?: AbortSignal | undefined;
  /** Told what is tried, in a few words. */
  readonly onProgress?: (text: string) => void;
  /** What is known of each side alone: see {@linkcode Pair.failed}. */
  readonly runs: readonly TargetRun[];
  /** Whether a failed `should` counts. */
  readonly strict: boolean;
}

/**
 * Has all four pairs talk, and gives what became of these fixtures of theirs. Only a server of one's own that cannot be started ends it:
 * then the pairs with it have failed.
 */
export async function tryPairs(
  library: Library,
  fixtures: readonly Fixture[],
  options: PairOptions,
): Promise<TargetRun> {
  const { surroundings: { runtime }, runs, strict, interrupted } = options;
  const began = runtime.now();
  const pairs: Pair[] = [];
  const results: Result[] = [];
  const tried = await tryAll(library, options);
  for (const [name, server, client] of [...PAIRS, OURS_ALONE]) {
    const one = tried.get(name);
    if (one === undefined) continue;
    const { failure, duration } = one;
    const own = fixtures.filter((fixture) => fixture.name.endsWith(`.${name}`));
    const control = tried.get(OURS_ALONE[0])?.failure;
    results.push(...own.map((fixture) => ({ ...resultOf(fixture, failure, control, library), duration })));
    const failed = failedOf(server === client ? undefined : server === "yours" ? "server" : "client", runs, strict);
    pairs.push({ server, client, ...outcome(failure, library), ...failed });
  }
  const order = new Map(library.fixtures.map(({ name }, i) => [name, i]));
  return {
    target: { role: "pair", dialect: library.dialect, hostname: "127.0.0.1", port: 0 },
    library,
    results: results.toSorted((a, b) => order.get(a.fixture.name)! - order.get(b.fixture.name)!),
    recorded: [],
    pairs,
    isBrokenOff: interrupted?.aborted ?? false,
    duration: runtime.now() - began,
  };
}

/** What became of a pair. */
interface Tried {
  /** What did not come true. */
  readonly failure: TalkFailure | undefined;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** Has all pairs talk: those with one server one after the other, and beside them those with the other, unless both listen on one port. */
async function tryAll(library: Library, options: PairOptions): Promise<Map<string, Tried>> {
  const { surroundings: { runtime }, interrupted, hasOnePort } = options;
  const tried = new Map<string, Tried>();
  let broken: TalkFailure | undefined;
  const tryWith = async (side: Owner) => {
    for (const [name, server, client] of [...PAIRS, OURS_ALONE].filter(([, server]) => server === side)) {
      if (interrupted?.aborted) return;
      const began = runtime.now();
      // A server that does not start once is not waited for again.
      const failure = (side === "yours" ? broken : undefined) ?? await tryPair(server, client, library, options);
      if (interrupted?.aborted) return;
      if (failure?.isUnreachable) broken = failure;
      tried.set(name, { failure, duration: runtime.now() - began });
    }
  };
  if (hasOnePort) { for (const side of ["ours", "yours"] as const) await tryWith(side); }
  else await Promise.all([tryWith("ours"), tryWith("yours")]);
  return tried;
}

/** Starts a server, and has clients talk through it. */
async function tryPair(
  serverSide: Owner,
  clientSide: Owner,
  { dialect }: Library,
  { yours, ours, surroundings: { runtime, network }, timeout, interrupted, onProgress }: PairOptions,
): Promise<TalkFailure | undefined> {
  onProgress?.(pairText(serverSide, clientSide));
  const side = { yours, ours };
  const clause = pairClausesOf(dialect)[0]!.slug.split(PAIR)[1] as TalkFailure["clause"];
  let server: PairServer;
  try {
    server = await side[serverSide].serve();
  } catch (error) {
    if (!(error instanceof ChatError) || serverSide === "ours") throw error;
    return {
      clause,
      text: error.message,
      evidence: serverEvidence(side[serverSide].lastOutput?.() ?? []),
      isUnreachable: true,
    };
  }
  try {
    return await haveTalk({
      talk: TALKS[dialect]!,
      server: server.endpoint,
      client: side[clientSide].client,
      runtime,
      ports: new FreePorts(network, runtime),
      names: new FreshNames(runtime),
      timeout,
      serverOutput: side[serverSide].lastOutput ?? (() => []),
      interrupted,
    });
  } catch (error) {
    if (interrupted?.aborted) return { clause, text: "broken off", evidence: [] };
    throw error;
  } finally {
    await server.stop();
  }
}

/** What a fixture shows: all before what failed has come true, and all behind it was not tried. */
function resultOf(
  fixture: Fixture,
  failure: TalkFailure | undefined,
  control: TalkFailure | undefined,
  { dialect }: Library,
): Omit<Result, "duration"> {
  const result = { fixture, chosen: [] };
  if (failure === undefined) return { ...result, verdict: "pass" };
  if (control !== undefined) {
    const reason = `our own client does not get on with our own server on this machine: ${control.text}`;
    return { ...result, verdict: "error", reason };
  }
  const broken = `${dialect}/${PAIR}${failure.clause}`;
  const order = Object.keys(PAIR_CLAUSES).map((name) => `${dialect}/${PAIR}${name}`);
  const behind = order.indexOf(fixture.clause.slug) - order.indexOf(broken);
  if (behind < 0) return { ...result, verdict: "pass" };
  if (behind > 0) return { ...result, verdict: "blocked", reason: `needs ${broken}, which fails`, blockedBy: broken };
  return { ...result, verdict: "fail", reason: failure.text, evidence: failure.evidence };
}

function outcome(failure: TalkFailure | undefined, { dialect }: Library): Pick<Pair, "works" | "clause" | "why"> {
  if (failure === undefined) return { works: true };
  return { works: false, clause: `${dialect}/${PAIR}${failure.clause}`, why: failure.text };
}

/** How many clauses that count fail where one side is tested by ours. */
function failedOf(
  role: "server" | "client" | undefined,
  runs: readonly TargetRun[],
  strict: boolean,
): Pick<Pair, "failed"> {
  const run = runs.find(({ target }) => role !== undefined && (target.role ?? "server") === role);
  if (run === undefined) return {};
  const failed = byClause(run).filter(({ verdict, results }) =>
    verdict === "fail" && results.some((result) => countsAgainst(result, strict))
  );
  return { failed: failed.length };
}
