/**
 * The table of clauses: what a protocol asks for, and how firmly.
 *
 * @module
 */

import { mistake, type Place } from "./transcript/place.ts";

/** How firmly a clause binds: see docs/conformance.md, Verdicts. */
export type Level = "must" | "should" | "may";

/** All levels, the firmest first. */
export const LEVELS: readonly Level[] = ["must", "should", "may"];

/** One clause of a protocol. */
export interface Clause {
  /** Its stable name: `relay/send-unknown`. */
  readonly slug: string;
  /** How firmly it binds. */
  readonly level: Level;
  /** What it says, in one line. */
  readonly text: string;
}

/** Clauses by their slug, in the order of the table. */
export type Clauses = ReadonlyMap<string, Clause>;

const SLUG = /^[a-z]+\/[a-z0-9-]+$/;

/**
 * Reads a table of clauses, a line each: slug, level, text. Empty lines and lines that begin with `#` do not count.
 * Adds them to those that are known; throws a {@linkcode mistake} for a line that is not well formed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const clauses = readClauses("relay/broadcast  must  every other user gets it", "clauses.txt");
 * assertEquals(clauses.get("relay/broadcast")?.level, "must");
 * ```
 */
export function readClauses(text: string, file: string, known: Clauses = new Map()): Clauses {
  const clauses = new Map(known);
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const clause = readClause(line, { file, line: i + 1 });
    if (clauses.has(clause.slug)) throw mistake({ file, line: i + 1 }, `the clause ${clause.slug} is there already`);
    clauses.set(clause.slug, clause);
  }
  return clauses;
}

function readClause(line: string, place: Place): Clause {
  const [slug = "", word, ...text] = line.trim().split(/\s+/);
  const level = LEVELS.find((level) => level === word);
  if (!SLUG.test(slug)) throw mistake(place, `${slug} is no slug of a clause: dialect/words-with-hyphens`);
  if (level === undefined) throw mistake(place, `a clause has a level behind its slug: ${LEVELS.join(", ")}`);
  if (text.length === 0) throw mistake(place, "a clause says something behind its level");
  return { slug, level, text: text.join(" ") };
}

/** The dialect that a clause belongs to: what is before the slash. */
export function dialectOf(slug: string): string {
  return slug.slice(0, Math.max(slug.indexOf("/"), 0));
}
