/**
 * How the mutants fail, all fixtures played: known beforehand, so that a failing server can be compared with them. Kept
 * in `fixtures/<dialect>/patterns.json`, which `deno task patterns` writes.
 *
 * @module
 */

import { ChatError } from "../../lib/chat/error.ts";
import type { Pattern } from "../diagnose.ts";
import type { Signature } from "./signature.ts";

/** The patterns of one dialect in their file: by clause, words, where and what, the fixtures, with a blank between two. */
type Stored = Record<string, Record<string, Record<string, Record<string, string>>>>;
/** Where those fixtures stand that are passed now and then. */
const UNSTEADY = "passes now and then";

/** Where the patterns of a dialect are. */
export function patternsFile(dialect: string): URL {
  return new URL(`../../fixtures/${dialect}/patterns.json`, import.meta.url);
}

/** Reads the patterns of a dialect; none if there is no file. Throws a `patterns` error if it cannot be read. */
export async function loadPatterns(dialect: string): Promise<Pattern[]> {
  try {
    return parsePatterns(await Deno.readTextFile(patternsFile(dialect)));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    const text = `fixtures/${dialect}/patterns.json cannot be read: deno task patterns writes it anew`;
    throw new ChatError("patterns", text, { cause });
  }
}

/**
 * Reads the text of such a file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const failures = new Map([["relay/broadcast", [{ where: "timeout: bob.in < hi", what: "" }]]]);
 * const unsteady = new Set(["relay/broadcast"]);
 * const patterns = [{ clause: "relay/broadcast", words: "ignores SEND ALL", failures, unsteady }];
 * assertEquals(parsePatterns(printPatterns(patterns)), patterns);
 * ```
 */
export function parsePatterns(text: string): Pattern[] {
  const stored: Stored = JSON.parse(text);
  return Object.entries(stored).flatMap(([clause, servers]) =>
    Object.entries(servers).map(([words, steps]) => {
      const failures = new Map<string, Signature[]>();
      const { [UNSTEADY]: passed, ...failed } = steps;
      for (const [where, seen] of Object.entries(failed)) {
        for (const [what, fixtures] of Object.entries(seen)) {
          for (const name of fixtures.split(" ")) failures.set(name, [...failures.get(name) ?? [], { where, what }]);
        }
      }
      if (passed === undefined) return { clause, words, failures };
      return { clause, words, failures, unsteady: new Set(Object.values(passed).join(" ").split(" ")) };
    })
  );
}

/** The text of such a file. Fixtures that fail alike share a line. */
export function printPatterns(patterns: readonly Pattern[]): string {
  const stored: Stored = {};
  for (const { clause, words, failures, unsteady } of patterns) {
    const steps = (stored[clause] ??= {})[words] ??= {};
    for (const [name, signatures] of failures) {
      for (const { where, what } of signatures) {
        const seen = steps[where] ??= {};
        seen[what] = what in seen ? `${seen[what]} ${name}` : name;
      }
    }
    if (unsteady !== undefined) steps[UNSTEADY] = { "": [...unsteady].join(" ") };
  }
  return `${JSON.stringify(stored, undefined, 1)}\n`;
}
