/**
 * What a slash server says, and how its client reads that again. Everything that the server says itself begins with `*`,
 * and a message begins with its sender's alias, so that neither can pass for the other.
 *
 * @module
 */

import { isWellFormedName } from "../../core/name.ts";
import { DELIVERED, type Outcome, refused } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import { visibleText } from "../../core/visible.ts";
import type { Audience } from "../../hub/delivery.ts";
import type { Member } from "../../hub/member.ts";
import type { NameFault } from "../../hub/names.ts";
import { MAX_LINE } from "../text/line_decoder.ts";
import { outcomeText } from "../session/outcome_text.ts";
import { COMMANDS } from "./commands.ts";

/** The first line; a server that begins with it tells what became of each message. */
export const GREETING = "* Welcome to chat! Choose an alias, letters and digits:";
/** The end of a line that asks again for an alias. */
const ASKED_AGAIN = " Choose another:";
/** The alias is not well formed. */
export const MALFORMED = `* An alias is made of A-Z, a-z and 0-9, at most 255 of them, and is not ALL.${ASKED_AGAIN}`;
/** The tries are used up. */
export const TOO_MANY_TRIES = "* That was the last try. Goodbye!";
/** The answer to `/quit`. */
export const GOODBYE = "* Goodbye!";
/** The server is about to close the connection. */
export function closingWords(reason: CloseReason): string {
  return `* Goodbye: ${CLOSE_REASONS[reason]}.`;
}
/** The answer to a command that there is none of. */
export const UNKNOWN_COMMAND = "* There is no such command. /help lists those that there are.";
/** The answer to text without a command. */
export const NO_COMMAND = "* Nobody was told that: it has no command. /help lists the commands.";
/** The answer to what is not text. */
export const NOT_TEXT = "* Nobody was told that: it is not UTF-8.";
/** A line has no end in sight; the connection is closed behind this. */
export const LINE_TOO_LONG = `* A line has at most ${MAX_LINE} bytes. Goodbye!`;

/** The answer to a command without what belongs to it. */
export function usageWords(command: keyof typeof COMMANDS): string {
  return `* Usage: ${COMMANDS[command].form}`;
}

const HELP_WIDTH = Math.max(...Object.values(COMMANDS).map(({ form }) => form.length)) + 2;
/** The answer to `/help`. */
export const HELP: string = Object.values(COMMANDS)
  .map(({ form, help }) => `* ${form.padEnd(HELP_WIDTH)}${help}`).join("\n");

/** How many others are named to a newcomer; `/users` names all. */
const NAMED = 10;
/** About how many characters of the list of users are written at a time. */
const LIST_PIECE = 8 * 1024;

const HELLO = "* Hello ";

/** The alias is well formed and cannot be had. */
export function takenWords(alias: string, fault: NameFault = "taken"): string {
  const why = fault === "reserved"
    ? "could be taken for the server's own"
    : fault === "taken"
    ? "is taken"
    : fault === "unavailable"
    ? "cannot be given at the moment: other parts of the chat cannot be reached"
    : "looks like the name of somebody who is here";
  return `* ${alias} ${why}.${ASKED_AGAIN}`;
}

/** What a newcomer is told. */
export function helloWords(alias: string, others: Iterable<Member>): string {
  const names: string[] = [];
  let count = 0;
  for (const { name } of others) if (++count <= NAMED) names.push(name);
  const who = count === 0
    ? "Nobody else is here yet."
    : count <= NAMED
    ? `${names.join(", ")} ${count === 1 ? "is" : "are"} here.`
    : `${count} others are here, /users lists them.`;
  return `${HELLO}${alias}! ${who} /help shows the commands.`;
}

/** What everybody else is told of a newcomer. */
export function joinedWords({ name }: Member): string {
  return `* ${name} has joined.`;
}

/** What everybody else is told of somebody who left. */
export function leftWords({ name }: Member): string {
  return `* ${name} has left.`;
}

/** The answer to `/users`, in pieces, since there may be many. */
export function* usersWords(members: Iterable<Member>, self: Member): Generator<string, void> {
  let piece = "* Here are:";
  for (const member of members) {
    piece += `\n*   ${member === self ? userWords(member, ["you"]) : wordsOf(member)}`;
    if (piece.length < LIST_PIECE) continue;
    yield piece;
    piece = "* and:";
  }
  if (piece !== "* and:") yield piece;
}

/** What others read of those who are listed: always the same, and it may be asked for a thousand times a second. */
const LISTED = new WeakMap<Member, string>();

function wordsOf(member: Member): string {
  let words = LISTED.get(member);
  if (words === undefined) LISTED.set(member, words = userWords(member, []));
  return words;
}

function userWords({ name, title, dialect }: Member, more: readonly string[]): string {
  return `${name} (${[dialect, ...(title === name ? [] : [JSON.stringify(visibleText(title))]), ...more].join(", ")})`;
}

/** What stands before each line of a message. */
export function markWords({ name }: Member, audience: Audience): string {
  return `${name} to ${audience === "direct" ? "you" : "all"}: `;
}

/** What became of a message; `to` is `undefined` for one to everybody. */
export function outcomeWords(to: string | undefined, outcome: Outcome): string {
  // What is no alias is not repeated: it could be anything.
  const whom = to === undefined ? " to all" : isWellFormedName(to) ? ` to ${to}` : "";
  if (outcome.kind === "delivered") return `* Delivered${whom}.`;
  return `* Not delivered${whom}: ${whyNotWords(to, outcome)}.`;
}

function whyNotWords(to: string | undefined, outcome: Exclude<Outcome, { kind: "delivered" }>): string {
  if (outcome.kind !== "unknown") return outcomeText(outcome);
  return to === undefined ? "nobody else is here" : "nobody here has that alias, /users lists those who are";
}

/** What a client reads in a line of a server that begins with {@linkcode GREETING}. */
export type Heard =
  /** The alias is accepted. */
  | { readonly kind: "accepted"; readonly alias: string; readonly words: string }
  /** The alias is refused, and why. */
  | { readonly kind: "refused"; readonly words: string }
  /** A message. */
  | { readonly kind: "message"; readonly from: string; readonly audience: Audience; readonly text: string }
  /** What became of the oldest message that has no outcome yet, and why. */
  | { readonly kind: "outcome"; readonly outcome: Outcome; readonly words?: string }
  /** Anything else. */
  | { readonly kind: "words"; readonly words: string };

/**
 * Reads a line of a server that begins with {@linkcode GREETING}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readWords("bob to you: hi"), { kind: "message", from: "bob", audience: "direct", text: "hi" });
 * assertEquals(readWords("* bob has left."), { kind: "words", words: "bob has left." });
 * ```
 */
export function readWords(line: string): Heard {
  const message = /^([A-Za-z0-9]+) to (you|all): ([^]*)$/.exec(line);
  if (message !== null) {
    const [, from, audience, text] = message as unknown as [string, string, string, string];
    return { kind: "message", from, audience: audience === "you" ? "direct" : "everyone", text };
  }
  const words = line.replace(/^\* /, "");
  const alias = /^\* Hello ([A-Za-z0-9]+)!/.exec(line)?.[1];
  if (alias !== undefined) return { kind: "accepted", alias, words };
  if (words !== line && words.endsWith(ASKED_AGAIN)) {
    return { kind: "refused", words: words.slice(0, -ASKED_AGAIN.length) };
  }
  if (/^\* Delivered(?: to [A-Za-z0-9]+)?\.$/.test(line)) return { kind: "outcome", outcome: DELIVERED };
  const reason = /^\* Not delivered(?: to [A-Za-z0-9]+)?: ([^]*)\.$/.exec(line)?.[1];
  if (reason !== undefined) return { kind: "outcome", outcome: refused("undeliverable"), words: reason };
  return { kind: "words", words };
}
