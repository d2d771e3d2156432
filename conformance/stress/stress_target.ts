/**
 * Many clients at once against a target, as results that reports show like those of fixtures.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Clause, Clauses } from "../fixtures/clauses.ts";
import { CONCURRENT, isConcurrent } from "../fixtures/clauses.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import { countText } from "../reports/words.ts";
import type { Result } from "../results/verdict.ts";
import { untested, usersLeftOut } from "./checkers/admission.ts";
import { check, checkUnfinished } from "./checkers/checkers.ts";
import { DRIVERS } from "./drivers/drivers.ts";
import { type FaultKind, fittingFaults } from "./faults.ts";
import type { Finding, OperationHistory } from "./history.ts";
import { Replayer } from "./shrinking/replayer.ts";
import { type Shrunk, shrunkText } from "./shrinking/shrink.ts";
import { stress, type StressRun, type StressSurroundings } from "./stress.ts";
import { type StressSummary, summarize } from "./telling/stress_summary.ts";
import { tellHistory, toldLines } from "./telling/told_history.ts";

/** Looking for what is wrong takes one part in so many of the time at most, while a run goes on. */
const SELDOM = 30;

/** What is asked for on the command line. */
export interface StressRequest {
  /** How long users act, in milliseconds. */
  readonly duration: number;
  /** How many there are. */
  readonly users: number;
  /** What is done to connections. */
  readonly faults: readonly FaultKind[];
  /** Whether somebody has named them: what does not fit the dialect is not left out in silence then. */
  readonly areFaultsChosen?: boolean;
  /** How long may be spent on making what was found smaller, in milliseconds. */
  readonly shrink: number;
  /** A folder for what was found as transcripts. */
  readonly writeFixture?: string | undefined;
}

/** How it is played. */
export interface StressTargetOptions extends StressRequest {
  /** What chance begins with. */
  readonly seed: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** Ends it early. */
  readonly interrupted?: AbortSignal | undefined;
  /** Told from time to time how far it has come, in a few words. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Told in the end what was done, in a line for people. */
  readonly onNote: (text: string) => void;
  /** The last lines of a server that was started, if it has ended. */
  readonly lastOutput?: () => readonly string[];
}

/** What has come of it. */
export interface StressResults {
  /** Whether each of the clauses is kept. */
  readonly results: readonly Result[];
  /** The smallest runs, by clauses. */
  readonly shrunk: ReadonlyMap<string, Shrunk>;
  /** The whole run in figures. */
  readonly summary: StressSummary;
}

/** What the slug of the clause ends with that is watched from outside of a server that was started for the run. */
export const LEFTOVERS = "/concurrent-leftovers";

/** The clauses that only many clients at once can show, as fixtures without steps, so that they are selected and reported like others. */
export function stressFixtures(clauses: Clauses, isStarted: boolean): Fixture[] {
  const isShown = ({ slug }: Clause) => isStarted || !slug.endsWith(LEFTOVERS);
  return [...clauses.values()].filter((clause) => isConcurrent(clause) && isShown(clause)).map(fixtureOf);
}

function fixtureOf(clause: Clause): Fixture {
  return {
    name: clause.slug,
    clause,
    title: clause.text,
    file: "--stress",
    needs: [],
    exclusive: true,
    patient: false,
    steps: [],
  };
}

/** Plays, and says of each of the clauses whether it is kept. Throws `unreachable` if not even the first connection can be opened. */
export async function stressTarget(
  dialect: string,
  fixtures: readonly Fixture[],
  surroundings: StressSurroundings,
  options: StressTargetOptions,
): Promise<StressResults> {
  const driver = DRIVERS.find((driver) => driver.dialect === dialect);
  if (driver === undefined) throw new ChatError("usage", `--stress has no clients that speak ${dialect}: leave it out`);
  const { isConnectionless = false } = driver;
  const started = surroundings.runtime.now();
  const run = await stress(driver, surroundings, { ...options, onProgress: progressOf(surroundings, options) });
  const { history } = run;
  if (
    isConnectionless && !options.interrupted?.aborted && history.claims.length > 0 &&
    history.claims.every(({ end }) => end === undefined)
  ) {
    throw new ChatError("unreachable", `nobody answers a client that registers: nothing speaks ${dialect} there`);
  }
  const findings = [
    ...endings(run, options),
    ...(run.isUnfinished ? checkUnfinished(history) : check(history)),
  ];
  const duration = surroundings.runtime.now() - started;
  const acted = Math.max(history.settling, 1) / 1000;
  const rate = Math.round(operationsIn(history) / acted);
  options.onNote(
    `${options.users} users for ${acted.toFixed(1)} s: ${
      progressText(history, findings.length)
    }, ${rate} operations a second`,
  );
  const isInterrupted = options.interrupted?.aborted ?? false;
  const nothing = run.unreachable === undefined ? untested(history, { ...options, dialect, isInterrupted }) : undefined;
  const leftOut = usersLeftOut(history, options.users, options.duration);
  if (nothing === undefined && run.unreachable === undefined && !isInterrupted && leftOut > 0) {
    options.onNote(
      `${leftOut} of ${options.users} users were never in: with more time (--stress) or fewer users (--users) all are`,
    );
  }
  const shrunk = await new Replayer(run, driver, surroundings, options).shrinkAll(
    Map.groupBy(findings.filter(({ clause }) => isAsked(clause)), ({ clause }) => clause),
  );
  return { results: fixtures.map(resultOf), shrunk, summary: summarize(history, options.users) };

  function isAsked(clause: string): boolean {
    return fixtures.some((fixture) => fixture.clause.slug === `${dialect}/${clause}`);
  }

  function resultOf(fixture: Fixture): Result {
    const result = { fixture, chosen: [], duration };
    if (nothing !== undefined) return { ...result, ...nothing };
    const own = findings.filter(({ clause }) => fixture.clause.slug === `${dialect}/${clause}`);
    const [first] = own;
    if (first === undefined) return { ...result, verdict: "pass" };
    const again = shrunk.get(first.clause);
    const smallest = again && { ...again, told: shrunkText(again) };
    const told = tellHistory(runText(options, isConnectionless), first, history, smallest);
    const others = own.length > 1 ? ` (and ${own.length - 1} more like it)` : "";
    return {
      ...result,
      verdict: "fail",
      reason: `${first.text}${others}`,
      evidence: toldLines(told),
      history: told,
    };
  }
}

/** How a run is made again. */
function runText({ users, seed, faults }: StressTargetOptions, isConnectionless: boolean): string {
  return `${users} users, --seed ${seed}, --faults ${fittingFaults(faults, isConnectionless).join(",") || "none"}`;
}

/** What has ended a run before its time. */
function endings({ unreachable, history }: StressRun, { lastOutput }: StressTargetOptions): Finding[] {
  if (unreachable === undefined) return [];
  const said = lastOutput?.() ?? [];
  const last = said.length === 0 ? "" : `; its last output: ${said.join(" / ")}`;
  const text = `the server takes no connections any more: ${unreachable}${last}`;
  return [{ clause: `${CONCURRENT}undisturbed`, text, at: history.end, lives: [], sendings: [] }];
}

/** Tells from time to time how far a run has come. What it has found is looked for now and then only: that takes time. */
function progressOf(
  { runtime }: StressSurroundings,
  { onProgress }: StressTargetOptions,
): ((history: OperationHistory) => void) | undefined {
  if (onProgress === undefined) return undefined;
  let [found, due] = [0, 0];
  return (history) => {
    const began = runtime.now();
    if (began >= due) {
      found = checkUnfinished(history).length;
      const now = runtime.now();
      due = now + SELDOM * (now - began);
    }
    onProgress(progressText(history, found));
  };
}

/** How far a run has come. */
export function progressText({ lives, freezes = [], ...history }: OperationHistory, findings: number): string {
  const faults = lives.reduce((sum, life) => sum + life.faults.length, freezes.length);
  const present =
    lives.filter(({ held, parting, gone }) => held !== undefined && (parting ?? gone) === undefined).length;
  return `${operationsIn(history)} operations, ${present} users there, ${countText(faults, "fault")}, ${
    countText(findings, "finding")
  }`;
}

function operationsIn({ sendings, claims, groupOperations }: Omit<OperationHistory, "lives">): number {
  return sendings.length + claims.length + groupOperations.length;
}
