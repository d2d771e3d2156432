/**
 * The reports of one run: where each of them goes, from before the run until all is written.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { ConformIo } from "../io.ts";
import type { ReportData, TargetReport } from "./report_data.ts";
import { Destination } from "./destination.ts";
import { withDetail } from "./detail/with_detail.ts";
import type { ReportDetail } from "./detail/detail_levels.ts";
import { loadWriter, type ReportFormat, type ReportRequest, type ReportWriter } from "./formats.ts";
import { paint } from "./text/paint.ts";

/** A report with its file; without one it goes to standard output. */
interface Output {
  readonly format: ReportFormat;
  readonly write: ReportWriter;
  readonly detail: ReportDetail;
  readonly file?: Destination;
}

const PLAIN = paint(false);

/** All reports of a run. Disposing them closes their files. */
export class Reports implements Disposable {
  readonly #io: ConformIo;
  readonly #detail: ReportDetail;
  readonly #outputs: Output[] = [];
  readonly #paths = new Set<string>();
  #hasStreamed = false;

  /**
   * Makes sure that each report can be written. Where nothing else is to stand on standard
   * output but annotations, the text does, unless it was asked for in a file.
   *
   * @param detail How much those tell that say nothing of it.
   * @throws {ChatError} `unwritable` for a file that cannot be written, and `usage` for two reports that would go to the same
   * place.
   */
  static async open(
    requests: readonly ReportRequest[],
    io: ConformIo,
    detail: ReportDetail = "full",
  ): Promise<Reports> {
    checkPlaces(requests);
    const reports = new Reports(io, detail);
    const isTaken = requests.some(({ format, file }) => format === "text" || file === undefined && format !== "github");
    try {
      for (const request of isTaken ? requests : [{ format: "text" } as const, ...requests]) {
        await reports.#add(request);
      }
    } catch (error) {
      reports[Symbol.dispose]();
      throw error;
    }
    return reports;
  }

  private constructor(io: ConformIo, detail: ReportDetail) {
    this.#io = io;
    this.#detail = detail;
  }

  /** Whether the text report goes to standard output, where it is written as the run goes on. */
  get isTextShown(): boolean {
    return this.#outputs.some(isStreamed);
  }

  /** Writes what is written as the run goes on: a target's section, as soon as it is known. */
  async writeTarget(report: TargetReport, data: ReportData): Promise<void> {
    for (const { write, detail } of this.#outputs.filter(isStreamed)) {
      const text = await write(withDetail({ ...data, targets: [report] }, detail), paint(this.#io.color));
      this.#io.out(`${this.#hasStreamed ? "\n" : ""}${text}`);
      this.#hasStreamed = true;
    }
  }

  /**
   * Writes the files before all is known: whoever reads one when the run was ended by force finds what was known, and none of
   * another run.
   */
  async writePartly(data: ReportData): Promise<void> {
    for (const { write, detail, file } of this.#outputs) {
      if (file?.file !== undefined) await file.replace(await write(withDetail(data, detail), PLAIN));
    }
  }

  /** Writes all other reports, standard output last. */
  async write(data: ReportData): Promise<void> {
    const outputs = this.#outputs.filter((output) => !isStreamed(output));
    for (const { write, detail, file } of outputs.toSorted((a, b) => Number(!a.file) - Number(!b.file))) {
      const text = await write(withDetail(data, detail), PLAIN);
      if (file === undefined) this.#io.out(text);
      else await file.replace(text);
    }
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    for (const { file } of this.#outputs) file?.[Symbol.dispose]();
  }

  async #add({ format, file, detail = this.#detail }: ReportRequest): Promise<void> {
    const write = await loadWriter(format);
    if (file === undefined) return void this.#outputs.push({ format, write, detail });
    const destination = await Destination.open(file, `the ${format} report`);
    this.#outputs.push({ format, write, detail, file: destination });
    // Other words may stand for the same file.
    if (destination.file === undefined) return;
    if (this.#paths.has(destination.file)) {
      throw new ChatError("usage", `two reports cannot both be written to ${file}`);
    }
    this.#paths.add(destination.file);
  }
}

function isStreamed({ format, file }: Output): boolean {
  return format === "text" && file === undefined;
}

/** Annotations are made to stand between other lines; nothing else shares standard output. */
function checkPlaces(requests: readonly ReportRequest[]): void {
  const shown = requests.filter(({ format, file }) => file === undefined && format !== "github");
  if (shown.length > 1) {
    const names = shown.map(({ format }) => format).join(" and ");
    throw new ChatError(
      "usage",
      `${names} cannot both go to standard output: give one a file, ${shown[1]!.format}=FILE`,
    );
  }
}
