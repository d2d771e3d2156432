/**
 * The servers that a self-test tries, and what must become of each.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Accommodation } from "../fixtures/accommodation.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import { select } from "../fixtures/filter.ts";
import type { Extra, Useless } from "../mutants/mutant_set.ts";
import type { Mutant, Start } from "../mutants/mutant.ts";
import type { Result } from "../results/verdict.ts";
import { play, playRun, withNeeds } from "./play.ts";
import type { Subject } from "./subjects.ts";

/** How the fixtures of the clause fared that a mutant breaks. */
export interface Trial {
  /** The clause. */
  readonly clause: string;
  /** What the mutant does. */
  readonly words: string;
  /** How many of the clause's fixtures failed. */
  readonly caughtBy: number;
  /** How many it has. */
  readonly of: number;
}

/** What came of trying a server: plain data, since it may come from another thread. */
export interface Tried {
  /** What became of it, if it is a mutant. */
  readonly trial?: Trial;
  /** What is not as it should be. */
  readonly problems: readonly string[];
}

/** A server that is tried. */
export interface TrialServer {
  /** What is examined with it. */
  readonly subject: Subject;
  /** Tries it. What is left to chance is decided by `seed`. */
  attempt(seed: number): Promise<Tried>;
}

/**
 * How many fixtures are played at a time. Wrong servers are tried with one: what one fixture makes them do to all who are there
 * must not show in another one first.
 */
const MANY = 8;

/** The servers of a dialect, the wrong ones only if a fixture of the clause that they break is examined. */
export function serversOf(subject: Subject): TrialServer[] {
  const { right, useless, mutants, deviations = {} } = subject.servers;
  const slugs = new Set(subject.fixtures.map(({ clause }) => clause.slug));
  const wrong = mutants.filter(({ clause }) => slugs.has(clause));
  return [
    ...right.map((extra) => trialServer(subject, (seed) => tryRight(extra, subject, seed))),
    ...useless.map((extra) => trialServer(subject, (seed) => tryUseless(extra, subject, seed))),
    ...gated(subject).map((accommodation) => {
      return trialServer(subject, (seed) => tryDeviation(accommodation, deviations[accommodation.name], subject, seed));
    }),
    ...wrong.map((mutant) => trialServer(subject, (seed) => tryMutant(mutant, subject, seed))),
  ];
}

/** One that cannot be tried is a problem, and the others are tried all the same. */
function trialServer(subject: Subject, attempt: (seed: number) => Promise<Tried>): TrialServer {
  return {
    subject,
    attempt: async (seed) => {
      try {
        return await attempt(seed);
      } catch (error) {
        if (error instanceof ChatError) return { problems: [error.message] };
        throw error;
      }
    },
  };
}

async function tryRight(
  extra: Extra,
  { servers, library, fixtures }: Subject,
  seed: number,
): Promise<Tried> {
  const results = await play(extra, library, withNeeds(fixtures, library), { seed, jobs: MANY });
  // What is blocked has a failure behind it, which says more.
  const bad = results.filter(({ verdict, fixture }) =>
    verdict !== "pass" && verdict !== "blocked" && !(verdict === "unsupported" && fixture.clause.level === "may")
  );
  const problems = bad.map(({ fixture, verdict, failure, reason }) =>
    `${fixture.name}: a ${servers.role ?? "server"} that ${extra.words} does not pass: ${
      failure?.reason ?? reason ?? verdict
    }`
  );
  return { problems };
}

async function tryUseless(
  extra: Useless,
  { servers, library, fixtures }: Subject,
  seed: number,
): Promise<Tried> {
  const results = await play(extra, library, fixtures, { seed, jobs: MANY, accommodates: true }).catch((error) => {
    // To say nothing at all is the same as not to be there, to datagrams.
    if (error instanceof ChatError && error.code === "unreachable") return [];
    throw error;
  });
  const kept = extra.keeps.length === 0 ? [] : select(fixtures, extra.keeps);
  const passed = results.filter(({ verdict, fixture }) =>
    (verdict === "pass" || verdict === "unsupported") && !kept.includes(fixture)
  );
  return {
    problems: passed.map(({ fixture }) => `${fixture.name}: a ${servers.role ?? "server"} that ${extra.words} passes`),
  };
}

async function tryMutant(
  mutant: Mutant,
  { servers, library }: Subject,
  seed: number,
): Promise<Tried> {
  const { clause, words } = mutant;
  const isOwn = ({ clause: { slug } }: Fixture) => slug === clause;
  const fixtures = withNeeds(library.fixtures.filter(isOwn), library);
  const own = (await play(mutant, library, fixtures, { seed, jobs: 1 })).filter(({ fixture }) => isOwn(fixture));
  const fault = uncaught(own);
  return {
    trial: { clause, words, caughtBy: own.filter(({ verdict }) => verdict === "fail").length, of: own.length },
    problems: fault === undefined ? [] : [`${clause}: a ${servers.role ?? "server"} that ${words} ${fault}`],
  };
}

/** The accommodations whose gate is among what is examined. */
function gated({ library, fixtures }: Subject): readonly Accommodation[] {
  const gates = new Set(fixtures.map(({ name }) => name));
  return (library.accommodations ?? []).filter(({ gate }) => gates.has(gate));
}

/** A deviation must cost the clause of its gate, and no other. */
async function tryDeviation(
  { name, text, gate }: Accommodation,
  start: Start | undefined,
  { library }: Subject,
  seed: number,
): Promise<Tried> {
  if (start === undefined) return { problems: [`no server deviates as the accommodation ${name} has it`] };
  const words = text;
  const options = { seed, jobs: MANY, accommodates: true };
  const { results, accommodated = [] } = await playRun({ words, start }, library, library.fixtures, options);
  const made = accommodated.map(({ accommodation }) => accommodation.name).join(" and ");
  const failed = results.filter(({ verdict, fixture }) => verdict === "fail" && fixture.clause.level !== "may");
  const blocked = results.filter(({ verdict, fixture }) => verdict === "blocked" && fixture.unplayable === undefined);
  return {
    problems: [
      ...made === name ? [] : [`a server that ${text} is not accommodated by ${name}: ${made || "by nothing"}`],
      ...failed.some(({ fixture }) => fixture.name === gate) ? [] : [`${gate}: a server that ${text} passes`],
      ...[...failed, ...blocked].filter(({ fixture }) => fixture.name !== gate).map(({ fixture, failure, reason }) =>
        `${fixture.name}: a server that ${text} is right in this, and does not pass: ${failure?.reason ?? reason}`
      ),
    ],
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
