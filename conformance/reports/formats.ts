/**
 * The formats of reports, each loaded only when it is used.
 *
 * @module
 */

import type { ReportData } from "./report_data.ts";
import type { Paint } from "./text/paint.ts";

/** A format of a report. */
export type ReportFormat = "text" | "tap" | "junit" | "json" | "github" | "markdown" | "html";

/** Writes a report, once all is known; in colours, where the format has any. */
export type ReportWriter = (data: ReportData, paint: Paint) => string | Promise<string>;

/** What writes each format. */
const WRITERS: Readonly<Record<ReportFormat, () => Promise<ReportWriter>>> = {
  text: async () => (await import("./text/text.ts")).textReport,
  tap: async () => (await import("./tap.ts")).tapReport,
  junit: async () => (await import("./junit.ts")).junitReport,
  json: async () => (await import("./json.ts")).jsonReport,
  github: async () => (await import("./github.ts")).githubReport,
  markdown: async () => (await import("./markdown.ts")).markdownReport,
  html: async () => (await import("./html/html.ts")).htmlReport,
};

/** A report to be written. */
export interface ReportRequest {
  /** Its format. */
  readonly format: ReportFormat;
  /** What the format was called before, if that is what it was asked for by. */
  readonly formerly?: string;
  /** The file that it replaces; without one it goes to standard output. */
  readonly file?: string;
}

/** Loads what writes a format. */
export async function loadWriter(format: ReportFormat): Promise<ReportWriter> {
  return await WRITERS[format]();
}
