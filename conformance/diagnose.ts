/**
 * Says what a failing server is like: whose failures, of those servers that are known to be wrong in one way, its own are.
 *
 * @module
 */

import { isSame, type Signature, signatureOf } from "./mutants/signature.ts";
import type { Likeness, Result, Verdict } from "./verdict.ts";

/** How a server fails that is wrong in one way. */
export interface Pattern {
  /** The clause that it breaks. */
  readonly clause: string;
  /** What it does, as it goes on behind "a server that". */
  readonly words: string;
  /** How fixtures fail, by their names, each in one way or several; it passes all others that could be played. */
  readonly failures: ReadonlyMap<string, readonly Signature[]>;
  /** Those of them that it passes now and then. */
  readonly unsteady?: ReadonlySet<string>;
}

/** What became of a fixture, as far as it matters here. */
export interface Finding {
  /** The fixture's name. */
  readonly name: string;
  /** The clause that it shows. */
  readonly clause: string;
  /** What became of it. */
  readonly verdict: Verdict;
  /** How it failed, if it did. */
  readonly signature?: Signature;
}

/** The findings in the results of a run. */
export function findingsOf(results: readonly Result[]): Finding[] {
  return results.map(({ fixture: { name, clause }, verdict, failure }) => ({
    name,
    clause: clause.slug,
    verdict,
    ...(failure === undefined ? {} : { signature: signatureOf(failure) }),
  }));
}

/** How alike two failures of one fixture are: at the same step, where what arrives varies, or with the same bytes. */
const SAME_STEP = 0.5;
const VARYING_BYTES = 0.75;
const SAME_BYTES = 1;
/** How much a fixture that fails there and not here speaks against a likeness. */
const AGAINST = 1;
/** How alike a pattern's failures must be to those of the server, all in all, to convince: two of three. */
const CONVINCING = 0.65;
/** Of what a pattern explains more than this must be new, and of what fails in its own clause it must explain so much. */
const HALF = 0.5;
/** With more patterns than this that are equally like it, nothing is clear. */
const MOST_ALIKE = 3;
/** How many faults are told apart at most. */
const MOST_FAULTS = 5;

/** A pattern, held against the findings on a server. */
interface Match {
  readonly pattern: Pattern;
  /** How alike each fixture fails that fails in both at the same step. */
  readonly alike: ReadonlyMap<string, number>;
  /** How many of the pattern's failures the server does not show, although it could. */
  readonly missing: number;
}

/**
 * Names the patterns that a server's failures are like, the one that explains most of them first. A server may be wrong in
 * several ways, so that each further pattern must explain what those before it do not. Gives nothing where nothing
 * convinces.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const signature = { where: "timeout: bob.in < hi", what: "" };
 * const deaf = { clause: "a/b", words: "does not listen", failures: new Map([["a/b.one", [signature]]]) };
 * const findings = [{ name: "a/b.one", clause: "a/b", verdict: "fail", signature } as const];
 * assertEquals(diagnose(findings, [deaf]), [
 *   { servers: [{ clause: "a/b", words: "does not listen" }], fixtures: ["a/b.one"] },
 * ]);
 * ```
 */
export function diagnose(findings: readonly Finding[], patterns: readonly Pattern[]): Likeness[] {
  const failed = findings.filter(({ signature }) => signature !== undefined);
  const byName = new Map(findings.map((finding) => [finding.name, finding]));
  const matches = patterns.map((pattern) => compare(pattern, byName)).filter((match) => convinces(match, failed));
  const unexplained = new Set(failed.map(({ name }) => name));
  const likenesses: Likeness[] = [];
  while (likenesses.length < MOST_FAULTS) {
    const scores = matches.map((match) => score(match, unexplained));
    const best = Math.max(...scores);
    if (!(best > 0)) break;
    const first = matches[scores.indexOf(best)]!;
    const fixtures = [...first.alike.keys()].filter((name) => unexplained.has(name));
    const leaders = matches.filter(({ alike }, i) => scores[i] === best && fixtures.every((name) => alike.has(name)));
    for (const name of fixtures) unexplained.delete(name);
    if (leaders.length > MOST_ALIKE) continue;
    likenesses.push({ servers: leaders.map(({ pattern: { clause, words } }) => ({ clause, words })), fixtures });
  }
  return likenesses;
}

/** Whether a pattern may be that of a server: it knows at least one of its failures. */
export function isOf(pattern: Pattern, findings: readonly Finding[]): boolean {
  const { alike } = compare(pattern, new Map(findings.map((finding) => [finding.name, finding])));
  return [...alike.values()].some((each) => each >= CONVINCING);
}

function compare(pattern: Pattern, findings: ReadonlyMap<string, Finding>): Match {
  const alike = new Map<string, number>();
  let missing = 0;
  for (const [name, theirs] of pattern.failures) {
    const finding = findings.get(name);
    const each = finding?.signature === undefined ? 0 : likeness(finding.signature, theirs);
    if (each > 0) alike.set(name, each);
    // What was blocked, or not played, says nothing.
    else if (finding?.verdict === "fail" || finding?.verdict === "pass" && !pattern.unsteady?.has(name)) missing++;
  }
  return { pattern, alike, missing };
}

function likeness(ours: Signature, theirs: readonly Signature[]): number {
  const there = theirs.filter(({ where }) => where === ours.where);
  if (there.some((each) => isSame(each, ours))) return SAME_BYTES;
  return there.length === 0 ? 0 : there.length === 1 ? SAME_STEP : VARYING_BYTES;
}

function convinces({ pattern, alike, missing }: Match, failed: readonly Finding[]): boolean {
  const sum = [...alike.values()].reduce((sum, each) => sum + each, 0);
  const own = failed.filter(({ clause }) => clause === pattern.clause);
  const explained = own.filter(({ name }) => alike.has(name)).length;
  return sum > 0 && sum / (alike.size + missing) >= CONVINCING && explained >= own.length * HALF;
}

function score({ alike, missing }: Match, unexplained: ReadonlySet<string>): number {
  let sum = -AGAINST * missing;
  let count = 0;
  for (const [name, each] of alike) {
    if (!unexplained.has(name)) continue;
    sum += each;
    count++;
  }
  return count > alike.size * HALF ? sum : 0;
}
