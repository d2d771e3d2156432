/**
 * What comes of a run: reports, lists of expected failures, reproducers, and the exit status.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { type Baseline, VARIANTS } from "./baseline.ts";
import { BaselineFile, readBaseline } from "./baseline_file.ts";
import { readInput } from "../client/command.ts";
import type { Clause } from "../fixtures/clauses.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import { DEFAULT_GRADING, type Grading } from "../grading/grading.ts";
import { openGrading } from "../grading/grading_file.ts";
import { marksOf } from "../grading/marks.ts";
import type { ConformIo } from "../io.ts";
import { rootCausesOf } from "../causes/root_cause.ts";
import { conclude } from "./conclusion.ts";
import type { ReportData, TargetReport } from "../reports/report_data.ts";
import { withDetail } from "../reports/detail/with_detail.ts";
import type { Invocation } from "../reproduce/play_again.ts";
import type { ReportDetail } from "../reports/detail/detail_levels.ts";
import type { ReportRequest } from "../reports/formats.ts";
import { Reports } from "../reports/reports.ts";
import type { StartedClient } from "../reproduce/script.ts";
import type { Reproducers } from "../reproduce/reproducers.ts";
import { judgementsOf } from "./judgement.ts";
import { STATUS } from "./exit_status.ts";
import { inThisFolder } from "../run/server/command.ts";
import type { TargetSpec } from "../target_spec.ts";
import type { Target, TargetRun } from "./verdict.ts";

/** What a run writes. */
export interface OutputOptions {
  /** The reports; without any, the text on standard output. */
  readonly reports?: readonly ReportRequest[];
  /** Whether the text shows every failure in full. */
  readonly verbose?: boolean;
  /** How much those reports tell that say nothing of it; all by default. */
  readonly detail?: ReportDetail;
  /** A file with the expected failures. */
  readonly expect?: string | undefined;
  /** A file into which the failures are written, as expected from then on. */
  readonly writeExpect?: string | undefined;
  /** A file that says what clauses are worth. */
  readonly grading?: string | undefined;
  /** A folder for scripts that play the failures again. */
  readonly reproduce?: string | undefined;
}

/** What of a run's options matters here. */
type RunOptions = OutputOptions & Invocation;

/** A target, and what is to be played against it, as far as that is known. */
export interface Planned {
  /** The target, and what it is, if it is no server. */
  readonly spec: TargetSpec & Pick<Target, "role">;
  /** The fixtures. */
  readonly fixtures: readonly Fixture[];
}

/** Everything that a run writes. Disposing it closes its files. */
export class Outputs implements Disposable {
  readonly #options: RunOptions;
  readonly #io: ConformIo;
  readonly #reports: Reports;
  readonly #expected: Baseline | undefined;
  readonly #written: BaselineFile | undefined;
  readonly #reproducers: Reproducers | undefined;
  readonly #began = new Date();
  readonly #targets: TargetReport[] = [];
  readonly #grading: Grading;
  #current: Planned | undefined;
  /** What is still to be played. */
  #expectedTargets: readonly Planned[] = [];

  /**
   * Makes sure that all of it can be written, before anything is played. Throws `unwritable`, `baseline-unreadable`,
   * `bad-grading`, and a `fixture` error for a list with a mistake.
   */
  static async open(options: RunOptions, io: ConformIo): Promise<Outputs> {
    const { expect, writeExpect, reproduce, grading, detail, reports = [] } = options;
    const graded = grading === undefined ? DEFAULT_GRADING : await openGrading(grading);
    const expected = expect === undefined ? undefined : await readBaseline(expect);
    const reproducers = reproduce === undefined ? undefined : await openReproducers(reproduce);
    const written = writeExpect === undefined ? undefined : await BaselineFile.open(writeExpect);
    try {
      return new Outputs(options, io, await Reports.open(reports, io, detail), graded, expected, written, reproducers);
    } catch (error) {
      written?.[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(
    options: RunOptions,
    io: ConformIo,
    reports: Reports,
    grading: Grading,
    expected: Baseline | undefined,
    written: BaselineFile | undefined,
    reproducers: Reproducers | undefined,
  ) {
    this.#options = options;
    this.#io = io;
    this.#reports = reports;
    this.#grading = grading;
    this.#expected = expected;
    this.#written = written;
    this.#reproducers = reproducers;
  }

  /** Whether the text report goes to standard output. */
  get isTextShown(): boolean {
    return this.#reports.isTextShown;
  }

  /** What is known of the targets so far, as much as all may see. */
  get reports(): readonly TargetReport[] {
    return withDetail(this.#data(STATUS.conforms), this.#options.detail ?? "full").targets;
  }

  /** What a part of a run means that goes on, as much as all may see. */
  judge(run: TargetRun): TargetReport {
    const report = this.#judge(run, this.#current?.fixtures ?? [], new Map(), this.#expected);
    const data = { ...this.#data(STATUS.conforms), targets: [report] };
    return withDetail(data, this.#options.detail ?? "full").targets[0]!;
  }

  /** Makes sure that what is said to be worth something are clauses of a dialect. */
  checkGrading(dialect: string, clauses: readonly Clause[]): void {
    this.#grading.check(dialect, clauses);
  }

  /** Makes sure that the expected failures are failures of these. */
  check(libraries: readonly Library[]): void {
    const dialects = libraries.map(({ dialect }) => dialect);
    // Names of fixtures for clients, and for pairs, are others than those for servers.
    const played = libraries.map(({ dialect, role = "server" }) => `${dialect} ${role}`);
    const twice = dialects.find((_, i) => played.indexOf(played[i]!) < i);
    if (twice !== undefined && (this.#expected ?? this.#written) !== undefined) {
      throw new ChatError(
        "usage",
        `a list of expected failures is for one server of a dialect: ask one ${twice} server`,
      );
    }
    const fixtures = libraries.flatMap(({ fixtures }) => fixtures);
    const variants = libraries.flatMap(({ clauses }) => [...clauses.keys()].map((slug) => `${slug}${VARIANTS}`));
    const names = [...fixtures.map(({ name }) => name), ...variants];
    this.#expected?.check(new Set(dialects), new Set(names));
  }

  /** Writes the reports as they are before anything was played: all of these were broken off. */
  async begin(targets: readonly Planned[]): Promise<void> {
    this.#expectedTargets = targets;
    await this.#writePartly();
  }

  /** Sets the target that later steps are about, in case that it cannot be reached. */
  setTarget(target: Planned): void {
    this.#current = target;
  }

  /** Adds the results of the target that was set last, and writes what is written while the run goes on. */
  async add(run: TargetRun): Promise<void> {
    const { strict, timeout, tls } = this.#options;
    const { target, recorded, results } = run;
    const client = target.role === "client" ? startedClient(target, this.#options.client) : undefined;
    const { resetsAreCloses } = run;
    const context = { target, client, resetsAreCloses, tls: tls !== undefined, timeout, recorded, began: this.#began };
    const reproducers = await this.#reproducers?.write(results, context) ?? new Map();
    // What is written down is expected from then on.
    const expected = this.#written?.take(run, strict) ?? this.#expected;
    const report = this.#judge(run, this.#current?.fixtures ?? [], reproducers, expected);
    this.#targets.push(report);
    this.#expectedTargets = this.#expectedTargets.slice(1);
    await this.#reports.writeTarget(report, this.#data(report.conclusion.status));
    if (this.#expectedTargets.length > 0) await this.#writePartly();
  }

  /** Writes all of it, and gives the exit status. */
  async finish(): Promise<number> {
    const { interrupted } = this.#io;
    if (interrupted?.aborted) { for (const one of this.#expectedTargets) this.#targets.push(this.#brokenOff(one)); }
    const status = interrupted?.aborted && typeof interrupted.reason === "number"
      ? interrupted.reason
      : worst(this.#targets.map(({ conclusion: { status } }) => status));
    await this.#written?.write();
    await this.#reports.write(this.#data(status));
    return status;
  }

  /** Writes the reports of a run that has ended because its target cannot be reached. */
  async finishUnreachable(unreachable: string): Promise<void> {
    if (this.#current === undefined) return;
    const { spec, fixtures } = this.#current;
    this.#targets.push(this.#judge({ ...unplayed(spec), unreachable }, fixtures, new Map()));
    await this.finish();
  }

  #brokenOff({ spec, fixtures }: Planned): TargetReport {
    return this.#judge({ ...unplayed(spec), isBrokenOff: true }, fixtures, new Map());
  }

  async #writePartly(): Promise<void> {
    const targets = [...this.#targets, ...this.#expectedTargets.map((one) => this.#brokenOff(one))];
    await this.#reports.writePartly({ ...this.#data(STATUS.misused), targets });
  }

  /** A run with all that it means. */
  #judge(
    run: TargetRun,
    fixtures: readonly Fixture[],
    reproducers: TargetReport["reproducers"],
    expected?: Baseline,
  ): TargetReport {
    const { strict } = this.#options;
    const judgements = judgementsOf(run, strict, expected);
    return {
      run,
      judgements,
      conclusion: conclude(run, judgements, strict, expected?.file),
      causes: rootCausesOf(run, judgements),
      marks: marksOf(run, fixtures, this.#grading, this.#began),
      reproducers,
    };
  }

  #data(status: number): ReportData {
    const { strict, fixtures: folders, expect, writeExpect, grading, verbose = false } = this.#options;
    const baseline = writeExpect ?? expect;
    const compared = baseline === undefined ? {} : { baseline };
    return {
      targets: this.#targets,
      strict,
      ...compared,
      invocation: this.#options,
      isVerbose: verbose,
      isGraded: grading !== undefined,
      folders,
      began: this.#began,
      status,
    };
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    this.#reports[Symbol.dispose]();
    this.#written?.[Symbol.dispose]();
  }
}

function startedClient({ command = [] }: Target, client: Invocation["client"]): StartedClient {
  // Whoever plays the script is in another folder.
  return {
    command: command.map(inThisFolder),
    input: readInput(client?.input ?? ""),
    hasTerminal: client?.hasTerminal ?? false,
  };
}

async function openReproducers(folder: string): Promise<Reproducers> {
  const { Reproducers } = await import("../reproduce/reproducers.ts");
  return await Reproducers.open(folder);
}

/** A target of which nothing is known yet. */
function unplayed(
  { dialect = "unknown", hostname, port = findDialect(dialect)?.defaultPort ?? 0, role }: Planned["spec"],
): TargetRun {
  const library = { dialect, clauses: new Map(), fixtures: [] };
  return {
    target: { ...role !== undefined && { role }, dialect, hostname, port },
    library,
    results: [],
    recorded: [],
    duration: 0,
  };
}

/** One that does not conform outweighs whatever else went wrong. */
function worst(statuses: readonly number[]): number {
  return statuses.find((status) => status === STATUS.fails) ??
    Math.max(...statuses, statuses.length === 0 ? STATUS.misused : 0);
}
