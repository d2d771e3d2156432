/**
 * What the fixtures of a dialect are tested with: servers that are right, useless, or wrong in one way.
 *
 * @module
 */

import { LateServing } from "./late.ts";
import type { MakePlain, Mutant, Start } from "./mutant.ts";
import { type Behaviour, type MakeServer, Serving, ServingDialect } from "./serving.ts";
import { USELESS } from "./useless.ts";

/** A server, and what it does as it goes on behind "a server that". */
export interface Extra {
  /** What it does. */
  readonly words: string;
  /** Starts it. */
  readonly start: Start;
}

/** A server that does next to nothing. */
export interface Useless extends Extra {
  /** Globs (as in `--filter`) for what it keeps all the same; it may pass nothing else. */
  readonly keeps: readonly string[];
}

/** The servers with which the fixtures of a dialect are tested. */
export interface MutantSet {
  /** Those that keep every clause, our own first. */
  readonly right: readonly Extra[];
  /** Those that do next to nothing. */
  readonly useless: readonly Useless[];
  /** Those that deviate in what every fixture needs, and are right in all else, by the accommodation that is made for it. */
  readonly deviations?: Readonly<Record<string, Start>>;
  /** Those that are wrong in one way. */
  readonly mutants: readonly Mutant[];
  /** Why a clause that must or should be kept has no fixture or no mutant, by its slug. */
  readonly excuses: Readonly<Record<string, string>>;
}

/** Longer than a server needs, and shorter than anybody may be silent, in milliseconds. */
export const LATE = 5;
/** Longer than a step may take in the self-test, in milliseconds. */
export const NEVER_IN_TIME = 60_000;
/** What a server does that is right, but never in time. */
export const NEVER_WORDS = "answers when nobody waits any more";

/** What useless servers do, in words. */
const USELESS_WORDS: Readonly<Record<string, string>> = {
  mute: "says nothing at all",
  echo: "sends back what it is sent",
  closing: "closes every connection at once",
  "closing-on-input": "closes every connection that says anything",
  babbling: "sends without end",
};

/** One of our own servers. */
export function ours(make: MakeServer): Start {
  return (settings, surroundings) => new ServingDialect(make, settings, surroundings);
}

/** One of our own servers, whose every answer comes so many milliseconds late. */
export function late(make: MakeServer, delay: number): Start {
  return (settings, surroundings) => new LateServing(make, settings, surroundings, delay);
}

/** A server that shares no code with ours. */
export function plain(make: MakePlain): Start {
  return (settings, { runtime, network }) => {
    const server = make({ ...settings, runtime });
    return new Serving(network, (link) => server.accept(link), settings.endpoint);
  };
}

function behaving(behaviour: Behaviour): Start {
  return (_settings, { network }) => new Serving(network, behaviour);
}

/** Servers that are useless in any dialect, and one that is right, but never in time. */
export function thatSayNothing(make: MakeServer): Useless[] {
  const useless = Object.entries(USELESS).map(([name, behaviour]) => ({
    words: `is ${name}`,
    start: behaving(behaviour),
    keeps: [],
  }));
  return [...useless, { words: NEVER_WORDS, start: late(make, NEVER_IN_TIME), keeps: [] }];
}

/**
 * Useless servers count as wrong in what comes first, so that a failing server can be like them. Where the server speaks
 * first, some of them cannot be told from one that is mute.
 */
export function uselessIn(clause: string, names: readonly string[] = Object.keys(USELESS_WORDS)): Mutant[] {
  return names.map((name) => ({ clause, words: USELESS_WORDS[name]!, start: behaving(USELESS[name]!) }));
}

/** Servers by the accommodation that is made for them. */
export function deviating(table: Readonly<Record<string, MakePlain>>): Readonly<Record<string, Start>> {
  return Object.fromEntries(Object.entries(table).map(([name, make]) => [name, plain(make)]));
}
