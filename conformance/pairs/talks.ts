/**
 * What the users of two programs that speak a dialect say to each other, and what must come of it: one talk a dialect.
 *
 * @module
 */

import type { Clause, Level } from "../fixtures/clauses.ts";

/** How somebody is addressed, and what is typed for it: a line each. */
export interface Talk {
  /** What is typed first by who was not given a name on the command line; nothing where programs cannot do without one. */
  readonly hello?: (name: string) => readonly string[];
  /** A message for one; where there are none, all get it. */
  readonly direct?: (to: string, text: string) => readonly string[];
  /** What those type who want to hear what is for all, the first of them first. */
  readonly join?: (room: string, isFirst: boolean) => readonly string[];
  /** A message for all. */
  readonly all?: (text: string) => readonly string[];
  /** Whom nobody is, where people are addressed by number. */
  readonly nobody?: string;
  /** Whether people are addressed by a number that the server gives them, which their programs show. */
  readonly hasIds?: true;
}

/** All talks, by dialect. */
export const TALKS: Readonly<Record<string, Talk>> = {
  relay: { direct: (to, text) => [`@${to} ${text}`], all: (text) => [`@ALL ${text}`] },
  frame: { direct: (to, text) => ["1", text, to], nobody: "254", hasIds: true },
  slash: {
    hello: (name) => [name],
    direct: (to, text) => [`/dm ${to} ${text}`],
    all: (text) => [`/bm ${text}`],
  },
  group: {
    direct: (to, text) => [`send ${to} ${text}`],
    join: (room, isFirst) => [...isFirst ? [`create_group ${room}`] : [], `join_group ${room}`],
    all: (text) => [`send_group ${text}`],
  },
  room: { hello: (name) => [name], all: (text) => [text] },
};

/** What the clauses of pairs are called behind the dialect begins so. */
export const PAIR = "pair-";

/** What a talk shows, in the order in which it does. */
export const PAIR_CLAUSES = {
  direct: "what one user writes to another is shown there, with who wrote it",
  reply: "the other one answers, and that is shown to the first",
  text: "letters of several bytes are shown as they were typed",
  refused: "who has written to nobody can write to somebody",
  all: "what is for all is shown to all others",
  leave: "one of three leaves, and the others go on",
} as const;

/** The name of a clause of pairs, without what it begins with. */
export type PairClause = keyof typeof PAIR_CLAUSES;

const LEVEL: Level = "must";

/** The clauses that a dialect's talk shows. */
export function pairClausesOf(dialect: string): Clause[] {
  const { direct, all } = TALKS[dialect] ?? {};
  const shown = (Object.keys(PAIR_CLAUSES) as PairClause[]).filter((name) => {
    if (name === "all") return all !== undefined && direct !== undefined;
    if (name === "refused") return direct !== undefined;
    return (direct ?? all) !== undefined;
  });
  return shown.map((name) => ({ slug: `${dialect}/${PAIR}${name}`, level: LEVEL, text: PAIR_CLAUSES[name] }));
}
