/**
 * What to do first: the fault that explains most of a run's failures, in the words of whoever wrote the server.
 *
 * @module
 */

import type { Failure } from "../play/failure.ts";
import { countText } from "../reports/words.ts";
import type { Judgements } from "../results/judgement.ts";
import { type Accommodated, countsAgainst, type Result, type Target, type TargetRun } from "../results/verdict.ts";
import { Evidence } from "./evidence.ts";
import { CLIENT_RULES } from "./client_rules.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";

/** A fault that explains failures of one clause or of several. */
export interface RootCause {
  /** The name of the rule that found it; `clause` where no rule did, and it is a clause that fails. */
  readonly name: string;
  /** What the server does, and what it should do, as a sentence without its subject. */
  readonly text: string;
  /** The failures that it explains, at least one. */
  readonly explains: readonly Result[];
  /** What could not be played because of them. */
  readonly blocks: readonly Result[];
}

/** More than these are not listed: what comes after them is seen when they are mended. */
const MOST = 5;

/**
 * The root causes of a run's failures, what explains most first. Each failure is explained once; what no rule explains is a
 * cause of its own, a clause each.
 */
export function rootCausesOf(run: TargetRun, judgements: Judgements): RootCause[] {
  return causesOf(run, judgements, rulesFor(run.target));
}

/** The same without any rule: a cause for each clause that fails. */
export function clauseCausesOf(run: TargetRun, judgements: Judgements): RootCause[] {
  return causesOf(run, judgements, []);
}

function causesOf(run: TargetRun, judgements: Judgements, rules: readonly Rule[]): RootCause[] {
  const evidence = new Evidence(run, run.results.filter((result) => isToMend(result, judgements)));
  const causes: RootCause[] = [];
  const explained = new Set<Result>();
  const add = (name: string, text: string, explains: readonly Result[]) => {
    const own = explains.filter((result) => !explained.has(result));
    if (own.length === 0) return;
    for (const result of own) explained.add(result);
    const slugs = new Set(own.map(({ fixture }) => fixture.clause.slug));
    const blocks = run.results.filter(({ blockedBy }) => blockedBy !== undefined && slugs.has(blockedBy));
    causes.push({ name, text, explains: own, blocks });
  };
  const own = (run.accommodated ?? []).filter(({ result }) => evidence.failed.includes(result));
  // Where something has arrived instead says less than what makes it right.
  const isTold = ({ result: { failure } }: Accommodated) =>
    !(failure?.hint ?? "it arrived on").startsWith("it arrived on");
  const addAccommodated = (some: readonly Accommodated[]) => {
    for (const { accommodation, result } of some) add("accommodated", accommodation.text, [result]);
  };
  // What makes all others pass says more than a rule that goes by clauses, and less than one that goes by what was heard.
  addAccommodated(own.filter((one) => !isTold(one)));
  for (const { name, find } of rules) {
    const found = find(evidence);
    if (found !== undefined) add(name, found.text, found.explains);
  }
  addAccommodated(own);
  const rest = evidence.failed.filter((result) => !explained.has(result));
  for (const [slug, results] of Map.groupBy(rest, ({ fixture }) => fixture.clause.slug)) {
    const { fixture: { clause, title }, failure, reason } = results[0]!;
    const why = failure?.hint ?? (failure && `${failure.reason}${whatCame(failure)}`) ?? reason ?? "it fails";
    add("clause", `breaks ${slug} (${run.target.role === "pair" ? title : clause.text}): ${why}`, results);
  }
  return causes.sort((a, b) => weight(b) - weight(a)).slice(0, MOST);
}

/** What the rules know shows in what went over the wire, which of pairs nobody sees. */
function rulesFor({ role }: Target): readonly Rule[] {
  return role === undefined ? RULES : role === "client" ? CLIENT_RULES : [];
}

/** How much of what came is shown, in characters. */
const LONGEST = 60;

/** A sentence on what to do first, and what that would bring; none where nothing is to be mended. */
export function firstSentence(causes: readonly RootCause[], subject: string): string | undefined {
  const [first] = causes;
  if (first === undefined) return undefined;
  const { text, explains, blocks } = first;
  const failures = countText(explains.length, "failure");
  const more = blocks.length === 0
    ? ""
    : `, and ${countText(blocks.length, "fixture")} could be played that ${
      blocks.length === 1 ? "is" : "are"
    } blocked now`;
  return `First: the ${subject} ${text} (${failures}${more}).`;
}

/** What came instead of what was awaited, as far as it helps. */
function whatCame({ kind, attempts }: Failure): string {
  const came = attempts.map(({ fits, got }) => fits + got).find((text) => text !== "");
  if (kind !== "mismatch" && kind !== "unexpected" || came === undefined) return "";
  return `, ${came.length > LONGEST ? `${came.slice(0, LONGEST)}…` : came}`;
}

/** What counts, or would with --strict, and is not known already. */
function isToMend(result: Result, judgements: Judgements): boolean {
  return result.verdict === "fail" && judgements.get(result) !== "expected failure" && countsAgainst(result, true);
}

/** A `must` weighs more than any number of `should`s that a run has, and a fault that ends the server most. */
function weight({ name, explains, blocks }: RootCause): number {
  const ends = name === "crashes" || name === "other-protocol" ? 1e6 : 0;
  const musts = explains.filter(({ fixture }) => fixture.clause.level === "must").length;
  // It was in the way of every fixture, and is blamed once.
  const accommodated = name === "accommodated" ? 10 : 0;
  return ends + accommodated + 1000 * Math.sign(musts) + 2 * musts + explains.length + blocks.length;
}
