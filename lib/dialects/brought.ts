/**
 * What each dialect brings in a file of its own, found by the dialect's name: whoever adds a dialect adds files, and no lines.
 *
 * @module
 */

import { DIALECTS } from "./registry.ts";

/** What one dialect brings. */
export interface Brought<Brings> {
  /** The dialect's name. */
  readonly dialect: string;
  /** What its file exports. */
  readonly brings: Brings;
}

/**
 * Loads a file of each dialect, in the order of the registry, and leaves out those that have none: `tests/dialects_test.ts` says so.
 * `load` is an `import()` of a template, `(dialect) => import(`./${dialect}/mutant_set.ts`)`, so that the compiler finds the files.
 *
 * @throws whatever a file throws that is there.
 */
export async function broughtBy<Brings>(
  load: (dialect: string) => Promise<Brings>,
): Promise<readonly Brought<Brings>[]> {
  const all = await Promise.all(DIALECTS.map(async ({ name: dialect }) => {
    const brings = await unlessMissing(dialect, load);
    return brings === undefined ? [] : [{ dialect, brings }];
  }));
  return all.flat();
}

async function unlessMissing<Brings>(
  dialect: string,
  load: (dialect: string) => Promise<Brings>,
): Promise<Brings | undefined> {
  try {
    return await load(dialect);
  } catch (error) {
    // A file that is there, and imports one that is not, is broken.
    const isMissing = error instanceof TypeError && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (isMissing && error.message.split("\n", 1)[0]!.includes(dialect)) return undefined;
    throw error;
  }
}
