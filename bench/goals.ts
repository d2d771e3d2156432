/**
 * What is to be reached, and whether it was.
 *
 * @module
 */

import { ratio } from "./figures.ts";

/** The medians of one line of a scenario's result. */
export interface Medians {
  /** Messages a second. */
  readonly rate: number;
  /** Half of them took no longer, in microseconds. */
  readonly p50: number;
  /** All but one in a hundred took no longer, in microseconds. */
  readonly p99: number;
  /** The server's processor time a message, in microseconds, where the system tells. */
  readonly processor?: number | undefined;
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

/** So many times the throughput of somebody else. */
export function throughput(level: Goal["level"], times: number, other: string): Goal {
  return {
    level,
    what: times === 1 ? `ahead of ${other}` : `${times} × ${other}`,
    judge: (rows) => {
      const [ours, theirs] = [rows.get(OURS), rows.get(other)];
      if (ours === undefined || theirs === undefined) return undefined;
      const figure = ours.rate / theirs.rate;
      return { figure: ratio(figure), isReached: figure >= times };
    },
  };
}

/** The slowest in a hundred take no more than so many times the median. */
export function tail(level: Goal["level"], times: number): Goal {
  return {
    level,
    what: `p99 at most ${times} × p50`,
    judge: (rows) => {
      const ours = rows.get(OURS);
      if (ours === undefined) return undefined;
      const figure = ours.p99 / ours.p50;
      return { figure: ratio(figure), isReached: figure <= times };
    },
  };
}

/** Both latencies are lower than somebody else's. */
export function quicker(level: Goal["level"], other: string): Goal {
  return {
    level,
    what: `p50 and p99 ahead of ${other}`,
    judge: (rows) => {
      const [ours, theirs] = [rows.get(OURS), rows.get(other)];
      if (ours === undefined || theirs === undefined) return undefined;
      const [p50, p99] = [ours.p50 / theirs.p50, ours.p99 / theirs.p99];
      return { figure: `${ratio(p50)} and ${ratio(p99)} its time`, isReached: p50 < 1 && p99 < 1 };
    },
  };
}

/** A message costs at most so many times as much in the last line as in the first: processor time, or else time. */
export function cost(level: Goal["level"], times: number): Goal {
  return {
    level,
    what: `a message costs at most ${times} × as much`,
    judge: (rows) => {
      const all = [...rows.values()];
      const costs = all.map(({ processor, rate }) => processor ?? 1 / rate);
      const figure = costs.at(-1)! / costs[0]!;
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
