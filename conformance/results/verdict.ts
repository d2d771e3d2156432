/**
 * What a run has found out, for all reports alike.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import type { Accommodation } from "../fixtures/accommodation.ts";
import type { Clause, Level } from "../fixtures/clauses.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Failure } from "../play/failure.ts";
import type { Chosen } from "../play/choice.ts";
import type { WireLog } from "../play/connection/recording.ts";
import type { Recurrence } from "./recurrence.ts";
import type { StressSummary } from "../stress/telling/stress_summary.ts";
import type { ToldHistory } from "../stress/telling/told_history.ts";
import type { StageResult } from "../stages/stage.ts";
import type { Deviation } from "../run/segmentation/variation.ts";

/** What became of a fixture: see docs/conformance.md, Verdicts. */
export type Verdict = "pass" | "fail" | "blocked" | "unsupported" | "error";

/** How a fixture has fared in several rounds. */
export interface Rounds {
  /** In how many it failed, or was blocked. */
  readonly failed: number;
  /** In how many it was played. */
  readonly played: number;
}

/** One fixture, played. */
export interface Result {
  /** What was played. */
  readonly fixture: Fixture;
  /** What became of it. */
  readonly verdict: Verdict;
  /** Why it failed. */
  readonly failure?: Failure;
  /** How it fared in all rounds together, if there were several. */
  readonly rounds?: Rounds;
  /** When it fails, if it was played again to see that. */
  readonly recurrence?: Recurrence;
  /** What blocked it, what the server declines, or what went wrong with the tool: one line. */
  readonly reason?: string;
  /** The slug of the clause whose failure blocks it. */
  readonly blockedBy?: string;
  /** What led to it where several clients acted: lines that are fit for a terminal. */
  readonly evidence?: readonly string[];
  /** The same as data. */
  readonly history?: ToldHistory;
  /** Whether it could not be played because this program was short of file descriptors or the like. */
  readonly isShort?: boolean;
  /** The choices that the server made in it. */
  readonly chosen: readonly Chosen[];
  /** What went over the wire, if it was played. */
  readonly wire?: WireLog;
  /** What was done otherwise than the transcript says, if it is a variant of it. */
  readonly deviations?: readonly Deviation[];
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** A choice that the protocol leaves open, as this server makes it. */
export interface Recorded {
  /** The name of the choice. */
  readonly choice: string;
  /** What the server chose. */
  readonly value: string;
}

/** The target. */
export interface Target {
  /** What it is, if it is no server; `pair` is a server and a client together. */
  readonly role?: "client" | "pair";
  /** The dialect that it is to speak. */
  readonly dialect: string;
  /** A host name or an IP address; of a client, where we listen for it. */
  readonly hostname: string;
  /** Its port; of a client, ours, or 0 if that is another one in each fixture. */
  readonly port: number;
  /** The other servers of the same hub over which clients are spread (`--spread`). */
  readonly further?: readonly Endpoint[];
  /** How its dialect was found out, if it was not said: one line that is fit for a terminal. */
  readonly detected?: string;
  /** The words of the command that it was started with, if it was started for the run. */
  readonly command?: readonly string[];
}

/** An accommodation that was made, and what it cost. */
export interface Accommodated {
  /** Which. */
  readonly accommodation: Accommodation;
  /** The fixture that failed without it: its clause is not kept. */
  readonly result: Result;
}

/** Whose a server or a client is: that of whoever tests it, or the one that comes with this program. */
export type Owner = "yours" | "ours";

/** A server and a client, and whether their users can talk. */
export interface Pair {
  /** Whose server it is. */
  readonly server: Owner;
  /** Whose client. */
  readonly client: Owner;
  /** Whether all that was tried came true. */
  readonly works: boolean;
  /** The slug of the first clause that did not. */
  readonly clause?: string;
  /** What happened, in one line that is fit for a terminal. */
  readonly why?: string;
  /** How many clauses that count fail for yours where ours is the other side; not there if none was played, or both are of one side. */
  readonly failed?: number;
}

/** All fixtures that were played against one target. */
export interface TargetRun {
  /** The target. */
  readonly target: Target;
  /** The fixtures and clauses of its dialect. */
  readonly library: Library;
  /** In the order of the library. */
  readonly results: readonly Result[];
  /** The choices that the server makes. */
  readonly recorded: readonly Recorded[];
  /** The accommodations with which it was played, and what they cost. */
  readonly accommodated?: readonly Accommodated[];
  /** The stages in which it was played, if it was. */
  readonly stages?: readonly StageResult[];
  /** There if connections that fixtures reset were only closed, because they cannot be reset here. */
  readonly resetsAreCloses?: true;
  /** Which servers and clients work together, if both were tested. */
  readonly pairs?: readonly Pair[];
  /** The seed, where random choices were made. */
  readonly seed?: number;
  /** What many clients did at once, in figures. */
  readonly stress?: StressSummary;
  /** Why nothing was played: not even the first connection could be opened. */
  readonly unreachable?: string;
  /** Whether it was broken off, so that not all that was selected has been played. */
  readonly isBrokenOff?: boolean;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** What became of a clause. `none`: it has no fixture, or none was selected. */
export type ClauseVerdict = Verdict | "none";

/** A clause with the results of its fixtures. */
export interface ClauseResult {
  /** The clause. */
  readonly clause: Clause;
  /** The worst of its fixtures' verdicts; `blocked` and `unsupported` only if none of them passes. */
  readonly verdict: ClauseVerdict;
  /** Its fixtures' results. */
  readonly results: readonly Result[];
}

/** All clauses of a run, in the order of the table. */
export function byClause({ library, results }: TargetRun): ClauseResult[] {
  const groups = Map.groupBy(results, ({ fixture }) => fixture.clause.slug);
  const clauses = new Map(library.clauses);
  // Variants in other segments may be the only ones that show a clause.
  for (const { fixture: { clause } } of results) clauses.set(clause.slug, clause);
  return [...clauses.values()].map((clause) => {
    const own = groups.get(clause.slug) ?? [];
    return { clause, verdict: worst(own), results: own };
  });
}

/** All verdicts, the one that decides what becomes of a clause first: it is blocked only where nothing of it can be played. */
export const DECISIVE_FIRST: readonly Verdict[] = ["fail", "error", "pass", "blocked", "unsupported"];

/** The verdict of some results together. */
export function worst(results: readonly Result[]): ClauseVerdict {
  return DECISIVE_FIRST.find((verdict) => results.some((result) => result.verdict === verdict)) ?? "none";
}

/** Whether a result speaks against the server, when `should` counts (`strict`) or does not. */
export function countsAgainst({ fixture, verdict, failure }: Result, strict: boolean): boolean {
  if (verdict !== "fail" && verdict !== "blocked") return false;
  // Whatever is left open must still be decided in one way.
  if (failure?.kind === "inconsistent") return true;
  const levels: readonly Level[] = strict ? ["must", "should"] : ["must"];
  return levels.includes(fixture.clause.level);
}
