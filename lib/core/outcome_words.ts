/**
 * Outcomes in words for people.
 *
 * @module
 */

import type { Outcome, Refusal } from "./outcome.ts";

/** Why a message was not delivered. */
export function whyText(outcome: Exclude<Outcome, { kind: "delivered" }>): string {
  return outcome.kind === "refused" ? REFUSALS[outcome.reason] : FAILURES[outcome.kind];
}

const FAILURES: Readonly<Record<"unknown" | "gone" | "timed-out", string>> = {
  "unknown": "nobody of that name is there",
  "gone": "the recipient left",
  "timed-out": "the recipient did not answer in time",
};

const REFUSALS: Readonly<Record<Refusal, string>> = {
  "unreadable": "it could not be read",
  "too-long": "it is too long for the recipient",
  "empty": "it is empty, and the recipient takes no empty messages",
  "overloaded": "too many messages wait for the recipient already",
  "undeliverable": "the server could not deliver it",
  "not-text": "it is not text, and the recipient takes nothing else",
  "not-allowed": "the server does not allow it",
};
