/**
 * A report for somebody who is not to see all: what was expected, the transcripts and whatever tells of them is taken out of the
 * data of a report before any format sees it, so that none can let it through.
 *
 * @module
 */

import type { ClauseMark, Marks } from "../../grading/marks.ts";
import { clauseCausesOf, type RootCause } from "../../causes/root_cause.ts";
import type { Clause } from "../../fixtures/clauses.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import type { Attempt, Failure, FailureKind } from "../../play/failure.ts";
import type { Judgement } from "../../results/judgement.ts";
import type { Recurrence } from "../../results/recurrence.ts";
import { DECISIVE_FIRST, type Result, type TargetRun } from "../../results/verdict.ts";
import type { ReportDetail } from "./detail_levels.ts";
import type { ReportData, TargetReport } from "../report_data.ts";

/** What a failure says of itself, where what was expected is not told. */
const REASONS: Readonly<Record<FailureKind, string>> = {
  mismatch: "something else came",
  timeout: "it did not come in time",
  closed: "the connection was closed",
  unexpected: "something came that should not",
  flood: "it sends without end",
  unreachable: "no connection could be opened",
  inconsistent: "it does so at one time and otherwise at another",
};
const CRASH = /^the (?:server|client) has crashed: [^;]*/;

/** The data of a report, as far as it may be seen. */
export function withDetail(data: ReportData, detail: ReportDetail): ReportData {
  if (detail === "full") return data;
  const { invocation: _, ...rest } = data;
  return { ...rest, detail, folders: [], targets: data.targets.map((report) => limit(report, detail)) };
}

type Limited = Exclude<ReportDetail, "full">;

function limit(report: TargetReport, detail: Limited): TargetReport {
  const hidden = new Set(report.marks.clauses.filter(({ isHidden }) => isHidden).map(({ clause }) => clause.slug));
  const limiter = new Limiter(detail, hidden);
  const judgements = new Map<Result, Judgement>();
  const results = limiter.results(report, judgements);
  const run = limiter.run(report.run, results);
  return {
    run,
    judgements,
    conclusion: report.conclusion,
    causes: detail === "none" ? [] : visibleCauses(run, judgements, hidden),
    marks: limiter.marks(report),
    reproducers: new Map(),
  };
}

/** What is to be done first, without what rules know: they say what would be right. */
function visibleCauses(
  run: TargetRun,
  judgements: TargetReport["judgements"],
  hidden: ReadonlySet<string>,
): RootCause[] {
  const isSeen = ({ fixture }: Result) => !hidden.has(fixture.clause.slug);
  return clauseCausesOf({ ...run, results: run.results.filter(isSeen) }, judgements);
}

/** Takes out of a run what may not be seen of it. */
class Limiter {
  readonly #detail: Limited;
  readonly #hidden: ReadonlySet<string>;

  constructor(detail: Limited, hidden: ReadonlySet<string>) {
    this.#detail = detail;
    this.#hidden = hidden;
  }

  /** Its results; those of a hidden clause are one, the worst. */
  results({ run, judgements }: TargetReport, judged: Map<Result, Judgement>): Result[] {
    const told = new Set<string>();
    return run.results.flatMap((result) => {
      const { slug } = result.fixture.clause;
      const isHidden = this.#hidden.has(slug);
      if (isHidden && told.has(slug)) return [];
      told.add(slug);
      const own = isHidden ? run.results.filter(({ fixture }) => fixture.clause.slug === slug) : [result];
      const worst = own.toSorted((a, b) => rank(a) - rank(b))[0]!;
      const limited = this.#result(worst);
      judged.set(limited, judgements.get(worst)!);
      return [limited];
    });
  }

  run(run: TargetRun, results: readonly Result[]): TargetRun {
    const { target, library, isBrokenOff, unreachable, resetsAreCloses, seed, duration, stages, pairs, stress } = run;
    const { dialect, role, hash, leftOut } = library;
    const clauses = new Map([...library.clauses].map(([slug, clause]) => [slug, this.#clause(clause)]));
    const isTold = this.#detail === "received";
    return {
      target,
      library: {
        dialect,
        ...role !== undefined && { role },
        ...hash !== undefined && { hash },
        ...leftOut !== undefined && { leftOut },
        clauses,
        fixtures: this.#fixtures(library.fixtures),
      },
      results,
      recorded: isTold ? run.recorded : [],
      ...stages !== undefined && { stages: stages.map((one) => ({ ...one, stage: { ...one.stage, text: "" } })) },
      ...pairs !== undefined && { pairs: pairs.map(({ why: _, ...pair }) => pair) },
      ...stress !== undefined && isTold && { stress },
      ...isBrokenOff !== undefined && { isBrokenOff },
      ...unreachable !== undefined && { unreachable },
      ...resetsAreCloses && { resetsAreCloses },
      ...seed !== undefined && { seed },
      duration,
    };
  }

  marks({ marks: { clauses, ...sums }, run }: TargetReport): Marks {
    return { ...sums, clauses: clauses.map((mark) => this.#mark(mark, run)) };
  }

  #mark(mark: ClauseMark, { results, accommodated = [] }: TargetRun): ClauseMark {
    const { slug } = mark.clause;
    const isTelling = accommodated.some(({ result }) => result.fixture.clause.slug === slug) ||
      results.some(({ fixture, reason }) =>
        fixture.clause.slug === slug && reason !== undefined && reason === mark.note
      );
    const note = this.#hidden.has(slug) ? "" : isTelling ? "not all of it counts" : mark.note;
    return { ...mark, clause: this.#clause(mark.clause), note };
  }

  #clause(clause: Clause): Clause {
    return this.#hidden.has(clause.slug) ? { ...clause, text: "" } : clause;
  }

  #fixtures(fixtures: readonly Fixture[]): Fixture[] {
    const told = new Set<string>();
    return fixtures.flatMap((fixture) => {
      const { clause: { slug } } = fixture;
      if (this.#hidden.has(slug) && told.has(slug)) return [];
      told.add(slug);
      return [this.#fixture(fixture)];
    });
  }

  #fixture({ name, title, clause, variation, role }: Fixture): Fixture {
    const isHidden = this.#hidden.has(clause.slug);
    const shown = isHidden ? clause.slug : name;
    return {
      name: shown,
      title: isHidden ? clause.slug : title,
      clause: this.#clause(clause),
      file: shown,
      ...role !== undefined && { role },
      ...variation !== undefined && !isHidden && { variation },
      needs: [],
      exclusive: false,
      patient: false,
      steps: [],
    };
  }

  #result(result: Result): Result {
    const { verdict, failure, duration, blockedBy, recurrence } = result;
    const limited = { fixture: this.#fixture(result.fixture), verdict, chosen: [], duration };
    const isSeen = this.#detail === "received" && !this.#hidden.has(result.fixture.clause.slug);
    const blocking = isSeen && blockedBy !== undefined && !this.#hidden.has(blockedBy) ? blockedBy : undefined;
    const reason = this.#reason(result, blocking);
    return {
      ...limited,
      ...reason !== undefined && { reason },
      ...blocking !== undefined && { blockedBy: blocking },
      ...isSeen && failure !== undefined && { failure: withoutExpectations(failure, result.fixture) },
      ...isSeen && recurrence !== undefined && { recurrence: withoutCulprit(recurrence) },
    };
  }

  #reason({ verdict, failure }: Result, blocking: string | undefined): string | undefined {
    switch (verdict) {
      case "pass":
        return undefined;
      case "fail":
        return failure === undefined && this.#detail === "received" ? "it does not come true" : undefined;
      case "blocked":
        return blocking === undefined ? "something else fails" : `needs ${blocking}`;
      case "unsupported":
        return "it is left out";
      case "error":
        return "it could not be played";
    }
  }
}

function rank({ verdict }: Result): number {
  return DECISIVE_FIRST.indexOf(verdict);
}

/** Who set it off may be hidden. */
function withoutCulprit({ when, played, failed, isFresh }: Recurrence): Recurrence {
  return { when, played, failed, isFresh };
}

/** What came, on which connection, and what the program wrote. */
function withoutExpectations({ kind, reason, attempts, meanwhile, lastOutput }: Failure, { name }: Fixture): Failure {
  const [crash] = CRASH.exec(reason) ?? [];
  return {
    kind,
    isWithheld: true,
    place: { file: name, line: 1 },
    step: "",
    reason: crash ?? REASONS[kind],
    attempts: attempts.map(received),
    ...meanwhile !== undefined && { meanwhile },
    ...lastOutput !== undefined && { lastOutput },
  };
}

/** What fits is not told apart from what does not: that would tell how what was expected begins. */
function received({ connection, fits, got, isClosed }: Attempt): Attempt {
  return { connection, fits: "", wanted: "withheld", got: fits + got, isClosed };
}
