/**
 * Who has come and who has left, as far as notices tell that: those of our servers, and the usual ones of others.
 *
 * @module
 */

import { DIALECTS } from "./registry.ts";

/** What a notice tells of who is there. */
export interface Announcement {
  /** Who is there now. */
  readonly here: readonly string[];
  /** Who is not there any more. */
  readonly gone: readonly string[];
  /** Groups that there are. */
  readonly groups: readonly string[];
}

const DIALECT_NAMES = DIALECTS.map(({ name }) => name).join("|");

/** A longer notice is none of these. */
const MAX_LENGTH = 8_192;

/** What a notice can tell, and in which words; their first group is the name, or names with commas between them. */
const WORDS: readonly (readonly [keyof Announcement, RegExp])[] = [
  // room, and servers that are like the document's
  ["here", /^(.{1,255}?) from \[[^\]]*\] has joined the chat[.!]?$/u],
  ["gone", /^(.{1,255}?) has left the chat[.!]?$/u],
  // slash, and most others
  ["here", /^(\S{1,255}) (?:has )?(?:joined|connected|entered)(?: the (?:chat|room|server))?[.!]*$/iu],
  ["gone", /^(\S{1,255}) (?:has )?(?:left|disconnected|quit)(?: the (?:chat|room|server))?[.!]*$/iu],
  ["here", /^Hello \S+! (.+) (?:is|are) here\. /u],
  ["here", new RegExp(`^ {2}(\\S+) \\((?:${DIALECT_NAMES})\\b[^]*\\)$`, "u")],
  // frame
  ["gone", /^the server: not delivered to (\d+): nobody has that ID$/u],
  // group
  ["here", /^online: (.+?)(?: and \d+ more)?$/u],
  ["gone", /^offline: (.+?)(?: and \d+ more)?$/u],
  ["groups", /^\[Group (\S+) (?:created by Server|already exists)\.\]$/u],
  ["groups", /^\[Entered group (\S+) successfully\.\]$/u],
];

/**
 * What a notice tells of who is there. A message of somebody, which some servers put into the same words, is no notice: a name
 * has no colon with a space behind it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readAnnouncement("bob from [127.0.0.1] has joined the chat!").here, ["bob"]);
 * assertEquals(readAnnouncement("bob has left.").gone, ["bob"]);
 * assertEquals(readAnnouncement("eve: bob has left the chat.").gone, []);
 * ```
 */
export function readAnnouncement(notice: string): Announcement {
  const told = { here: [] as string[], gone: [] as string[], groups: [] as string[] };
  for (const [what, words] of notice.length > MAX_LENGTH ? [] : WORDS) {
    const names = words.exec(notice)?.[1]?.split(", ");
    if (names === undefined || names.some((name) => name.includes(": ") || name.trim() === "")) continue;
    told[what] = names;
    break;
  }
  return told;
}
