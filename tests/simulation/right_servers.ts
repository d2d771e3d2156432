/**
 * Right servers behind networks that are slow, jittery, cut and join what they carry, and lose, double and reorder datagrams: none of
 * them may fail a fixture.
 *
 * @module
 */

import { loadLibrary } from "../../conformance/fixtures/library.ts";
import { MUTANT_SETS } from "../../conformance/mutants/mutant_sets.ts";
import { type NetworkConditions, play } from "../../conformance/self_test/play.ts";
import { Chance } from "../../lib/simulation/chance.ts";
import {
  CALM_DATAGRAMS,
  CALM_WIRE,
  type DatagramConditions,
  type WireConditions,
} from "../../lib/simulation/conditions.ts";

/** The dialects in which what a server reads at once is a message, if its client speaks as the document's own does. */
const READS_ARE_MESSAGES: ReadonlySet<string> = new Set(["room", "slash"]);

/** How many fixtures are played at a time, at most. */
const MOST_JOBS = 8;

/** Plays all fixtures of each dialect against one of its right servers, which the seed chooses; gives what fails, a line each. */
export async function playRightServers(seed: number): Promise<string[]> {
  const faults: string[] = [];
  const chance = new Chance(seed);
  for (const { dialect, right } of MUTANT_SETS) {
    const drawn = chance.fork(dialect);
    const server = drawn.pick(right);
    const network = drawNetwork(drawn, READS_ARE_MESSAGES.has(dialect));
    const library = await loadLibrary(dialect, { dirs: [], embedded: true });
    const results = await play(server, library, library.fixtures, { seed, jobs: 1 + drawn.below(MOST_JOBS), network });
    for (const { fixture, verdict, failure, reason } of results) {
      if (verdict === "pass" || verdict === "unsupported" && fixture.clause.level === "may") continue;
      const why = failure?.reason ?? reason ?? "";
      faults.push(`seed ${seed}: ${fixture.name} with a server that ${server.words}: ${verdict}: ${why}`);
    }
  }
  return faults;
}

function drawNetwork(chance: Chance, areReadsMessages: boolean): NetworkConditions {
  return { wire: drawWire(chance, areReadsMessages), datagrams: drawDatagrams(chance) };
}

function drawDatagrams(chance: Chance): DatagramConditions {
  const delay = chance.pick([0, 0.1, 1, 10, 40]);
  if (chance.happens(0.3)) return { ...CALM_DATAGRAMS, delay: [delay, delay] };
  return {
    loss: chance.pick([0, 0.005, 0.02]),
    duplication: chance.pick([0, 0.01, 0.05]),
    delay: [delay, delay + chance.pick([0, 1, 10, 30])],
  };
}

function drawWire(chance: Chance, areReadsMessages: boolean): WireConditions {
  const wire: WireConditions = {
    ...CALM_WIRE,
    latency: chance.pick([0, 0.1, 1, 10, 50]),
    jitter: chance.pick([0, 0.1, 1, 10, 50]),
    bandwidth: chance.pick([Infinity, 10_000, 2_000]),
    stalling: { share: chance.pick([0, 0, 0.01]), longest: 200 },
  };
  if (areReadsMessages) return wire;
  const cutting = { share: chance.pick([0, 0.1, 1]), sizes: chance.pick([[1, 3], [1, 200]] as const) };
  return { ...wire, coalescing: chance.pick([0, 0.5, 1]), cutting };
}
