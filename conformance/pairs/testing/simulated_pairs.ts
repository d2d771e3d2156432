/**
 * Pairs in the simulation: a server and a client of the self-test's against ours.
 *
 * @module
 */

import { findDialect } from "../../../lib/dialects/registry.ts";
import { CALM_DATAGRAMS, CALM_WIRE } from "../../../lib/simulation/conditions.ts";
import { World } from "../../../lib/simulation/world.ts";
import type { Start } from "../../mutants/mutant.ts";
import { oursAs } from "../../mutants/clients/ours.ts";
import { launchProgram, type MakeClientProgram } from "../../mutants/clients/program.ts";
import type { TargetRun } from "../../results/verdict.ts";
import { pairLibrary } from "../pair_library.ts";
import { tryPairs } from "../pairs.ts";
import { ourSide } from "../sides.ts";

const SETTINGS = { ackTimeout: 2_000, maxMessage: 65_536 };

/** Tries a server and a client, where others than ours are given, in a world of their own. */
export async function simulatedPairs(
  dialect: string,
  { server, client }: { readonly server?: Start; readonly client?: MakeClientProgram } = {},
): Promise<TargetRun> {
  const world = new World({ seed: 1 });
  world.net.conditions = { ...CALM_WIRE, latency: 0.2, jitter: 0.3 };
  world.net.datagrams.conditions = { ...CALM_DATAGRAMS, delay: [0.3, 0.3] };
  return await world.run(async () => {
    const ours = ourSide(dialect, world);
    const make = client ?? oursAs(findDialect(dialect)!);
    const yours = {
      serve: () => server === undefined ? ours.serve() : Promise.resolve(server(SETTINGS, world)),
      client: { launch: launchProgram(make, world, []), takesName: true },
    };
    const library = pairLibrary(dialect);
    return await tryPairs(library, library.fixtures, {
      yours,
      ours,
      surroundings: world,
      timeout: 5_000,
      hasOnePort: false,
      runs: [],
      strict: false,
    });
  });
}
