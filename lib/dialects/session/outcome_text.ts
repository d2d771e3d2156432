/**
 * Why a message was not delivered, in words for the users of any dialect that has none of its own.
 *
 * @module
 */

import type { Outcome, Refusal } from "../../core/outcome.ts";

const FAILURES: Readonly<Record<Exclude<Outcome["kind"], "delivered" | "refused">, string>> = {
  "unknown": "nobody is there",
  "gone": "the recipient left",
  "timed-out": "the recipient did not acknowledge in time",
};

const REFUSALS: Readonly<Record<Refusal, string>> = {
  "unreadable": "the recipient could not read it",
  "too-long": "it is too long for the recipient",
  "not-text": "the recipient takes text only, and it is not UTF-8",
  "empty": "it is empty, and the recipient's dialect has no empty messages",
  "overloaded": "too many messages wait for the recipient already",
  "undeliverable": "the recipient cannot be reached",
  "not-allowed": "the recipient may not be sent to",
};

/**
 * Why a message was not delivered.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(outcomeText({ kind: "gone" }), "the recipient left");
 * ```
 */
export function outcomeText(outcome: Exclude<Outcome, { kind: "delivered" }>): string {
  return outcome.kind === "refused" ? REFUSALS[outcome.reason] : FAILURES[outcome.kind];
}
