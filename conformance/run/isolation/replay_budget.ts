/**
 * How much time playing again may take: what fails alike again and again is believed, and a hopeless server costs little more.
 *
 * @module
 */

import type { Result } from "../../results/verdict.ts";

/** So many failures in one line of a clause's fixtures that were played again, and failed again, show what the others would. */
const ENOUGH_IN_LINE = 2;
/** The same for failures of a clause in any line. */
const ENOUGH_OF_CLAUSE = 4;
/** What failed again may have taken so much of the run's time, and at least so many milliseconds. */
const USUAL = { share: 0.15, least: 1_500 };
/** The same for the first failures of a clause: whether it fails at all hangs on them. */
const FIRST = { share: 0.3, least: 4_000 };

/** Knows what was played again, and for how long. */
export class ReplayBudget {
  readonly #confirmed = new Map<string, number>();
  /** How long it took to learn nothing new, in milliseconds. */
  #spent = 0;

  /**
   * Whether a failure is played again.
   *
   * @param elapsed How long ago the run began, in milliseconds.
   * @param among `width`: how many are played again at a time, beside the run: they take so much less of its time. `isInProvenSetUp`:
   * whether it failed in what others have begun with, and gone on: it is for next to nothing, since it passes most likely.
   */
  allows(result: Result, elapsed: number, { width = 1, isInProvenSetUp = false } = {}): boolean {
    const { line, clause, place } = kindsOf(result);
    if (isInProvenSetUp && this.#times(place) < ENOUGH_IN_LINE) return true;
    if (this.#times(line) >= ENOUGH_IN_LINE || this.#times(clause) >= ENOUGH_OF_CLAUSE) return false;
    const { share, least } = this.isFirstOfClause(result) ? FIRST : USUAL;
    return this.#spent < width * Math.max(least, share * elapsed);
  }

  /** A failure was played again, for so many milliseconds, and failed again. */
  confirmed(result: Result, milliseconds: number): void {
    for (const kind of Object.values(kindsOf(result))) this.#confirmed.set(kind, this.#times(kind) + 1);
    this.#spent += milliseconds;
  }

  /** Whether nothing that failed of its clause was played again and failed again so far. */
  isFirstOfClause(result: Result): boolean {
    return this.#times(kindsOf(result).clause) === 0;
  }

  #times(kind: string): number {
    return this.#confirmed.get(kind) ?? 0;
  }
}

function kindsOf(
  { fixture: { clause: { slug } }, failure }: Result,
): { readonly line: string; readonly clause: string; readonly place: string } {
  const { file, line } = failure?.place ?? { file: "", line: 0 };
  return { line: `${slug} ${file}:${line}`, clause: slug, place: `${file}:${line}` };
}
