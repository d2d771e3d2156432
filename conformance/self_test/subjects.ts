/**
 * What a self-test examines.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import { select } from "../fixtures/filter.ts";
import { type Library, loadLibrary } from "../fixtures/library.ts";
import { CLIENT_MUTANT_SETS, type DialectMutants, MUTANT_SETS } from "../mutants/mutant_sets.ts";

/** Which fixtures are examined. */
export interface Selection {
  /** Globs for clauses, fixtures or files: only what concerns them is tested. None means all. */
  readonly filters: readonly string[];
  /** The dialects; all by default. */
  readonly dialects?: readonly string[] | undefined;
}

/** What is examined of one dialect. */
export interface Subject {
  /** The servers. */
  readonly servers: DialectMutants;
  /** The dialect's fixtures. */
  readonly library: Library;
  /** Those that are examined. */
  readonly fixtures: readonly Fixture[];
}

/** Loads what is selected; nothing of a dialect of which nothing is. */
export async function loadSubjects({ filters, dialects }: Selection): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const servers of [...MUTANT_SETS, ...CLIENT_MUTANT_SETS]) {
    if (dialects?.includes(servers.dialect) === false) continue;
    const library = await loadLibrary(servers.dialect, { dirs: [], embedded: true }, servers.role);
    const fixtures = select(library.fixtures, filters);
    if (fixtures.length > 0) subjects.push({ servers, library, fixtures });
  }
  return subjects;
}
