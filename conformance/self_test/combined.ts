/**
 * Servers that are wrong in several ways at once: what a report says of them, against what is wrong with them.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Chance } from "../../lib/simulation/chance.ts";
import { type RootCause, rootCausesOf } from "../causes/root_cause.ts";
import { type Library, loadLibrary } from "../fixtures/library.ts";
import type { Mutant, Start } from "../mutants/mutant.ts";
import { MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { recurrenceText } from "../results/recurrence.ts";
import { judgementsOf } from "../results/judgement.ts";
import { byClause, type ClauseResult, type Result } from "../results/verdict.ts";
import { playRun } from "./play.ts";

/** So many ways at most. */
const MOST = 4;
/** How often mutants are drawn again that cannot be combined. */
const TRIES = 10;
/** How many fixtures are played at a time. */
const JOBS = 8;

/** What a report says of a server. */
interface Told {
  readonly clauses: readonly ClauseResult[];
  readonly causes: readonly RootCause[];
}

/** A server, and what its report got wrong. */
export interface Precision {
  /** The dialect. */
  readonly dialect: string;
  /** What is wrong with the server, each with its clause: `relay/broadcast: leaves one out`. */
  readonly wrong: readonly string[];
  /** Broken clauses that pass, or are blocked by nothing that is broken. */
  readonly missed: readonly string[];
  /** Clauses that fail, and that none of it breaks. */
  readonly blamed: readonly string[];
  /** The first sentence, if it is about nothing of it. */
  readonly misled?: string;
}

/** Knows what each mutant breaks by itself. */
export class Combinations {
  readonly #libraries = new Map<string, Promise<Library>>();
  readonly #alone = new Map<Mutant, Promise<Told>>();

  /** Combines some mutants of a dialect at random, and compares what is said of the server with what is said of each alone. */
  async attempt(chance: Chance): Promise<Precision> {
    for (let tries = 0;; tries++) {
      try {
        return await this.#attempt(chance);
      } catch (error) {
        // Two that do not go together throw in each other's functions.
        if (!(error instanceof ChatError && error.code === "broken-server") || tries >= TRIES) throw error;
      }
    }
  }

  async #attempt(chance: Chance): Promise<Precision> {
    const { dialect, mutants } = chance.pick(MUTANT_SETS);
    const [mutant, ...others] = pickSome(chance, mutants.filter((one) => one.combine?.([]) !== undefined));
    const all = [mutant!, ...others];
    const wrong = all.map(({ clause, words }) => `${clause}: ${words}`);
    const library = await this.#library(dialect);
    const words = all.map(({ words }) => words).join(" and ");
    const told = await tell(library, words, mutant!.combine!(others)!, chance.below(2 ** 31));
    const singles = await Promise.all(all.map((one) => this.#toldOf(one, library)));
    return { dialect, wrong, ...compare(told, all, singles) };
  }

  #library(dialect: string): Promise<Library> {
    const known = this.#libraries.get(dialect) ?? loadLibrary(dialect, { dirs: [], embedded: true });
    this.#libraries.set(dialect, known);
    return known;
  }

  #toldOf(mutant: Mutant, library: Library): Promise<Told> {
    const known = this.#alone.get(mutant) ?? tell(library, mutant.words, mutant.start, 1);
    this.#alone.set(mutant, known);
    return known;
  }
}

/** From one to several, no two of which are of one clause. */
function pickSome(chance: Chance, mutants: readonly Mutant[]): Mutant[] {
  const count = 1 + chance.below(MOST);
  const picked: Mutant[] = [];
  while (picked.length < count) {
    const one = chance.pick(mutants);
    if (!picked.some(({ clause }) => clause === one.clause)) picked.push(one);
  }
  return picked;
}

async function tell(library: Library, words: string, start: Start, seed: number): Promise<Told> {
  const options = { seed, jobs: JOBS, accommodates: true, renews: true };
  const run = await playRun({ words, start }, library, library.fixtures, options);
  return { clauses: byClause(run), causes: rootCausesOf(run, judgementsOf(run, true)) };
}

function compare(
  told: Told,
  mutants: readonly Mutant[],
  singles: readonly Told[],
): Omit<Precision, "dialect" | "wrong"> {
  const broken = new Set([...mutants.map(({ clause }) => clause), ...singles.flatMap((single) => failedIn(single))]);
  const missed = mutants.map(({ clause }) => clause).filter((slug) => !isNamed(told, slug, broken))
    .map((slug) =>
      `${slug}: ${told.clauses.find(({ clause }) => clause.slug === slug)!.verdict} ${
        told.clauses.find(({ clause }) => clause.slug === slug)!.results.find(({ verdict }) => verdict === "blocked")
          ?.reason ?? ""
      }`
    );
  const blamed = failedIn(told).filter((slug) => !broken.has(slug) && !isUnknown(told, slug, singles)).map((slug) =>
    `${slug}: ${firstFailure(told, slug)}`
  );
  const misled = misleading(told, singles, broken);
  return { missed, blamed, ...(misled === undefined ? {} : { misled }) };
}

function failedIn({ clauses }: Told): string[] {
  return clauses.filter(({ clause, verdict }) => verdict === "fail" && clause.level !== "may")
    .map(({ clause }) => clause.slug);
}

/** Whether what fails of a clause could not be played with one of these alone: then it may be wrong there. */
function isUnknown(told: Told, slug: string, singles: readonly Told[]): boolean {
  const failed = resultsOf(told, slug).filter(({ verdict }) => verdict === "fail");
  return failed.every(({ fixture }) => {
    return singles.some((single) =>
      resultsOf(single, slug).some((one) => one.fixture.name === fixture.name && one.verdict === "blocked")
    );
  });
}

function resultsOf({ clauses }: Told, slug: string): readonly Result[] {
  return clauses.find(({ clause }) => clause.slug === slug)?.results ?? [];
}

function firstFailure({ clauses }: Told, slug: string): string {
  const { results } = clauses.find(({ clause }) => clause.slug === slug)!;
  const { fixture, failure } = results.find(({ verdict }) => verdict === "fail")!;
  const { recurrence } = results.find(({ verdict }) => verdict === "fail")!;
  return `${fixture.name}: ${failure!.reason} ${recurrence === undefined ? "" : recurrenceText(recurrence)}`;
}

/** Whether a broken clause fails, or some of it is blocked by one that is broken: what hides it is named. */
function isNamed({ clauses }: Told, slug: string, broken: ReadonlySet<string>): boolean {
  const one = clauses.find(({ clause }) => clause.slug === slug)!;
  if (one.verdict === "fail") return true;
  return one.results.some(({ verdict, blockedBy }) => verdict === "blocked" && broken.has(blockedBy ?? ""));
}

/** What is named first must be what is named for one of them alone, or one of the clauses that they break. */
function misleading({ causes }: Told, singles: readonly Told[], broken: ReadonlySet<string>): string | undefined {
  const [first] = causes;
  if (first === undefined) return undefined;
  const slugs = new Set(first.explains.map(({ fixture }) => fixture.clause.slug));
  const isKnown = first.name === "clause" ||
    singles.some(({ causes }) => causes.some(({ name }) => name === first.name));
  return isKnown && [...slugs].some((slug) => broken.has(slug)) ? undefined : `${first.name}: ${first.text}`;
}
