/**
 * Many clients at once against a target, as results that reports show like those of fixtures.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Clause, Clauses } from "../fixtures/clauses.ts";
import { CONCURRENT, isConcurrent } from "../fixtures/clauses.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Result } from "../results/verdict.ts";
import { check, checkUnfinished } from "./checkers/checkers.ts";
import { DRIVERS } from "./drivers/drivers.ts";
import type { FaultKind } from "./faults.ts";
import type { Finding, OperationHistory } from "./history.ts";
import { eventsBefore, eventsSince, eventTable } from "./history_events.ts";
import { Replayer } from "./replayer.ts";
import { type Shrunk, shrunkText } from "./shrink.ts";
import { stress, type StressRun, type StressSurroundings } from "./stress.ts";

/** What is asked for on the command line. */
export interface StressRequest {
  /** How long users act, in milliseconds. */
  readonly duration: number;
  /** How many there are. */
  readonly users: number;
  /** What is done to connections. */
  readonly faults: readonly FaultKind[];
  /** How long may be spent on making what was found smaller, in milliseconds. */
  readonly shrink: number;
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
  readonly onProgress: (text: string) => void;
  /** Told in the end what was done, in a line for people. */
  readonly onNote: (text: string) => void;
  /** The last lines of a server that was started, if it has ended. */
  readonly lastOutput?: () => readonly string[];
}

/** The clauses that only many clients at once can show, as fixtures without steps, so that they are selected and reported like others. */
export function stressFixtures(clauses: Clauses): Fixture[] {
  return [...clauses.values()].filter(isConcurrent).map(fixtureOf);
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
): Promise<Result[]> {
  const driver = DRIVERS.find((driver) => driver.dialect === dialect);
  if (driver === undefined) throw new ChatError("usage", `--stress has no clients that speak ${dialect}: leave it out`);
  const started = surroundings.runtime.now();
  const onProgress = (history: OperationHistory) => options.onProgress(progressText(history));
  const run = await stress(driver, surroundings, { ...options, onProgress });
  const { history } = run;
  const findings = [
    ...endings(run, options),
    ...(options.interrupted?.aborted ? checkUnfinished(history) : check(history)),
  ];
  const duration = surroundings.runtime.now() - started;
  const acted = Math.max(history.settling, 1) / 1000;
  const rate = Math.round(operationsIn(history) / acted);
  options.onNote(
    `${options.users} users for ${acted.toFixed(1)} s: ${progressText(history)}, ${rate} operations a second`,
  );
  const nobody = history.lives.every(({ held }) => held === undefined);
  const shrunk = await new Replayer(run, driver, surroundings, options).shrinkAll(
    Map.groupBy(findings.filter(({ clause }) => isAsked(clause)), ({ clause }) => clause),
  );
  return fixtures.map(resultOf);

  function isAsked(clause: string): boolean {
    return fixtures.some((fixture) => fixture.clause.slug === `${dialect}/${clause}`);
  }

  function resultOf(fixture: Fixture): Result {
    const result = { fixture, chosen: [], duration };
    if (nobody) return { ...result, verdict: "blocked", reason: `no client was accepted: does it speak ${dialect}?` };
    const own = findings.filter(({ clause }) => fixture.clause.slug === `${dialect}/${clause}`);
    const [first] = own;
    if (first === undefined) return { ...result, verdict: "pass" };
    const others = own.length > 1 ? ` (and ${own.length - 1} more like it)` : "";
    return {
      ...result,
      verdict: "fail",
      reason: `${first.text}${others}`,
      evidence: evidenceOf(first, history, options, shrunk.get(first.clause)),
    };
  }
}

/** What has ended a run before its time. */
function endings({ unreachable, history }: StressRun, { lastOutput }: StressTargetOptions): Finding[] {
  if (unreachable === undefined) return [];
  const said = lastOutput?.() ?? [];
  const last = said.length === 0 ? "" : `; its last output: ${said.join(" / ")}`;
  const text = `the server takes no connections any more: ${unreachable}${last}`;
  return [{ clause: `${CONCURRENT}undisturbed`, text, at: history.end, lives: [], sendings: [] }];
}

function evidenceOf(
  finding: Finding,
  history: OperationHistory,
  { seed, users, faults }: StressTargetOptions,
  shrunk: Shrunk | undefined,
): string[] {
  const whole = `${users} users, --seed ${seed}, --faults ${faults.join(",") || "none"}`;
  if (shrunk === undefined) {
    return [`${whole}; what led to it:`, ...eventTable(eventsBefore(finding, history), history)];
  }
  return [
    `${whole}; smallest: ${shrunkText(shrunk)}: ${shrunk.finding.text}`,
    ...eventTable(eventsSince(shrunk.begun, shrunk.finding, shrunk.history), shrunk.history),
  ];
}

/** How far a run has come. */
export function progressText(history: OperationHistory): string {
  const { lives } = history;
  const faults = lives.reduce((sum, life) => sum + life.faults.length, 0);
  const present = lives.filter(({ held, gone }) => held !== undefined && gone === undefined).length;
  return `${operationsIn(history)} operations, ${present} users there, ${faults} faults`;
}

function operationsIn({ sendings, claims, groupOperations }: OperationHistory): number {
  return sendings.length + claims.length + groupOperations.length;
}
