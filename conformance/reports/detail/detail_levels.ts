/**
 * How much a report tells.
 *
 * @module
 */

/** How much a report tells: all; what came, and which clause; titles and verdicts. */
export const DETAILS = ["full", "received", "none"] as const;

/** One of {@linkcode DETAILS}. */
export type ReportDetail = (typeof DETAILS)[number];
