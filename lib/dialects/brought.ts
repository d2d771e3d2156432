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
 *
 * @param ending what stands behind the dialect's name in the path of its file: `/mutant_set.ts`, `.ts`.
 * @param load an `import()` of a template, `(dialect) => import(`./${dialect}/mutant_set.ts`)`, so that the compiler finds the files.
 * @throws whatever a file throws that is there, also because something is missing that it imports.
 */
export async function broughtBy<Brings>(
  ending: string,
  load: (dialect: string) => Promise<Brings>,
): Promise<readonly Brought<Brings>[]> {
  const all = await Promise.all(DIALECTS.map(async ({ name: dialect }) => {
    try {
      return [{ dialect, brings: await load(dialect) }];
    } catch (error) {
      if (isMissing(error, `/${dialect}${ending}`)) return [];
      throw error;
    }
  }));
  return all.flat();
}

/** Whether an import has failed because this very file is not there, as Deno says it in its first line, with quotes or without. */
function isMissing(error: unknown, path: string): boolean {
  if (!(error instanceof TypeError && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) return false;
  return error.message.split("\n", 1)[0]!.replace(/"?\.?$/, "").endsWith(path);
}
