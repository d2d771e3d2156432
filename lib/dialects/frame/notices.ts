/**
 * What the server says as ID 1: why a frame was not delivered, and goodbye (`frame/notice`). Each fits into a frame. What it passes
 * on as ID 1, for somebody without an ID, is marked so that no name makes it one of these.
 *
 * @module
 */

import type { Outcome } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import { outcomeText } from "../session/outcome_text.ts";
import { MAX_MESSAGE } from "./codec.ts";
import { type FrameHeaderFault, LAST_ID, MAX_FIELD, MAX_SIZE_DIGITS } from "./header.ts";

/** The source of a frame was not its sender's own ID (`frame/source-forged`). */
export function forgedNotice(id: number): string {
  return `not delivered: the source of your frames has to be your own ID, ${id}`;
}

/** The destination was no ID that a client can have (`frame/destination-range`). */
export const DESTINATION_NOTICE =
  `not delivered: a destination is a number from 2 to ${LAST_ID}, without signs or leading zeros`;

/** The message was too long (`frame/limit-256`). */
export function tooLongNotice(size: number): string {
  return `not delivered: the message has ${size} bytes, and ${MAX_MESSAGE} is the limit`;
}

/** A client sent to itself (`frame/destination-self`). */
export const SELF_NOTICE = "not delivered: that is your own ID";

/** The next frame cannot be found; the connection is closed behind this (`frame/size-mismatch`). */
export const FAULT_NOTICES: Readonly<Record<FrameHeaderFault, string>> = {
  "endless-id": `goodbye: an ID has more than ${MAX_FIELD} bytes, so that nobody can tell where the next frame begins`,
  "bad-size": "goodbye: the third field has to be ACK or a size in bytes, without signs, leading zeros " +
    `or more than ${MAX_SIZE_DIGITS} digits, or nobody can tell where the next frame begins`,
};

/** The server is about to close the connection. */
export function closingNotice(reason: CloseReason): string {
  return `goodbye: ${CLOSE_REASONS[reason]}`;
}

/** What became of a message, unless it was delivered. */
export function outcomeNotice(destination: number, outcome: Exclude<Outcome, { kind: "delivered" }>): string {
  return `not delivered to ${destination}: ${outcome.kind === "unknown" ? "nobody has that ID" : outcomeText(outcome)}`;
}

/**
 * What stands before a message that the server passes on as ID 1. A name is letters and digits, and no notice is a word with
 * `says:` behind it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readPassedOn(`${passedOnMark("goodbye")}hi`), { from: "goodbye", text: "hi" });
 * assertEquals(readPassedOn(closingNotice("shutdown")), undefined);
 * ```
 */
export function passedOnMark(name: string): string {
  return `${name} says: `;
}

/** The sender and the message of what the server has passed on as ID 1; `undefined` for what it says itself. */
export function readPassedOn(text: string): { readonly from: string; readonly text: string } | undefined {
  const match = /^([A-Za-z0-9]+) says: ([^]*)$/.exec(text);
  return match === null ? undefined : { from: match[1]!, text: match[2]! };
}
