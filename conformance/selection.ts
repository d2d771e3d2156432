/**
 * What of the fixtures is asked for.
 *
 * @module
 */

import type { ConformOptions } from "./conform_options.ts";
import type { Clause } from "./fixtures/clauses.ts";
import { select } from "./fixtures/filter.ts";
import type { Fixture } from "./fixtures/fixture.ts";
import { type Library, loadLibrary } from "./fixtures/library.ts";
import { FROZEN_SUITE } from "./fixtures/suite_version.ts";
import { dialectsToList, ROLES, rolesOf } from "./roles.ts";
import { pairLibrary } from "./pairs/pair_library.ts";
import type { Role } from "./transcript/check.ts";

/** What is played of a dialect. */
export interface PartSelection {
  /** All that could be. */
  readonly library: Library;
  /** Those of its fixtures that were selected. */
  readonly fixtures: readonly Fixture[];
  /** Those that only many clients at once can show. */
  readonly concurrent: readonly Fixture[];
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

/** All clauses of a dialect, of its servers and its clients; `dirs` are folders with fixtures of one's own. */
export async function allClauses(dialect: string, dirs: readonly string[]): Promise<Clause[]> {
  const sources = { dirs, embedded: true, isStress: true };
  const libraries = await Promise.all(ROLES.map((role) => loadLibrary(dialect, sources, role)));
  return libraries.flatMap(({ clauses }) => [...clauses.values()]);
}

/** What of a dialect's fixtures is asked for, for servers or clients. */
export async function choose(
  dialect: string,
  { fixtures, embedded, filters, stress, serverCommand, suite = FROZEN_SUITE }: ConformOptions,
  role: Role = "server",
): Promise<PartSelection> {
  const isStress = stress !== undefined && role === "server";
  const library = await loadLibrary(dialect, { dirs: fixtures, embedded, isStress, suite }, role);
  const concurrent = isStress ? await stressed(library, serverCommand !== undefined) : [];
  return { library, fixtures: select(library.fixtures, filters), concurrent: select(concurrent, filters) };
}

/** Read only where many clients act: it is a program of its own. */
async function stressed({ clauses }: Library, isStarted: boolean): Promise<Fixture[]> {
  const { stressFixtures } = await import("./stress/stress_target.ts");
  return stressFixtures(clauses, isStarted);
}

/** What of the pairs of a client and a server is asked for. */
export function choosePairs(dialect: string, { filters }: ConformOptions): PartSelection {
  const library = pairLibrary(dialect);
  return { library, fixtures: select(library.fixtures, filters), concurrent: [] };
}

/** Whether there is nothing to play. */
export function isNothing(selections: readonly PartSelection[]): boolean {
  return selections.every(({ fixtures, concurrent }) => fixtures.length === 0 && concurrent.length === 0);
}
