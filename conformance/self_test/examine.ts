/**
 * Examines the fixtures of each dialect with the servers of its cast.
 *
 * @module
 */

import { ChatError } from "../../lib/chat/error.ts";
import { findingsOf, isOf, type Pattern } from "../diagnose.ts";
import type { Fixture } from "../fixture.ts";
import type { Library } from "../fixtures.ts";
import type { Cast, Extra, Useless } from "../mutants/casts.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { select } from "../select.ts";
import type { Result } from "../verdict.ts";
import { type Patience, play, withNeeds } from "./play.ts";
import { Turnstile } from "./turnstile.ts";

/** What became of one wrong server. */
export interface Trial {
  /** The server. */
  readonly mutant: Mutant;
  /** How the fixtures of its own clause fared. */
  readonly own: readonly Result[];
  /** The other clauses that it is known to break. */
  readonly others: readonly string[];
}

/** What was found out about the fixtures of one dialect. */
export interface Examination {
  /** The dialect. */
  readonly dialect: string;
  /** The wrong servers. */
  readonly trials: readonly Trial[];
  /** How many servers are useless. */
  readonly useless: number;
  /** How many servers are right. */
  readonly right: number;
  /** What is not as it should be, a line each. */
  readonly problems: readonly string[];
  /** What has no fixture or no wrong server, and why, a line each. */
  readonly excuses: readonly string[];
}

/** What is examined. */
export interface Subject {
  /** The servers. */
  readonly cast: Cast;
  /** The dialect's fixtures. */
  readonly library: Library;
  /** Those that are examined. */
  readonly fixtures: readonly Fixture[];
  /** How the wrong servers are known to fail. */
  readonly patterns: readonly Pattern[];
}

/** Right servers must not fail because the machine is busy. */
const FOR_RIGHT: Patience = { timeout: 5_000, ackTimeout: 2_000 };
/** Many wrong ones fail by not answering. */
const FOR_WRONG: Patience = { timeout: 500, ackTimeout: 1_000 };
/** Whatever is odd about a wrong one must not be because the machine is busy. */
const FOR_ODD: Patience = { timeout: 2_500, ackTimeout: 5_000 };

/** How many right servers are tried at a time, and how many others, most of which is waiting. */
const RIGHT_AT_A_TIME = 6;
const AT_A_TIME = 14;

/**
 * Examines the fixtures of each dialect; `onTried` is told whenever a server has been tried. The right ones come first, while
 * the machine is less busy with us.
 */
export async function examine(subjects: readonly Subject[], onTried: () => void): Promise<Examination[]> {
  const [few, many] = [new Turnstile(RIGHT_AT_A_TIME), new Turnstile(AT_A_TIME)];
  const right = await Promise.all(
    subjects.map((subject) =>
      Promise.all(subject.cast.right.map((extra) => attempt(few, onTried, () => tryRight(extra, subject))))
    ),
  );
  return await Promise.all(subjects.map(async (subject, i) => {
    const { cast } = subject;
    const mutants = mutantsOf(subject);
    const trials = new Map<Mutant, Trial>();
    const others = await Promise.all([
      ...cast.useless.map((extra) => attempt(many, onTried, () => tryUseless(extra, subject))),
      ...mutants.map((mutant) =>
        attempt(many, onTried, async () => {
          const { trial, problems } = await tryMutant(mutant, subject);
          trials.set(mutant, trial);
          return problems;
        })
      ),
    ]);
    const { problems, excuses } = coverage(subject);
    return {
      dialect: cast.dialect,
      trials: mutants.map((mutant) => trials.get(mutant) ?? { mutant, own: [], others: [] }),
      useless: cast.useless.length,
      right: cast.right.length,
      problems: [...right[i]!.flat(), ...others.flat(), ...problems],
      excuses,
    };
  }));
}

/** Tries a server, and gives the problems. One that cannot be tried is a problem, and the others are tried all the same. */
async function attempt(
  turnstile: Turnstile,
  onTried: () => void,
  task: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const problems = await turnstile.pass(task).catch((error) => {
    if (error instanceof ChatError) return [error.message];
    throw error;
  });
  onTried();
  return problems;
}

/** How many servers will be tried. */
export function countServers(subject: Subject): number {
  const { right, useless } = subject.cast;
  return right.length + useless.length + mutantsOf(subject).length;
}

/** The wrong servers that break the clauses of the fixtures that are examined. */
function mutantsOf({ cast, fixtures }: Subject): Mutant[] {
  const slugs = new Set(fixtures.map(({ clause }) => clause.slug));
  return cast.mutants.filter(({ clause }) => slugs.has(clause));
}

async function tryRight(extra: Extra, subject: Subject): Promise<string[]> {
  const results = await play(extra, subject.library, withNeeds(subject.fixtures, subject.library), FOR_RIGHT);
  // What is blocked has a failure behind it, which says more.
  const bad = results.filter(({ verdict, fixture }) =>
    verdict !== "pass" && verdict !== "blocked" && !(verdict === "unsupported" && fixture.clause.level === "may")
  );
  return bad.map(({ fixture, verdict, failure, reason }) =>
    `${fixture.name}: a server that ${extra.words} does not pass: ${failure?.reason ?? reason ?? verdict}`
  );
}

async function tryUseless(extra: Useless, subject: Subject): Promise<string[]> {
  const results = await play(extra, subject.library, subject.fixtures, FOR_WRONG).catch((error) => {
    // To say nothing at all is the same as not to be there, to datagrams.
    if (error instanceof ChatError && error.code === "unreachable") return [];
    throw error;
  });
  const kept = extra.keeps.length === 0 ? [] : select(subject.fixtures, extra.keeps);
  const passed = results.filter(({ verdict, fixture }) =>
    (verdict === "pass" || verdict === "unsupported") && !kept.includes(fixture)
  );
  return passed.map(({ fixture }) => `${fixture.name}: a server that ${extra.words} passes`);
}

interface Tried {
  readonly trial: Trial;
  readonly problems: readonly string[];
}

async function tryMutant(mutant: Mutant, subject: Subject): Promise<Tried> {
  // An error that is not due to haste comes again.
  const tried = await tryOnce(mutant, subject, FOR_WRONG).catch(() => undefined);
  return tried?.problems.length === 0 ? tried : await tryOnce(mutant, subject, FOR_ODD);
}

async function tryOnce(mutant: Mutant, subject: Subject, patience: Patience): Promise<Tried> {
  const { library, patterns } = subject;
  const { clause, words } = mutant;
  const isOwn = ({ clause: { slug } }: Fixture) => slug === clause;
  const results = await play(mutant, library, withNeeds(library.fixtures.filter(isOwn), library), patience);
  const own = results.filter(({ fixture }) => isOwn(fixture));
  const pattern = patterns.find((known) => known.clause === clause && known.words === words);
  const fault = uncaught(own) ?? unrecognised(results, pattern);
  return {
    trial: { mutant, own, others: otherClauses(pattern, library, clause) },
    problems: fault === undefined ? [] : [`${clause}: a server that ${words} ${fault}`],
  };
}

/** What is odd about the results of the clause that a server breaks. */
function uncaught(own: readonly Result[]): string | undefined {
  const error = own.find(({ verdict }) => verdict === "error");
  if (error !== undefined) return `cannot be tried: ${error.reason}`;
  if (own.some(({ verdict }) => verdict === "fail")) return undefined;
  const blocked = own.find(({ verdict }) => verdict === "blocked");
  return blocked === undefined ? "passes" : `is caught by another clause before its own: ${blocked.reason}`;
}

/** What is odd about how a server is known to fail. */
function unrecognised(results: readonly Result[], pattern: Pattern | undefined): string | undefined {
  if (pattern === undefined) return "has no pattern: deno task patterns writes it";
  if (isOf(pattern, findingsOf(results))) return undefined;
  return "fails otherwise than its pattern says: deno task patterns writes it anew";
}

function otherClauses(pattern: Pattern | undefined, { fixtures }: Library, clause: string): string[] {
  const failing = fixtures.filter(({ name }) => pattern?.failures.has(name)).map(({ clause: { slug } }) => slug);
  return [...new Set(failing)].filter((slug) => slug !== clause);
}

/** What has no fixture, no wrong server, or no server that a pattern is of. */
function coverage({ cast, library, fixtures, patterns }: Subject): Pick<Examination, "problems" | "excuses"> {
  const problems: string[] = [];
  const excuses: string[] = [];
  const selected = new Set(fixtures.map(({ clause }) => clause.slug));
  const isWhole = fixtures.length === library.fixtures.length;
  for (const { slug, level } of library.clauses.values()) {
    if (level === "may" || !isWhole && !selected.has(slug)) continue;
    const missing = [
      ...(selected.has(slug) ? [] : ["no fixture"]),
      ...(cast.mutants.some(({ clause }) => clause === slug) ? [] : ["no server that breaks it"]),
    ];
    const excuse = cast.excuses[slug];
    if (missing.length === 0 && excuse !== undefined) problems.push(`${slug}: is tested, but excused: ${excuse}`);
    if (missing.length > 0 && excuse === undefined) problems.push(`${slug}: has ${missing.join(" and ")}`);
    if (missing.length > 0 && excuse !== undefined) excuses.push(`${slug}: has ${missing.join(" and ")}: ${excuse}`);
  }
  for (const { clause, words } of patterns) {
    const isThere = cast.mutants.some((mutant) => mutant.clause === clause && mutant.words === words);
    if (!isThere) problems.push(`${clause}: there is a pattern, but no server that ${words}: deno task patterns`);
  }
  return { problems, excuses };
}
