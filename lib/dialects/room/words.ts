/**
 * What a room says: the document's own strings (PROTOCOLS.md, room), and a few of ours where it says nothing. Those begin with
 * {@linkcode OURS}, which nobody's name does, and a message begins with its sender's name.
 *
 * @module
 */

import { MAX_NAME_LENGTH } from "../../core/name.ts";
import type { Outcome } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { Audience } from "../../hub/delivery.ts";
import type { Member } from "../../hub/member.ts";
import type { NameFault } from "../../hub/names.ts";
import { MAX_LINE } from "../text/line_decoder.ts";
import { QUIT } from "./commands.ts";
import { outcomeText } from "../session/outcome_text.ts";
import { harmless } from "../text/text.ts";

/** The request for a name. */
export const ASK = "Now type your name and press enter!";
/** What a client is greeted with (`room/greeting`). */
export const GREETING: string = `Greetings from the ChatRoom! ${ASK}`;
/** What stands before all that the document does not have a room say. */
export const OURS = "* ";

/** The name is empty, too long, or not text. */
export const BAD_NAME: string = `${OURS}A name is text of 1 to ${MAX_NAME_LENGTH} characters. ${ASK}`;

const NAME_FAULTS: Readonly<Record<NameFault, string>> = {
  "unseen": "A name is made of characters that can be seen, and of ordinary blanks.",
  "forging": "A name has no parentheses, no colon before a blank or at its end, no * in front, and says nothing of " +
    "who joined or left.",
  "mixed-scripts": "A name does not mix the letters of scripts that look alike.",
  "reserved": "That name could be taken for the server's own.",
  "taken": "Somebody here has that name.",
  "look-alike": "Somebody here has that name, or one that looks like it.",
  "unavailable": "Names cannot be given at the moment: other parts of the chat cannot be reached.",
};

/** Why a name cannot be had, and the request for another one. */
export function nameFaultWords(fault: NameFault): string {
  return `${OURS}${NAME_FAULTS[fault]} ${ASK}`;
}

/** The tries are used up. */
export const TOO_MANY_TRIES: string = `${OURS}That was the last try.`;
/** The answer to what is not text. */
export const NOT_TEXT: string = `${OURS}Nobody was told that: it is not UTF-8.`;
/** The answer to a message that is mostly line breaks. */
export const TOO_MANY_LINES: string = `${OURS}Nobody was told that: it has too many lines.`;
/** A line has no end in sight; the connection is closed behind this. */
export const LINE_TOO_LONG: string = `${OURS}A message has at most ${MAX_LINE} bytes.`;

/** The server is about to close the connection. */
export function closingWords(reason: CloseReason): string {
  return `${OURS}The chat closes this connection: ${CLOSE_REASONS[reason]}.`;
}

/** What a newcomer is told (`room/welcome`). */
export function welcomeWords(title: string): string {
  return `Welcome ${harmless(title)}! If you ever want to quit, type ${QUIT} to exit.`;
}

/** What everybody else is told of a newcomer (`room/joined`). */
export function joinedWords({ title, remote }: Member): string {
  return `${harmless(title)} from [${remote.hostname}] has joined the chat!`;
}

/** What everybody else is told of somebody who left (`room/quit`). */
export function leftWords({ title }: Member): string {
  return `${harmless(title)} has left the chat.`;
}

/** What stands behind the sender's name where a message is for its reader alone; the document knows no such messages. */
export const ALONE = " (to you alone)";

/** What stands before each line of a message (`room/message`). */
export function markWords({ title }: Pick<Member, "title">, audience: Audience): string {
  return `${harmless(title)}${audience === "direct" ? ALONE : ""}: `;
}

/** What the speaker is told of a message that somebody did not get; the room repeats it to the speaker anyway. */
export function outcomeWords(outcome: Outcome): string | undefined {
  if (outcome.kind === "delivered" || outcome.kind === "unknown") return undefined;
  return `${OURS}Not everybody has your message: ${outcomeText(outcome)}.`;
}
