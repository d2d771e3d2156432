/**
 * Finds names that more than one file exports: `deno task check` runs it. One name is to have one meaning, so that whoever reads
 * it anywhere, or looks for it, finds what is meant.
 *
 * @module
 */

import process from "node:process";
import { sourceFiles } from "./imports.ts";
import { isTest } from "./layers.ts";

/** Where names are checked. */
const FOLDERS = ["lib/", "conformance/"];

/** At most so many names may be exported by more than one file. */
const MOST = 15;

const OF_TEXT_DIALECTS =
  "slash and room each have their own words for it; whoever uses one imports it from its dialect";
const OF_EACH_DIALECT = "each dialect brings its own, which is found by its folder";

/** The names that may be, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  FORMS: OF_EACH_DIALECT,
  USAGE: OF_EACH_DIALECT,
  MUTANT_SET: OF_EACH_DIALECT,
  CLIENT_MUTANT_SET: OF_EACH_DIALECT,
  GREETING: OF_TEXT_DIALECTS,
  LINE_TOO_LONG: OF_TEXT_DIALECTS,
  NOT_TEXT: OF_TEXT_DIALECTS,
  TOO_MANY_TRIES: OF_TEXT_DIALECTS,
  closingWords: OF_TEXT_DIALECTS,
  joinedWords: OF_TEXT_DIALECTS,
  leftWords: OF_TEXT_DIALECTS,
  markWords: OF_TEXT_DIALECTS,
  outcomeWords: OF_TEXT_DIALECTS,
};

const DECLARATION =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) ([A-Za-z_$][\w$]*)/gm;

/** The names that a file declares and exports. */
export function exportedNames(source: string): string[] {
  // An overloaded function is declared more than once.
  return [...new Set([...source.matchAll(DECLARATION)].map(({ 1: name = "" }) => name))];
}

/**
 * What is wrong, a line each: names that more than one file exports and that are not allowed to, and permissions that nobody
 * needs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const files = new Map([["a.ts", ["Wire", "USAGE"]], ["b.ts", ["Wire", "USAGE"]]]);
 * assertEquals(wrongNames(files, { USAGE: "each dialect's" }), ["Wire is exported by a.ts and b.ts: one name, one meaning"]);
 * ```
 */
export function wrongNames(
  files: ReadonlyMap<string, readonly string[]>,
  allowed: Readonly<Record<string, string>>,
): string[] {
  const by = new Map<string, string[]>();
  for (const [file, names] of files) for (const name of names) by.set(name, [...by.get(name) ?? [], file]);
  const shared = [...by].filter(([, places]) => places.length > 1).sort();
  const wrong = shared.filter(([name]) => !Object.hasOwn(allowed, name))
    .map(([name, places]) => `${name} is exported by ${places.join(" and ")}: one name, one meaning`);
  const unneeded = Object.keys(allowed).filter((name) => !shared.some(([each]) => each === name))
    .map((name) => `${name} is allowed in tools/check_names.ts, and not exported by more than one file`);
  return [...wrong, ...unneeded];
}

/** Checks the project, writes down what is wrong with it, and gives the exit status. */
function main(): number {
  const root = new URL("../", import.meta.url);
  const files = sourceFiles(root).filter((file) => FOLDERS.some((folder) => file.startsWith(folder)) && !isTest(file));
  const names = new Map(files.map((file) => [file, exportedNames(Deno.readTextFileSync(new URL(file, root)))]));
  const wrong = wrongNames(names, ALLOWED);
  const allowed = Object.keys(ALLOWED).length;
  if (allowed > MOST) wrong.push(`${allowed} names are allowed in tools/check_names.ts, of at most ${MOST}`);
  for (const line of wrong) process.stderr.write(`${line}\n`);
  process.stdout.write(`${names.size} files, ${wrong.length} names too many\n`);
  return wrong.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main();
