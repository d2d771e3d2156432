/**
 * What became of a message of one's own, in words.
 *
 * @module
 */

import { whyText } from "../core/outcome_words.ts";
import type { Fate } from "./thread.ts";

/** What is known of a message, whatever it is. */
export function fateText(fate: Fate): string {
  if (fate.kind === "on-its-way") return "on its way";
  if (fate.kind === "sent-again") return "not confirmed; sent again below";
  return problemText(fate) ?? deliveredText(fate);
}

/** What is known of a message that was not delivered; `undefined` if it was, or is on its way. */
export function problemText(fate: Fate): string | undefined {
  if (fate.kind === "not-confirmed") return "not confirmed: the connection broke, and nobody knows whether it arrived";
  if (fate.kind === "not-taken") return `not sent: ${fate.reason}`;
  if (fate.kind !== "settled" || fate.outcome.kind === "delivered") return undefined;
  const { outcome, delivered, recipients } = fate;
  if (recipients === undefined) return `not delivered: ${whyText(outcome)}`;
  if (recipients === 0) return "not delivered: nobody else is here";
  return `delivered to ${delivered} of ${recipients}: ${whyText(outcome)}`;
}

function deliveredText(fate: Fate): string {
  return "recipients" in fate ? `delivered to ${fate.delivered} of ${fate.recipients}` : "delivered";
}
