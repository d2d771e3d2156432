/**
 * Says in words why a step did not come true.
 *
 * @module
 */

import { printHead } from "../transcript/print.ts";
import { spell } from "../transcript/escape.ts";
import type { Step } from "../transcript/syntax.ts";
import { type Connection, MAX_UNREAD } from "./connection/connection.ts";
import { hintFor, protocolHint } from "./hint.ts";
import { type Attempt, type FailureKind, Unmet } from "./failure.ts";
import type { Expectation } from "./expectation.ts";
import { type Awaited, isOfProgram, type StepWait } from "./step_wait.ts";

/** What is said of a fixture in which nothing was heard; true only if nothing was in any other. */
export const SAYS_NOTHING = "the server accepts connections and says nothing";
/** A failure shows no more of what arrived than this, in bytes. */
const SHOWN = 512;
/** So much of what was heard elsewhere, in bytes, and of so many connections. */
const SHOWN_ELSEWHERE = 120;
const MOST_ELSEWHERE = 4;

/** A step did not come true; see {@linkcode Failure}. */
export function unmet(
  kind: FailureKind,
  step: Step,
  reason: string,
  attempts: readonly Attempt[] = [],
  hint?: string,
  meanwhile: readonly string[] = [],
): Unmet {
  const { place } = step;
  return new Unmet({
    kind,
    place,
    step: printHead(step),
    reason,
    attempts,
    ...meanwhile.length > 0 && { meanwhile },
    ...hint !== undefined && { hint },
  });
}

/**
 * A wait of a dialect's fixture came to nothing: in vain, or because its deadline (in milliseconds) has passed, or a part of it that
 * was enough.
 *
 * @param insteadOf the deadline that it had, if others have shown that a part of it was enough.
 */
export function explain(
  wait: StepWait,
  all: readonly Connection[],
  dialect: string,
  deadline?: number,
  insteadOf?: number,
): Unmet {
  const closest = wait.expectations.reduce((best, expectation) =>
    progress(expectation) > progress(best) ? expectation : best
  );
  const attempts = wait.expectations.flatMap((awaited) =>
    isOfProgram(awaited) ? awaited.attempts() : awaited.attempt()
  );
  if (isOfProgram(closest)) {
    const [kind, reason] = closest.why(deadline);
    return unmet(kind, wait.step, reason, attempts, closest.hint);
  }
  const hint = hintFor(closest, all, dialect) ?? whatHappenedTo(all);
  const [kind, reason] = deadline === undefined ? inVain(closest) : tooLate(closest, deadline);
  const awaited = wait.expectations.flatMap((one) => isOfProgram(one) ? [] : [one.connection]);
  const error = unmet(kind, wait.step, reason, attempts, hint, heardElsewhere(all, awaited));
  if (deadline === undefined) return error;
  return new Unmet({ ...error.failure, waited: deadline, ...insteadOf !== undefined && { insteadOf } });
}

/** What was heard on the connections that were not waited on, and not asked for. */
function heardElsewhere(all: readonly Connection[], awaited: readonly Connection[]): string[] {
  return all.flatMap((connection) => {
    const { name, unread, state, isForgotten, isCloseExpected } = connection;
    if (awaited.includes(connection) || isForgotten || state === "parted") return [];
    const heard = unread.length > 0 && !connection.isQuiet ? [`heard ${quote(unread)}`] : [];
    const closed = state === "closed" && !isCloseExpected ? ["was closed"] : [];
    const what = [...heard, ...closed];
    return what.length === 0 ? [] : [`${name} ${what.join(" and ")}`];
  }).slice(0, MOST_ELSEWHERE);
}

function quote(bytes: Uint8Array): string {
  return `\`${spell(bytes.subarray(0, SHOWN_ELSEWHERE))}\`${bytes.length > SHOWN_ELSEWHERE ? "…" : ""}`;
}

/** The server closed a connection, and no line expects that. */
export function closedEarly(step: Step, connection: Connection, what: string): Unmet {
  return unmet(
    "closed",
    step,
    `the ${connection.peer} has closed ${connection.name}, ${what}`,
    [],
    whatHappenedTo([connection]),
  );
}

/** Something arrived that no line expects. */
export function leftOver(step: Step, connection: Connection): Unmet {
  const got = spell(connection.unread.subarray(0, SHOWN));
  const attempt = { connection: connection.name, fits: "", wanted: [], got, isClosed: connection.state === "closed" };
  const hint = protocolHint(connection, new TextDecoder("latin1").decode(connection.unread.subarray(0, SHOWN)));
  return unmet("unexpected", step, `something arrived on ${connection.name} that no line expects`, [attempt], hint);
}

/** The server sends without end. */
export function flooded(step: Step, connection: Connection): Unmet {
  return unmet(
    "flood",
    step,
    `the ${connection.peer} sent more than ${MAX_UNREAD} bytes on ${connection.name} that no line expects`,
  );
}

function progress(expectation: Awaited): number {
  if (isOfProgram(expectation)) return -1;
  return expectation.connection.unread.length === 0 ? -1 : expectation.position;
}

function inVain({ connection, step, position }: Expectation): [FailureKind, string] {
  const { name, unread, state } = connection;
  if (step.kind === "closed") return ["unexpected", `something arrived on ${name} before it was closed`];
  if (state !== "closed" || position < unread.length) return ["mismatch", `something else arrived on ${name}`];
  const when = unread.length === 0 ? "instead" : "in the middle of it";
  return ["closed", `the ${connection.peer} closed ${name} ${when}`];
}

function tooLate({ connection, step }: Expectation, deadline: number): [FailureKind, string] {
  const time = `within ${Math.round(deadline) / 1000} s`;
  const { name, unread } = connection;
  if (step.kind === "closed") return ["timeout", `the ${connection.peer} did not close ${name} ${time}`];
  return [
    "timeout",
    unread.length === 0 ? `nothing arrived on ${name} ${time}` : `not all of it arrived on ${name} ${time}`,
  ];
}

/** What happened to all connections of the fixture, where that says more than one step. */
function whatHappenedTo(all: readonly Connection[]): string | undefined {
  const ours = all.filter(({ state, peer }) => state !== "parted" && peer === "server");
  if (ours.length > 1 && ours.every(({ state }) => state === "closed")) {
    return "all connections are closed: the server has crashed, or was stopped";
  }
  if (ours.length > 0 && ours.every(({ hasSpoken, state }) => !hasSpoken && state === "open")) {
    return SAYS_NOTHING;
  }
  return undefined;
}
