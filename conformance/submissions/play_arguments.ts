/**
 * This program, called for one submission: its words.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import type { ConformOptions } from "../conform_options.ts";
import type { ReportRequest } from "../reports/formats.ts";

/** Where a submission's reports go. */
export interface ReportPlaces {
  /** The folder for all of them. */
  readonly folder: string;
  /** The file that says what clauses are worth. */
  readonly grading: string;
}

/** The names of what a submission's folder gets. */
export const REPORT_FILES = {
  text: "report.txt",
  html: "report.html",
  json: "report.json",
  scripts: "scripts",
  /** What the build and the tool said. */
  log: "log.txt",
  /** Is there once it is finished. */
  outcome: "outcome.json",
} as const;

/** What those of its reports are called that students may see. */
const STUDENT_FILES = { text: "student.txt", html: "student.html" } as const;

/** The reports of a submission: the marker's, and the student's, where that is to tell less. */
export function reportsFor({ detail = "full" }: Pick<ConformOptions, "detail">, folder: string): ReportRequest[] {
  const forMarkers = (["text", "html", "json"] as const).map((format) => ({
    format,
    file: `${folder}/${REPORT_FILES[format]}`,
    detail: "full" as const,
  }));
  if (detail === "full") return forMarkers;
  const forStudents = (["text", "html"] as const).map((format) => ({
    format,
    file: `${folder}/${STUDENT_FILES[format]}`,
    detail,
  }));
  return [...forMarkers, ...forStudents];
}

/** The words behind `chat` that play a submission in the folder in which this is called. Paths in them are absolute. */
export function playArguments(options: ConformOptions, maxTime: number, places: ReportPlaces): string[] {
  const reports = reportsFor(options, places.folder).map(({ format, file, detail }) =>
    `${format}=${file}${detail === "full" ? "" : `,detail=${detail}`}`
  );
  return [
    "conform",
    ...settingsOf(options),
    ...["--max-time", `${maxTime}ms`],
    ...["--grading", places.grading],
    ...reports.flatMap((report) => ["--report", report]),
    ...["--reproduce", `${places.folder}/${REPORT_FILES.scripts}`],
  ];
}

/** The options that decide how a submission is played, as words: those of two runs that mark alike are the same. */
export function settingsOf(options: ConformOptions): string[] {
  const { client, targets } = options;
  return [
    ...given("--dialect", options.dialect ?? client?.dialect),
    ...given("--server-cmd", options.serverCommand),
    ...options.serverCommand === undefined
      ? []
      : targets.flatMap(({ dialect, hostname, port }) =>
        given("--target", `${dialect}=${port === undefined ? hostname : addressText({ hostname, port })}`)
      ),
    ...given("--client-cmd", client?.command),
    ...given("--client-input", client?.input),
    // A server that is named where they meet says it as well.
    ...given("--listen", client?.listen && addressText(client.listen)),
    ...flag("--pty", client?.hasTerminal),
    ...flag("--strict", options.strict),
    ...flag("--verbose", options.verbose),
    ...given("--timeout", `${options.timeout}ms`),
    ...given("--jobs", options.jobs),
    ...given("--start-timeout", options.startTimeout && `${options.startTimeout}ms`),
    ...flag("--fresh", options.fresh),
    ...flag("--segmentation", options.segmentation),
    ...flag("--shuffle", options.shuffle),
    ...given("--repeat", options.repeat),
    ...flag("--stages", options.stages),
    ...flag("--fail-fast", options.failFast),
    ...flag("--no-accommodate", options.noAccommodate),
    ...given("--seed", options.seed),
    ...given("--suite", options.suite),
    ...options.fixtures.flatMap((folder) => given("--fixtures", folder)),
    ...flag("--no-embedded", !options.embedded),
    ...options.filters.flatMap((glob) => given("--filter", glob)),
    ...flag("--tls", options.tls !== undefined),
    ...given("--ca", options.tls?.caFile),
    ...flag("--insecure", options.tls?.insecure),
  ];
}

function given(name: string, value: string | number | undefined): string[] {
  // What begins with a dash would be taken for an option.
  return value === undefined ? [] : [`${name}=${value}`];
}

function flag(name: string, isGiven: boolean | undefined): string[] {
  return isGiven === true ? [name] : [];
}
