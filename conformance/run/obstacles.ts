/**
 * What stands between a fixture and what it needs: the clauses of which something failed.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { Result } from "../results/verdict.ts";

/** How far a clause holds that others need. */
export type Footing =
  /** Not all of it has been played. */
  | "undecided"
  /** All that was played came true, or nothing was selected. */
  | "firm"
  /** Nothing of it could be played, by a fault of ours. */
  | "unplayable"
  /** The server declines all of it. */
  | "declined"
  /** Some of it failed; what does not depend on that can be played. */
  | "shaky"
  /** Nothing of it has come true, in its own fixtures or in those that need it. */
  | "broken";

/** A clause that a fixture needs, and that does not hold. */
export interface Obstacle {
  /** Its slug. */
  readonly clause: string;
  /** How far it holds. */
  readonly footing: "shaky" | "broken";
  /** Its failures, and those that block the rest of it. */
  readonly causes: readonly Result[];
}

/**
 * How far a clause holds.
 *
 * @param results What is known of its fixtures.
 * @param isWhole Whether that is all of them.
 * @param isProven Whether a fixture has passed that needs it.
 */
export function footingOf(results: readonly Result[], isWhole: boolean, isProven: boolean): Footing {
  const has = (wanted: Result["verdict"]) => results.some(({ verdict }) => verdict === wanted);
  if (!isWhole) return "undecided";
  const isUseful = isProven || has("pass");
  if (has("fail") || has("blocked")) return isUseful ? "shaky" : "broken";
  if (has("error")) return isUseful ? "shaky" : "unplayable";
  return results.length > 0 && !has("pass") ? "declined" : "firm";
}

/** What is known of the clauses that others need, as results come in. */
export class KnownClauses {
  /** What shows each clause to those that need it, by its slug. */
  readonly #byClause: ReadonlyMap<string, readonly Fixture[]>;
  readonly #results: ReadonlyMap<Fixture, Result>;
  /** Not there any more when another result has come in. */
  readonly #footings = new Map<string, Footing>();
  /** Clauses that something needs which has passed. */
  readonly #proven = new Set<string>();

  /** @param results what has become of the fixtures so far, which goes on to change. */
  constructor(fixtures: readonly Fixture[], results: ReadonlyMap<Fixture, Result>) {
    const telling = fixtures.filter(({ blocksNothing, unplayable }) => !blocksNothing && unplayable === undefined);
    this.#byClause = Map.groupBy(telling, ({ clause }) => clause.slug);
    this.#results = results;
  }

  /** Another result of a clause has come in. */
  changed(clause: string): void {
    this.#footings.delete(clause);
  }

  /** Something has passed that needs a clause. Says whether that is news. */
  prove(clause: string): boolean {
    if (this.#proven.has(clause)) return false;
    this.#proven.add(clause);
    this.changed(clause);
    return true;
  }

  /** How far a clause holds. What was not selected holds. */
  footing(clause: string): Footing {
    const known = this.#footings.get(clause);
    if (known !== undefined) return known;
    const needed = this.#byClause.get(clause) ?? [];
    const results = needed.flatMap((other) => this.#results.get(other) ?? []);
    const footing = footingOf(results, results.length === needed.length, this.#proven.has(clause));
    this.#footings.set(clause, footing);
    return footing;
  }

  /** What is still to show a clause. */
  open(clause: string): Fixture[] {
    return (this.#byClause.get(clause) ?? []).filter((one) => !this.#results.has(one));
  }

  /** Whether something has shown that a clause is kept. */
  hasPassed(clause: string): boolean {
    return this.#byClause.get(clause)?.some((one) => this.#results.get(one)?.verdict === "pass") ?? false;
  }

  /** The clauses that a fixture needs, and that do not hold. */
  obstacles({ needs }: Fixture): Obstacle[] {
    return needs.flatMap((clause) => {
      const footing = this.footing(clause);
      if (footing !== "shaky" && footing !== "broken") return [];
      return [{ clause, footing, causes: this.#causes(clause) }];
    });
  }

  /** The clause that has failed itself, where it is not this one but one that this one needs. */
  origin(clause: string): string {
    const results = (this.#byClause.get(clause) ?? []).flatMap((one) => this.#results.get(one) ?? []);
    if (results.some(({ verdict }) => verdict === "fail")) return clause;
    return results.find(({ blockedBy }) => blockedBy !== undefined)?.blockedBy ?? clause;
  }

  /** The clause that shows a failure already: one that its fixture needs, or, in what both begin with, one that those need. */
  explanation(result: Result, obstacles: readonly Obstacle[]): string | undefined {
    const near = obstacles.find((obstacle) => isExplained(result, obstacle))?.clause;
    const others = [...this.#foundations(result.fixture)].filter((clause) => clause !== result.fixture.clause.slug);
    return near ?? others.find((clause) => isInLineOf(result, this.#causes(clause)));
  }

  /** The clauses that a fixture needs, and those that their fixtures need, and so on. */
  #foundations(fixture: Fixture, found: Set<string> = new Set()): ReadonlySet<string> {
    for (const clause of fixture.needs) {
      if (found.has(clause)) continue;
      found.add(clause);
      for (const other of this.#byClause.get(clause) ?? []) this.#foundations(other, found);
    }
    return found;
  }

  /** The failures of a clause, and those that have blocked what is blocked of it. */
  #causes(clause: string): Result[] {
    const results = (this.#byClause.get(clause) ?? []).flatMap((one) => this.#results.get(one) ?? []);
    return results.flatMap((result) => {
      if (result.verdict === "fail") return [result];
      if (result.verdict !== "blocked") return [];
      return result.fixture.needs.flatMap((need) => this.#causes(need));
    });
  }
}

/**
 * Whether a failure is one that an obstacle shows already: in the same line of a macro, or where the same kind of message was
 * awaited and the same kind came instead. What pieces do to messages looks different each time: where a fixture cuts or joins
 * them, and says so, its failure is that of the clause on pieces as long as that fails.
 */
export function isExplained(result: Result, { clause, causes }: Obstacle): boolean {
  const { splitClause, joinClause } = result.fixture;
  if (clause === splitClause?.slug || clause === joinClause?.slug) return true;
  if (hasCrashed(result)) return causes.some(hasCrashed);
  const symptom = symptomOf(result);
  return symptom !== undefined && causes.some((cause) => {
    const other = symptomOf(cause);
    return other !== undefined && (symptom.line === other.line || symptom.words === other.words);
  });
}

/** Whether the server has ended while a fixture was played, wherever that was then. */
function hasCrashed({ failure }: Result): boolean {
  return failure?.reason.startsWith("the server has crashed") === true;
}

/** Whether a failure is in the same line as one of these: of a macro with which both begin, as what several clauses build on. */
export function isInLineOf({ failure }: Result, causes: readonly Result[]): boolean {
  return failure?.place.calledFrom !== undefined &&
    causes.some(({ failure: other }) =>
      other !== undefined && other.place.file === failure.place.file && other.place.line === failure.place.line
    );
}

/** What a failure looks like: the line that did not come true, and what was awaited and came, without what differs each time. */
function symptomOf({ failure, wire }: Result): { line: string; words: string } | undefined {
  if (failure === undefined) return undefined;
  const { kind, place: { file, line }, attempts } = failure;
  const names = [...wire?.names.values() ?? []].filter((name) => name !== "");
  const plain = (text: string) => names.reduce((text, name) => text.replaceAll(name, "NAME"), text);
  const first = (text: string) => /^[^\s\\]*/.exec(plain(text))![0];
  const words = attempts.map(({ fits, wanted, got, isClosed }) => {
    const awaited = wanted === "closed" ? "closed" : first(fits + (wanted[0] ?? ""));
    return [awaited, first(fits + got), isClosed];
  });
  const at = `${file}:${line}`;
  // Where nothing was awaited, what came may be anything.
  const isTelling = kind !== "unexpected" && attempts.length > 0;
  return { line: at, words: isTelling ? JSON.stringify([kind, words]) : at };
}

/** Some fixtures, and those of the clauses that they need, and so on. */
export function includingNeeds(fixtures: readonly Fixture[], some: readonly Fixture[]): Set<Fixture> {
  const found = new Set<Fixture>();
  const visit = (fixture: Fixture) => {
    if (found.has(fixture)) return;
    found.add(fixture);
    for (const other of fixtures) if (fixture.needs.includes(other.clause.slug)) visit(other);
  };
  some.forEach(visit);
  return found;
}
