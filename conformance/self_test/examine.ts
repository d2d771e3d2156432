/**
 * What is found out about the fixtures of each dialect with the servers of its mutant set.
 *
 * @module
 */

import type { Role } from "../transcript/check.ts";
import { serversOf, type Trial, type Tried } from "./trials.ts";
import type { Subject } from "./subjects.ts";

/** What was found out about the fixtures of one dialect. */
export interface Examination {
  /** The dialect. */
  readonly dialect: string;
  /** What was tried. */
  readonly role: Role;
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

/** Tries the server of this number among all of some subjects: see {@linkcode tryEach}. */
export type TryServer = (index: number) => Promise<Tried>;

/** How many servers there are to try. */
export function countServers(subjects: readonly Subject[]): number {
  return subjects.reduce((sum, subject) => sum + serversOf(subject).length, 0);
}

/** Tries servers here: each in a world whose seed is its own, whoever else is tried. */
export function tryHere(subjects: readonly Subject[], seed: number): TryServer {
  const servers = subjects.flatMap(serversOf);
  return (index) => servers[index]!.attempt(seed + index);
}

/** The examinations that follow from what became of all servers, in their order. */
export function examinationsOf(subjects: readonly Subject[], tried: readonly Tried[]): Examination[] {
  let at = 0;
  return subjects.map((subject) => {
    const own = tried.slice(at, at += serversOf(subject).length);
    const { problems, excuses } = coverage(subject);
    return {
      dialect: subject.servers.dialect,
      role: subject.servers.role ?? "server",
      trials: own.flatMap(({ trial }) => trial ?? []),
      useless: subject.servers.useless.length,
      right: subject.servers.right.length,
      problems: [...own.flatMap(({ problems }) => problems), ...problems],
      excuses,
    };
  });
}

/** What has no fixture, or no wrong server. */
function coverage({ servers, library, fixtures }: Subject): Pick<Examination, "problems" | "excuses"> {
  const problems: string[] = [];
  const excuses: string[] = [];
  const selected = new Set(fixtures.map(({ clause }) => clause.slug));
  const isWhole = fixtures.length === library.fixtures.length;
  for (const { slug, level } of library.clauses.values()) {
    if (level === "may" || !isWhole && !selected.has(slug)) continue;
    const missing = [
      ...(selected.has(slug) ? [] : ["no fixture"]),
      ...(servers.mutants.some(({ clause }) => clause === slug)
        ? []
        : [`no ${servers.role ?? "server"} that breaks it`]),
    ];
    const excuse = servers.excuses[slug];
    if (missing.length === 0 && excuse !== undefined) problems.push(`${slug}: is tested, but excused: ${excuse}`);
    if (missing.length > 0 && excuse === undefined) problems.push(`${slug}: has ${missing.join(" and ")}`);
    if (missing.length > 0 && excuse !== undefined) excuses.push(`${slug}: has ${missing.join(" and ")}: ${excuse}`);
  }
  return { problems, excuses };
}
