/**
 * What is to be reached, and whether it was.
 *
 * @module
 */

import { count, ratio } from "./figures.ts";

/** The medians of one line of a scenario's result. */
export interface Medians {
  /** The server's processor time a message, in microseconds: the figure of record. */
  readonly processor: number;
  /** Messages a second. */
  readonly rate: number;
  /** Half of them took no longer, in microseconds. */
  readonly p50: number;
  /** All but one in a hundred took no longer, in microseconds. */
  readonly p99: number;
}

/** What was measured against a goal. */
export interface Finding {
  /** What came out. */
  readonly figure: string;
  /** Whether that is enough. */
  readonly isReached: boolean;
}

/** Something to be reached. */
export interface Goal {
  /** What must hold, or what is hoped for. */
  readonly level: "at least" | "aim";
  /** In words. */
  readonly what: string;
  /** Judges the medians, by label; `undefined` if one is missing. */
  judge(rows: ReadonlyMap<string, Medians>): Finding | undefined;
}

/** Our own line. */
export const OURS = "chat";

/** The byte relay in C, below which nothing goes. */
export const LIMIT = "byte relay in C";

type Rows = ReadonlyMap<string, Medians>;

/** Judges two lines of a result, where both are there. */
function comparing(
  [one, other]: readonly [string, string],
  judge: (one: Medians, other: Medians) => Finding,
): Goal["judge"] {
  return (rows: Rows) => {
    const [ours, theirs] = [rows.get(one), rows.get(other)];
    return ours === undefined || theirs === undefined ? undefined : judge(ours, theirs);
  };
}

/** A message takes at most so many times the processor time that it takes somebody else. */
export function processor(level: Goal["level"], times: number, other: string = LIMIT): Goal {
  return {
    level,
    what: times === 1 ? `processor time ahead of ${other}` : `at most ${times} × the processor time of ${other}`,
    judge: comparing([OURS, other], (ours, theirs) => {
      const figure = ours.processor / theirs.processor;
      return { figure: ratio(figure), isReached: times === 1 ? figure < 1 : figure <= times };
    }),
  };
}

/** Both latencies are lower than somebody else's. */
export function quicker(level: Goal["level"], other: string): Goal {
  return {
    level,
    what: `p50 and p99 ahead of ${other}`,
    judge: comparing([OURS, other], (ours, theirs) => {
      const [p50, p99] = [ours.p50 / theirs.p50, ours.p99 / theirs.p99];
      return { figure: `${ratio(p50)} and ${ratio(p99)} its time`, isReached: p50 < 1 && p99 < 1 };
    }),
  };
}

/** So many messages a second. */
export function rate(level: Goal["level"], least: number): Goal {
  return {
    level,
    what: `${count(least)} a second`,
    judge: (rows) => {
      const ours = rows.get(OURS);
      return ours && { figure: count(ours.rate), isReached: ours.rate >= least };
    },
  };
}

/** In one line of a result, the slowest in a hundred take at most so many times as long as in another. */
export function slowest(level: Goal["level"], times: number, one: string, other: string): Goal {
  return {
    level,
    what: `p99 where ${one} at most ${times} × where ${other}`,
    judge: comparing([one, other], (ours, theirs) => {
      const figure = ours.p99 / theirs.p99;
      return { figure: ratio(figure), isReached: figure <= times };
    }),
  };
}

/** A message costs at most so many times as much in the last line as in the first. */
export function cost(level: Goal["level"], times: number): Goal {
  return {
    level,
    what: `a message costs at most ${times} × as much`,
    judge: (rows) => {
      const all = [...rows.values()];
      const figure = all.at(-1)!.processor / all[0]!.processor;
      return { figure: ratio(figure), isReached: figure <= times };
    },
  };
}

/** A goal of some scenario, and what came out. */
export interface Verdict extends Pick<Goal, "level" | "what"> {
  /** Of which scenario. */
  readonly scenario: string;
  /** What came out; nothing where somebody was left out. */
  readonly finding: Finding | undefined;
}

/** The cells of a verdict in a table. */
export function verdictCells({ scenario, level, what, finding }: Verdict): string[] {
  const word = finding === undefined ? "skipped" : finding.isReached ? "reached" : "**missed**";
  return [scenario, level, what, finding?.figure ?? "", word];
}
