/**
 * Examines the fixtures of each dialect with the servers of its cast.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Extra, Useless } from "../mutants/mutant_set.ts";
import type { DialectMutants } from "../mutants/mutant_sets.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { select } from "../fixtures/filter.ts";
import type { Result } from "../results/verdict.ts";
import { play, type SelfTestTimeouts, withNeeds } from "./play.ts";
import { Semaphore } from "./semaphore.ts";

/** What became of one wrong server. */
export interface Trial {
  /** The server. */
  readonly mutant: Mutant;
  /** How the fixtures of its own clause fared. */
  readonly own: readonly Result[];
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
  readonly cast: DialectMutants;
  /** The dialect's fixtures. */
  readonly library: Library;
  /** Those that are examined. */
  readonly fixtures: readonly Fixture[];
}

/** Right servers must not fail because the machine is busy. */
const FOR_RIGHT: SelfTestTimeouts = { timeout: 5_000, ackTimeout: 2_000 };
/** Many wrong ones fail by not answering. */
const FOR_WRONG: SelfTestTimeouts = { timeout: 500, ackTimeout: 1_000 };

/** How many servers are tried at a time where the machine must not be busy with us, and how many where we mostly wait. */
const FEW = 6;
const MANY = 16;

/**
 * Whatever is odd about a server must not be because the machine is busy, with us or with others: what is still odd is tried
 * again, with more patience and fewer beside it.
 */
const AGAIN: readonly { readonly patience: SelfTestTimeouts; readonly atATime: number }[] = [
  { patience: { timeout: 2_500, ackTimeout: 5_000 }, atATime: FEW },
  { patience: { timeout: 10_000, ackTimeout: 20_000 }, atATime: 1 },
];

/** What came of trying a server. */
interface Tried {
  /** What became of it, if it is a wrong one. */
  readonly trial?: Trial;
  /** What is not as it should be. */
  readonly problems: readonly string[];
}

/** A server that is tried. */
interface Candidate {
  /** What is examined with it. */
  readonly subject: Subject;
  /** Whether it keeps every clause. */
  readonly isRight: boolean;
  /** Tries it; with this patience if that is not the first time. */
  attempt(patience?: SelfTestTimeouts): Promise<Tried>;
}

/** Examines the fixtures of each dialect; `onTried` is called whenever a server has been tried. */
export async function examine(subjects: readonly Subject[], onTried: () => void): Promise<Examination[]> {
  const candidates = subjects.flatMap(candidatesOf);
  const tried = new Map<Candidate, Tried>();
  const tryAll = async (some: readonly Candidate[], atATime: number, patience?: SelfTestTimeouts) => {
    const semaphore = new Semaphore(atATime);
    await Promise.all(some.map(async (candidate) => {
      tried.set(candidate, await semaphore.pass(() => attempt(candidate, patience)));
      if (patience === undefined) onTried();
    }));
  };
  await tryAll(candidates.filter(({ isRight }) => isRight), FEW);
  await tryAll(candidates.filter(({ isRight }) => !isRight), MANY);
  for (const { patience, atATime } of AGAIN) {
    await tryAll(candidates.filter((candidate) => tried.get(candidate)!.problems.length > 0), atATime, patience);
  }
  return subjects.map((subject) => {
    const own = candidates.filter((candidate) => candidate.subject === subject).map((one) => tried.get(one)!);
    const { problems, excuses } = coverage(subject);
    return {
      dialect: subject.cast.dialect,
      trials: own.flatMap(({ trial }) => trial ?? []),
      useless: subject.cast.useless.length,
      right: subject.cast.right.length,
      problems: [...own.flatMap(({ problems }) => problems), ...problems],
      excuses,
    };
  });
}

/** How many servers will be tried. */
export function countServers(subject: Subject): number {
  return candidatesOf(subject).length;
}

/** The servers of a cast, the wrong ones only if a fixture of the clause that they break is examined. */
function candidatesOf(subject: Subject): Candidate[] {
  const { right, useless, mutants } = subject.cast;
  const slugs = new Set(subject.fixtures.map(({ clause }) => clause.slug));
  const wrong = mutants.filter(({ clause }) => slugs.has(clause));
  return [
    ...right.map((extra) => ({ subject, isRight: true, attempt: () => tryRight(extra, subject) })),
    ...useless.map((extra) => ({ subject, isRight: false, attempt: () => tryUseless(extra, subject) })),
    ...wrong.map((mutant) => ({
      subject,
      isRight: false,
      attempt: (patience: SelfTestTimeouts = FOR_WRONG) => tryMutant(mutant, subject, patience),
    })),
  ];
}

/** One that cannot be tried is a problem, and the others are tried all the same. */
async function attempt(candidate: Candidate, patience: SelfTestTimeouts | undefined): Promise<Tried> {
  try {
    return await candidate.attempt(patience);
  } catch (error) {
    if (error instanceof ChatError) return { problems: [error.message] };
    throw error;
  }
}

async function tryRight(extra: Extra, subject: Subject): Promise<Tried> {
  const results = await play(extra, subject.library, withNeeds(subject.fixtures, subject.library), FOR_RIGHT);
  // What is blocked has a failure behind it, which says more.
  const bad = results.filter(({ verdict, fixture }) =>
    verdict !== "pass" && verdict !== "blocked" && !(verdict === "unsupported" && fixture.clause.level === "may")
  );
  const problems = bad.map(({ fixture, verdict, failure, reason }) =>
    `${fixture.name}: a server that ${extra.words} does not pass: ${failure?.reason ?? reason ?? verdict}`
  );
  return { problems };
}

async function tryUseless(extra: Useless, subject: Subject): Promise<Tried> {
  const results = await play(extra, subject.library, subject.fixtures, FOR_WRONG).catch((error) => {
    // To say nothing at all is the same as not to be there, to datagrams.
    if (error instanceof ChatError && error.code === "unreachable") return [];
    throw error;
  });
  const kept = extra.keeps.length === 0 ? [] : select(subject.fixtures, extra.keeps);
  const passed = results.filter(({ verdict, fixture }) =>
    (verdict === "pass" || verdict === "unsupported") && !kept.includes(fixture)
  );
  return { problems: passed.map(({ fixture }) => `${fixture.name}: a server that ${extra.words} passes`) };
}

async function tryMutant(mutant: Mutant, subject: Subject, patience: SelfTestTimeouts): Promise<Tried> {
  const { library } = subject;
  const { clause, words } = mutant;
  const isOwn = ({ clause: { slug } }: Fixture) => slug === clause;
  const results = await play(mutant, library, withNeeds(library.fixtures.filter(isOwn), library), patience);
  const own = results.filter(({ fixture }) => isOwn(fixture));
  const fault = uncaught(own);
  return {
    trial: { mutant, own },
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

/** What has no fixture, or no wrong server. */
function coverage({ cast, library, fixtures }: Subject): Pick<Examination, "problems" | "excuses"> {
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
  return { problems, excuses };
}
