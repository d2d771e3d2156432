/**
 * The report as JSON, for programs: `docs/report.schema.json` is its schema.
 *
 * @module
 */

import { VERSION } from "../../lib/core/version.ts";
import type { Attempt, Failure } from "../play/failure.ts";
import type { WireLog } from "../play/connection/recording.ts";
import { spell } from "../transcript/escape.ts";
import type { StressSummary } from "../stress/telling/stress_summary.ts";
import type { ToldHistory } from "../stress/telling/told_history.ts";
import type { Place } from "../transcript/place.ts";
import type { Judgement } from "../results/judgement.ts";
import { byClause, type Result } from "../results/verdict.ts";
import { againOf, firstSentenceOf, noteFor, type ReportData, type TargetReport } from "./report_data.ts";

/** What a report calls its schema; another number means that programs have to look again. */
export const JSON_SCHEMA_ID = "urn:chat:conform-report:2";

/** Writes all that is known of what did not pass, and of what passed its name: all of that would be ten times as much. */
export function jsonReport(data: ReportData): string {
  return write(data, (judgement) => judgement !== "pass");
}

/** Writes everything that is known. */
export function fullJsonReport(data: ReportData): string {
  return write(data, () => true);
}

/** Says whether all that is known of a result is written down. */
type IsWhole = (judgement: Judgement) => boolean;

function write(data: ReportData, isWhole: IsWhole): string {
  const { targets, strict, baseline, began, status, detail } = data;
  const report = {
    schema: JSON_SCHEMA_ID,
    began: began.toISOString(),
    strict,
    ...detail !== undefined && { detail },
    ...baseline !== undefined && { baseline },
    status,
    targets: targets.map((one) => target(one, data, isWhole)),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function target(report: TargetReport, data: ReportData, isWhole: IsWhole): object {
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
    ...run.stress !== undefined && { stress: stressOf(run.stress) },
    ...first !== undefined && { first },
    causes: report.causes.map(({ name, text, explains, blocks }) => ({
      name,
      text,
      fixtures: explains.map(({ fixture }) => fixture.name),
      blocks: blocks.map(({ fixture }) => fixture.name),
    })),
    ...run.pairs !== undefined && { pairs: run.pairs },
    choices: run.recorded,
    ...run.library.hash !== undefined && {
      suite: {
        version: VERSION,
        fixtures: run.library.hash,
        ...run.library.leftOut !== undefined && { leftOut: run.library.leftOut.files },
      },
    },
    ...run.stages !== undefined && {
      stages: run.stages.map(({ stage: { title, clauses }, outcome }) => ({ title, clauses, outcome })),
    },
    points: report.marks.points,
    most: report.marks.most,
    clauses: byClause(run).map(({ clause, verdict, results }) => ({
      ...clause,
      verdict,
      ...pointsOf(report, clause.slug),
      fixtures: results.map(({ fixture }) => fixture.name),
    })),
    fixtures: run.results.map((result) => fixture(result, report, data, isWhole)),
  };
}

/** What a clause is worth, if it was selected. */
function pointsOf({ marks }: TargetReport, slug: string): object {
  const mark = marks.clauses.find(({ clause }) => clause.slug === slug);
  return mark === undefined ? {} : { points: mark.points, most: mark.most };
}

function fixture(
  result: Result,
  report: TargetReport,
  data: ReportData,
  isWhole: IsWhole,
): object {
  const { judgements, reproducers } = report;
  const { fixture: { name, clause, title, file, needs }, verdict, failure, wire, chosen, duration } = result;
  const judgement = judgements.get(result)!;
  const why = noteFor(result, judgement, data);
  const script = reproducers.get(result);
  const again = againOf(result, report, data);
  const known = {
    ...{ name, clause: clause.slug, level: clause.level, verdict, judgement, duration: rounded(duration) },
    ...result.rounds !== undefined && { rounds: result.rounds },
  };
  if (!isWhole(judgement)) return known;
  return {
    ...known,
    title,
    file,
    needs,
    ...why !== "" && { note: why },
    ...failure !== undefined && { failure: failureOf(failure) },
    ...result.recurrence !== undefined && { recurrence: result.recurrence },
    ...again !== undefined && { again },
    ...script !== undefined && { reproducer: script },
    ...result.evidence !== undefined && { evidence: result.evidence },
    ...result.history !== undefined && { history: historyOf(result.history) },
    choices: chosen.map(({ choice, value, place }) => ({ choice, value, at: placeOf(place) })),
    ...wire !== undefined && { wire: wireOf(wire) },
  };
}

function historyOf({ events, ...history }: ToldHistory): object {
  return { ...history, events: events.map((event) => ({ ...event, at: rounded(event.at) })) };
}

function stressOf({ slice, operations, ...summary }: StressSummary): object {
  const times = (all: readonly (number | null)[]) => all.map((time) => time === null ? null : rounded(time));
  return {
    ...summary,
    slice: rounded(slice),
    operations: operations.map(({ median, slowest, ...one }) => {
      return { ...one, median: times(median), slowest: times(slowest) };
    }),
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
    wanted: typeof wanted === "string" ? [] : wanted,
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
