/**
 * The formats of reports, each loaded only when it is used: options, help, completion and the reports read this table.
 *
 * @module
 */

import type { ReportDetail } from "./detail/detail_levels.ts";
import type { ReportData } from "./report_data.ts";
import type { Paint } from "./text/paint.ts";

/** Writes a report, once all is known; in colours, where the format has any. */
export type ReportWriter = (data: ReportData, paint: Paint) => string | Promise<string>;

/** One format. */
export interface FormatEntry {
  /** Loads what writes it. */
  readonly load: () => Promise<ReportWriter>;
  /** What it was called before, if that is still read in this version. */
  readonly formerly?: string;
}

/** All of them, in the order in which they are shown; the first is an example. */
export const FORMATS = {
  text: { load: async () => (await import("./text/text.ts")).textReport, formerly: "people" },
  tap: { load: async () => (await import("./tap.ts")).tapReport },
  junit: { load: async () => (await import("./junit.ts")).junitReport },
  json: { load: async () => (await import("./json.ts")).jsonReport },
  "json-full": { load: async () => (await import("./json.ts")).fullJsonReport },
  github: { load: async () => (await import("./github.ts")).githubReport },
  markdown: { load: async () => (await import("./markdown.ts")).markdownReport },
  html: { load: async () => (await import("./html/html.ts")).htmlReport },
  gradescope: { load: async () => (await import("./gradescope.ts")).gradescopeReport },
  classroom50: { load: async () => (await import("./classroom50.ts")).classroom50Report },
  csv: { load: async () => (await import("./csv.ts")).csvReport },
} satisfies Readonly<Record<string, FormatEntry>>;

/** A format of a report. */
export type ReportFormat = keyof typeof FORMATS;

const ENTRIES: Readonly<Record<ReportFormat, FormatEntry>> = FORMATS;
const [first, ...others] = Object.keys(FORMATS) as [ReportFormat, ...ReportFormat[]];

/** The names of all formats. */
export const REPORT_FORMATS: readonly [ReportFormat, ...ReportFormat[]] = [first, ...others];

/** The format that was called so before. */
export function formerFormat(name: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => ENTRIES[format].formerly === name);
}

/** A report to be written. */
export interface ReportRequest {
  /** Its format. */
  readonly format: ReportFormat;
  /** What the format was called before, if that is what it was asked for by. */
  readonly formerly?: string;
  /** How much it tells, if not as much as others. */
  readonly detail?: ReportDetail;
  /** The file that it replaces; without one it goes to standard output. */
  readonly file?: string;
}

/** Loads what writes a format. */
export async function loadWriter(format: ReportFormat): Promise<ReportWriter> {
  return await ENTRIES[format].load();
}
