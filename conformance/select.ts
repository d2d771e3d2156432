/**
 * Which fixtures are meant by `--filter`.
 *
 * @module
 */

import type { Fixture } from "./fixture.ts";

/**
 * Chooses the fixtures of which the clause, the name or the file matches one of the globs (`*` any characters, `?` one);
 * what is before the slash may be left out. Without globs, all of them.
 */
export function select(fixtures: readonly Fixture[], globs: readonly string[]): Fixture[] {
  if (globs.length === 0) return [...fixtures];
  const patterns = globs.map(compileGlob);
  return fixtures.filter(({ clause, name, file }) => {
    const words = [clause.slug, name, file].flatMap((word) => [word, word.slice(word.lastIndexOf("/") + 1)]);
    return patterns.some((pattern) => words.some((word) => pattern.test(word)));
  });
}

function compileGlob(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
