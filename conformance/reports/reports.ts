/**
 * The reports of one run: where each of them goes, from before the run until all is written.
 *
 * @module
 */

import { ChatError } from "../../lib/chat/error.ts";
import type { ConformIo } from "../io.ts";
import type { Account } from "./account.ts";
import { Destination } from "./destination.ts";
import { loadWriter, type ReportRequest, type ReportWriter } from "./formats.ts";

/** A report with its file; without one it goes to standard output. */
interface Output {
  readonly write: ReportWriter;
  readonly file?: Destination;
}

/** All reports of a run. Disposing them closes their files. */
export class Reports implements Disposable {
  /** For the report for people, which is told as the run goes on: on standard output, into a file, or nowhere. */
  readonly people: ConformIo;
  readonly #io: ConformIo;
  readonly #outputs: Output[] = [];
  readonly #told: string[] = [];
  readonly #paths = new Set<string>();

  /**
   * Makes sure that each report can be written; the files are empty from then on. Throws `unwritable` for a file that
   * cannot be, and `usage` for two reports that would go to the same place.
   */
  static async open(requests: readonly ReportRequest[], io: ConformIo): Promise<Reports> {
    checkPlaces(requests);
    const reports = new Reports(requests, io);
    try {
      for (const request of requests) await reports.#add(request);
    } catch (error) {
      reports[Symbol.dispose]();
      throw error;
    }
    return reports;
  }

  private constructor(requests: readonly ReportRequest[], io: ConformIo) {
    this.#io = io;
    const asked = requests.find(({ format }) => format === "people");
    const isTaken = requests.some(({ format, file }) => file === undefined && format !== "github");
    if (asked === undefined ? !isTaken : asked.file === undefined) this.people = io;
    else this.people = { ...io, out: (text) => this.#told.push(text), isTerminal: false, color: false };
  }

  /** Writes all of them, standard output last. */
  async write(account: Account): Promise<void> {
    for (const { write, file } of this.#outputs.toSorted((a, b) => Number(!a.file) - Number(!b.file))) {
      const text = await write(account);
      if (file === undefined) this.#io.out(text);
      else await file.replace(text);
    }
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    for (const { file } of this.#outputs) file?.[Symbol.dispose]();
  }

  async #add({ format, file }: ReportRequest): Promise<void> {
    if (format === "people" && file === undefined) return;
    const write = format === "people" ? () => this.#told.join("") : await loadWriter(format);
    if (file === undefined) return void this.#outputs.push({ write });
    this.#outputs.push({ write, file: await Destination.open(file, `the ${format} report`, "emptied") });
    // Other words may stand for the same file.
    const [path, { isFile }] = await Promise.all([Deno.realPath(file), Deno.stat(file)]);
    if (isFile && this.#paths.has(path)) {
      throw new ChatError("usage", `two reports cannot both be written to ${file}`);
    }
    this.#paths.add(path);
  }
}

/** Annotations are made to stand between other lines; nothing else shares standard output. */
function checkPlaces(requests: readonly ReportRequest[]): void {
  if (requests.filter(({ format }) => format === "people").length > 1) {
    throw new ChatError("usage", "the report for people is written once: ask for people one time");
  }
  const shown = requests.filter(({ format, file }) => file === undefined && format !== "github");
  if (shown.length > 1) {
    const names = shown.map(({ format }) => format).join(" and ");
    throw new ChatError(
      "usage",
      `${names} cannot both go to standard output: give one a file, ${shown[1]!.format}=FILE`,
    );
  }
}
