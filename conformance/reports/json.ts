/**
 * The report as JSON, for programs: `docs/report.schema.json` is its schema.
 *
 * @module
 */

import type { Attempt, Failure } from "../play/failure.ts";
import type { WireLog } from "../play/connection/recording.ts";
import { spell } from "../transcript/escape.ts";
import type { Place } from "../transcript/place.ts";
import { byClause, type Result } from "../results/verdict.ts";
import { firstSentenceOf, noteFor, type ReportData, type TargetReport } from "./report_data.ts";

/** What a report calls its schema; another number means that programs have to look again. */
export const JSON_SCHEMA_ID = "urn:chat:conform-report:2";

/** Writes everything that is known. */
export function jsonReport(data: ReportData): string {
  const { targets, strict, baseline, began, status } = data;
  const report = {
    schema: JSON_SCHEMA_ID,
    began: began.toISOString(),
    strict,
    ...baseline !== undefined && { baseline },
    status,
    targets: targets.map((one) => target(one, data)),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function target(report: TargetReport, data: ReportData): object {
  const { run } = report;
  const first = firstSentenceOf(report);
  return {
    ...run.target,
    duration: rounded(run.duration),
    ...run.unreachable !== undefined && { unreachable: run.unreachable },
    ...run.isBrokenOff && { brokenOff: true },
    ...run.accommodated !== undefined && {
      accommodations: run.accommodated.map(({ accommodation: { name, text }, result }) => ({
        name,
        text,
        clause: result.fixture.clause.slug,
        fixture: result.fixture.name,
      })),
    },
    ...run.resetsAreCloses && { resetsAreCloses: true },
    ...run.seed !== undefined && { seed: run.seed },
    ...first !== undefined && { first },
    causes: report.causes.map(({ name, text, explains, blocks }) => ({
      name,
      text,
      fixtures: explains.map(({ fixture }) => fixture.name),
      blocks: blocks.map(({ fixture }) => fixture.name),
    })),
    ...run.pairs !== undefined && { pairs: run.pairs },
    choices: run.recorded,
    clauses: byClause(run).map(({ clause, verdict, results }) => ({
      ...clause,
      verdict,
      fixtures: results.map(({ fixture }) => fixture.name),
    })),
    fixtures: run.results.map((result) => fixture(result, report, data)),
  };
}

function fixture(result: Result, { judgements, reproducers }: TargetReport, data: ReportData): object {
  const { fixture: { name, clause, title, file, needs }, verdict, failure, wire, chosen, duration } = result;
  const judgement = judgements.get(result)!;
  const why = noteFor(result, judgement, data);
  const script = reproducers.get(result);
  return {
    name,
    clause: clause.slug,
    level: clause.level,
    title,
    file,
    needs,
    verdict,
    judgement,
    ...why !== "" && { note: why },
    ...failure !== undefined && { failure: failureOf(failure) },
    ...script !== undefined && { reproducer: script },
    ...result.evidence !== undefined && { evidence: result.evidence },
    choices: chosen.map(({ choice, value, place }) => ({ choice, value, at: placeOf(place) })),
    duration: rounded(duration),
    ...wire !== undefined && { wire: wireOf(wire) },
  };
}

function failureOf({ kind, place, step, reason, attempts, meanwhile, lastOutput, hint }: Failure): object {
  return {
    kind,
    at: placeOf(place),
    step,
    reason,
    attempts: attempts.map(attemptOf),
    ...meanwhile !== undefined && { meanwhile },
    ...lastOutput !== undefined && { output: lastOutput },
    ...hint !== undefined && { hint },
  };
}

function attemptOf({ connection, fits, wanted, got, isClosed }: Attempt): object {
  return {
    connection,
    fits,
    wanted: wanted === "closed" ? [] : wanted,
    wantsClose: wanted === "closed",
    got,
    isClosed,
  };
}

/** The line itself first, then those from which its macro was called. */
function placeOf({ file, line, calledFrom }: Place): object[] {
  return [{ file, line }, ...calledFrom === undefined ? [] : placeOf(calledFrom)];
}

function wireOf({ events, omitted, names }: WireLog): object {
  return {
    names: Object.fromEntries(names),
    events: events.map(({ at, connection, kind, bytes, cut }) => ({
      at: rounded(at),
      connection,
      kind,
      ...(kind === "sent" || kind === "received") && { bytes: spell(bytes), cut },
    })),
    omitted,
  };
}

/** Microseconds are enough. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
