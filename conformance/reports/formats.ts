/**
 * The formats of reports, each loaded only when it is asked for.
 *
 * @module
 */

import type { Account } from "./account.ts";

/** A format for programs. */
export type WrittenFormat = "tap" | "junit" | "json" | "github" | "markdown" | "html";

/** A format of a report. */
export type ReportFormat = "people" | WrittenFormat;

/** A report that is asked for. */
export interface ReportRequest {
  /** Its format. */
  readonly format: ReportFormat;
  /** The file that it replaces; without one it goes to standard output. */
  readonly file?: string;
}

/** Writes a report, once all is known. */
export type ReportWriter = (account: Account) => string | Promise<string>;

/** Loads what writes a format. */
export async function loadWriter(format: WrittenFormat): Promise<ReportWriter> {
  switch (format) {
    case "tap":
      return (await import("./tap.ts")).tapReport;
    case "junit":
      return (await import("./junit.ts")).junitReport;
    case "json":
      return (await import("./json.ts")).jsonReport;
    case "github":
      return (await import("./github.ts")).githubReport;
    case "markdown":
      return (await import("./markdown.ts")).markdownReport;
    case "html":
      return (await import("./html.ts")).htmlReport;
  }
}
