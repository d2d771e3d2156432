/**
 * What stands between a fixture and what it needs: the clauses of which something failed.
 *
 * @module
 */

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
