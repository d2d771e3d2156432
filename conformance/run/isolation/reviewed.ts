/**
 * What has come of failures that were played again.
 *
 * @module
 */

import type { Clause } from "../../fixtures/clauses.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import type { Recurrence } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";

/** What has come of a failure. */
export interface Reviewed {
  /** What becomes of its fixture. */
  readonly result: Result;
  /** The failure of the clause that it shows, if that is another one. */
  readonly shown?: Result;
}

/** A fixture that is blocked by what it begins with, where this fails on a fresh server. */
export function blockedBySetUp({ fixture, chosen, wire, duration }: Result, slug: string): Result {
  const reason = `needs ${slug}, which fails on a fresh server`;
  return { fixture, verdict: "blocked", reason, blockedBy: slug, chosen, ...wire && { wire }, duration };
}

/** A failure, and when it comes about. */
export function withRecurrence(
  result: Result,
  when: Recurrence["when"],
  tries: readonly Result[],
  isFresh: boolean,
): Result {
  return { ...result, recurrence: recurrenceOf(when, tries, isFresh) };
}

function recurrenceOf(when: Recurrence["when"], tries: readonly Result[], isFresh: boolean): Recurrence {
  const failed = tries.filter(({ verdict }) => verdict === "fail").length;
  return { when, played: tries.length, failed, isFresh };
}

/** What was seen of a fixture that fails only in company. */
export interface Review {
  /** How it fared at first. */
  readonly first: Result;
  /** How it fared alone. */
  readonly passed: Result;
  /** How it fared each time. */
  readonly tries: readonly Result[];
  /** Whether it was alone on a fresh server. */
  readonly isFresh: boolean;
}

/** The fixture passes: what fails in company is a variant of it, of the clause that it shows. */
export function shownBy(
  { first, passed, tries, isFresh }: Review,
  when: "after" | "beside",
  culprit: Fixture | undefined,
  clause: Clause,
): Reviewed {
  const { fixture } = first;
  const of = culprit === undefined ? {} : { culprit: culprit.name };
  const recurrence: Recurrence = { ...recurrenceOf(when, tries, isFresh), ...of };
  const name = `${fixture.name}~${when}`;
  const title = `${fixture.title} (${when} ${culprit?.name ?? "others"})`;
  const shown: Fixture = { ...fixture, name, variation: when, title, clause, needs: [] };
  const reason = `it failed only ${when} ${culprit?.name ?? "others"}: see ${name}`;
  return { result: { ...passed, reason }, shown: { ...first, fixture: shown, recurrence, chosen: [] } };
}
