/**
 * Plays fixtures against a server that is started for them, in a world of its own.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import {
  CALM_DATAGRAMS,
  CALM_WIRE,
  type DatagramConditions,
  type WireConditions,
} from "../../lib/simulation/conditions.ts";
import { World } from "../../lib/simulation/world.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Running, Start } from "../mutants/mutant.ts";
import { runTarget } from "../run/run.ts";
import { simulatedSurroundings } from "../run/simulated_surroundings.ts";
import type { Result, TargetRun } from "../results/verdict.ts";

/** How long a step may take to come true, and a recipient to acknowledge, by the server, in milliseconds. */
const TIMEOUT = 5_000;
const ACK_TIMEOUT = 2_000;
const MAX_MESSAGE = 65_536;

/** What a simulated network does to what it carries. */
export interface NetworkConditions {
  /** To the bytes of connections. */
  readonly wire: WireConditions;
  /** To datagrams. */
  readonly datagrams: DatagramConditions;
}

/** How fixtures are played. */
export interface PlayedWith {
  /** Decides what time and the network leave to chance. */
  readonly seed: number;
  /** How many are played at a time. */
  readonly jobs: number;
  /** What the network does; by default it is that of one machine. */
  readonly network?: NetworkConditions;
  /** Whether deviations are accommodated. */
  readonly accommodates?: boolean;
  /** Whether they are played in a random order. */
  readonly shuffle?: boolean;
  /** Whether what fails is played again on a fresh server. */
  readonly renews?: boolean;
  /** Whether further servers of the same kind are asked at the same time. */
  readonly isSeveral?: boolean;
}

const NEAR: NetworkConditions = {
  wire: { ...CALM_WIRE, latency: 0.2, jitter: 0.3 },
  datagrams: { ...CALM_DATAGRAMS, delay: [0.3, 0.3] },
};

/** What became of all fixtures that {@linkcode playRun} plays. */
export async function play(...args: Parameters<typeof playRun>): Promise<readonly Result[]> {
  return (await playRun(...args)).results;
}

/**
 * Plays them, and stops the server.
 *
 * @throws {ChatError} `broken-server` if the server itself has thrown something, `unreachable` if it answers nothing at all,
 * where connecting to it does not show that it is there.
 */
export async function playRun(
  { words, start }: { readonly words: string; readonly start: Start },
  library: Library,
  fixtures: readonly Fixture[],
  { seed, jobs, network = NEAR, accommodates = false, renews = false, isSeveral = false, shuffle = false }: PlayedWith,
): Promise<TargetRun> {
  const world = new World({ seed });
  world.net.conditions = network.wire;
  world.net.datagrams.conditions = network.datagrams;
  return await world.run(async () => {
    const begin = () => start({ ackTimeout: ACK_TIMEOUT, maxMessage: MAX_MESSAGE }, world);
    const servers: SimulatedServer[] = [];
    const another = () => {
      const one = new SimulatedServer(begin, words);
      servers.push(one);
      return {
        surroundings: simulatedSurroundings(world, () => one.endpoint),
        renew: () => one.renew(),
        stop: () => one.stop(),
      };
    };
    try {
      const { surroundings, renew } = another();
      const { endpoint, client } = servers[0]!;
      const target = { dialect: library.dialect, ...endpoint };
      const options = {
        ...{ timeout: TIMEOUT, jobs, onResult: () => {}, surroundings, accommodates, client, seed, shuffle },
        ...(renews ? { renew } : {}),
        ...(isSeveral ? { another } : {}),
      };
      return await runTarget(target, library, fixtures, options);
    } catch (cause) {
      if (!(cause instanceof ChatError)) throw cause;
      throw new ChatError(cause.code, `the server that ${words} cannot be tried: ${cause.message}`, { cause });
    } finally {
      for (const one of servers) await one.stop();
    }
  });
}

/** A server that can be had afresh. */
class SimulatedServer {
  readonly #begin: () => Running;
  readonly #words: string;
  #running: Running | undefined;

  constructor(begin: () => Running, words: string) {
    this.#begin = begin;
    this.#words = words;
    this.#running = begin();
  }

  get endpoint(): Running["endpoint"] {
    return this.#running!.endpoint;
  }

  get client(): Running["client"] {
    return this.#running!.client;
  }

  async renew(): Promise<void> {
    await this.stop();
    this.#running = this.#begin();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined) await stop(running, this.#words);
  }
}

async function stop(server: Running, words: string): Promise<void> {
  await server.stop().catch((cause) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ChatError("broken-server", `the server that ${words} is broken itself: ${why}`, { cause });
  });
}

/** All fixtures of these fixtures' clauses, and of those that they need. */
export function withNeeds(fixtures: readonly Fixture[], library: Library): Fixture[] {
  const slugs = new Set(fixtures.map(({ clause }) => clause.slug));
  // What is added on the way has its turn, too.
  for (const slug of slugs) {
    for (const { clause, needs } of library.fixtures) {
      if (clause.slug === slug) needs.forEach((need) => slugs.add(need));
    }
  }
  return library.fixtures.filter(({ clause }) => slugs.has(clause.slug));
}
