/**
 * What is shown to people, and to scripts (docs/connect.md pins the forms). Everything that comes from elsewhere is
 * escaped here, and can neither move the cursor nor pass for a line of another sender or of our own.
 *
 * @module
 */

import { whyText } from "../../core/outcome_words.ts";
import { visibleText } from "../../core/visible.ts";
import type { ClientOutcome } from "../../dialects/dialect.ts";
import type { Audience } from "../../hub/delivery.ts";

/** What the lines of a message start with, but the first. */
const CONTINUATION = "    | ";

/** A name that nobody can take for anything else: no spaces, no marks of ours, nothing that cannot be seen. */
const PLAIN_NAME = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u;

/** A name as it is shown: any that could be taken for more than a name is in quotes. */
export function nameText(name: string): string {
  return PLAIN_NAME.test(name) ? name : JSON.stringify(visibleText(name));
}

/**
 * A message as it is shown: the sender, for whom it is where that is known, and each further line of it marked as such.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode("hi\nbob to all: bye");
 * assertEquals(messageText("alice", "direct", body), "alice to you: hi\n    | bob to all: bye");
 * ```
 */
export function messageText(from: string, audience: Audience | "untold", body: Uint8Array): string {
  const { name, whom, text } = messageParts(from, audience, body);
  return `${name}${whom}: ${text}`;
}

/** The parts of a message as it is shown. */
export interface MessageParts {
  /** The sender. */
  readonly name: string;
  /** For whom it is, with a space in front; empty where that is not known. */
  readonly whom: string;
  /** What is said, with each line but the first marked. */
  readonly text: string;
}

/** A message as {@linkcode messageText} shows it, part by part. */
export function messageParts(from: string, audience: Audience | "untold", body: Uint8Array): MessageParts {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  // Many clients end what they send like a line of text; that is no second line.
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => visibleText(line, { keep: "\t" }));
  return { name: nameText(from), whom: FOR_WHOM[audience], text: lines.join(`\n${CONTINUATION}`) };
}

const FOR_WHOM: Readonly<Record<Audience | "untold", string>> = {
  direct: " to you",
  everyone: " to all",
  untold: "",
};

/** Something that is not a message: from the server, or from this program. */
export function noticeText(text: string): string {
  return `-- ${visibleText(text)}`;
}

/** That the name is accepted. */
export function connectedText(server: string, name: string): string {
  return noticeText(`connected to ${server} as ${nameText(name)}`);
}

/**
 * What became of a line that was sent, with the server's own words where it used any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(outcomeLine("@bob hi", { kind: "delivered" }), "-- delivered: @bob hi");
 * assertEquals(outcomeLine("@bob hi", { kind: "gone" }), "-- not delivered (the recipient left): @bob hi");
 * ```
 */
export function outcomeLine(line: string, outcome: ClientOutcome, words?: string): string {
  if (outcome.kind === "delivered") return noticeText(`delivered: ${line}`);
  if (outcome.kind === "handed-over") return noticeText(`sent: ${line}`);
  const why = whyText(outcome);
  return noticeText(`not delivered (${words === undefined ? why : `${why}: ${words}`}): ${line}`);
}

/**
 * A request that was not done, with the server's own words where it used any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(refusalText("join_group x", { kind: "timed-out" }), "-- not done (there was no answer): join_group x");
 * ```
 */
export function refusalText(line: string, outcome: ClientOutcome, words?: string): string {
  const why = outcome.kind === "timed-out" ? "there was no answer" : "the server does not do it";
  return noticeText(`not done (${words ?? why}): ${line}`);
}

/** A line of one's own that the dialect does not have, and what it has instead. */
export function rejectedText(line: string, form: string): string {
  return visibleText(`not sent: ${line} (write ${form})`);
}

/** A line that was sent and of which nobody knows what became. */
export function unconfirmedText(line: string, why: string): string {
  return noticeText(`not confirmed (${why}): ${line}`);
}

/** How much of one's own line is repeated to a person, who has it on the screen, in characters. */
const EXCERPT = 60;

/** The start of a line, long enough to know it again. */
export function excerpt(line: string): string {
  const characters = [...line.slice(0, 2 * EXCERPT + 2)];
  return characters.length > EXCERPT ? `${characters.slice(0, EXCERPT - 1).join("")}…` : line;
}
