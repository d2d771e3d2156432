/**
 * The texts of the document's own server, byte for byte (PROTOCOLS.md, group), and what each of them answers.
 *
 * @module
 */

import type { Request } from "./messages.ts";

/** The client is registered. */
export const WELCOME = "[Welcome, You are registered.]";
/** The client is not registered, because another user has the name. */
export const NAME_TAKEN = "[Cannot register with a name already used.]";
/** The client is not registered, for another reason. */
export const cannotRegister = (why: string): string => `[Cannot register: ${why}.]`;
/** The client asks for something and is not registered; the document's own server does not check. */
export const NOT_REGISTERED = "[You are not registered.]";
/** The client is registered no more. */
export const OFFLINE = "[You are Offline. Bye.]";
/** A group message has come to the server. */
export const MESSAGE_RECEIVED = "[Message received by Server.]";
/** The groups follow. */
export const GROUPS_FOLLOW = "[Request for available group chats received.]";
/** The first line of the list of groups. */
export const GROUPS_TITLE = "[Available group chats:]";
/** The members follow. */
export const MEMBERS_FOLLOW = "[Request for members in the group received]";
/** There is now such a group. */
export const created = (group: string): string => `[Group ${group} created by Server.]`;
/** There was such a group before. */
export const exists = (group: string): string => `[Group ${group} already exists.]`;
/** There is no such group. */
export const doesNotExist = (group: string): string => `[Group ${group} does not exist.]`;
/** The client is in the group. */
export const entered = (group: string): string => `[Entered group ${group} successfully.]`;
/** The client is not in the group any more. */
export const left = (group: string): string => `[Leave group chat ${group}.]`;
/** The first line of the list of members. */
export const membersTitle = (group: string): string => `[Members in the group ${group}:]`;
/** One line of the list of members. */
export const memberLine = (group: string, name: string): string => `(${group}) ${name}`;
/** A direct message has come to its recipient. */
export const receivedBy = (name: string): string => `[Message received by ${name}.]`;
/** A group message, as members see it. */
export const groupMessage = (from: string, message: string): string => `Group_Message <${from}>: ${message}`;
/** What the server logs of a member that did not acknowledge a group message. */
export const removed = (name: string, group: string): string =>
  `[Client ${name} not responsive, removed from group ${group}]`;

/** The sender and the message of a {@linkcode groupMessage}; `undefined` if the text is none. */
export function readGroupMessage(text: string): { readonly from: string; readonly message: string } | undefined {
  const match = /^Group_Message <([^>]*)>: (.*)$/s.exec(text);
  return match === null ? undefined : { from: match[1]!, message: match[2]! };
}

type Verb = Request["verb"];

/** What the texts answer; a group's name, where the text has it, is between the two halves. */
const SUBJECTS: readonly (readonly [verb: Verb, before: string, after?: string])[] = [
  ["register", WELCOME],
  ["register", NAME_TAKEN],
  ["dereg", OFFLINE],
  ["send_group", MESSAGE_RECEIVED],
  ["list_groups", GROUPS_FOLLOW],
  // Other servers have this full stop elsewhere.
  ["list_groups", "[Request for available group chats received]"],
  ["list_members", MEMBERS_FOLLOW],
  ["list_members", "[Request for members in the group received.]"],
  ["create_group", "[Group ", " created by Server.]"],
  ["create_group", "[Group ", " already exists.]"],
  ["join_group", "[Group ", " does not exist.]"],
  ["join_group", "[Entered group ", " successfully.]"],
  ["leave_group", "[Leave group chat ", ".]"],
];

/**
 * Whether a text can be the answer to a request. One of the document's texts answers its own request only, since answers
 * carry no number and a late one must not pass for another; texts of other servers are taken as they come.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const join = { verb: "join_group", port: 2000, group: "skii", user: "sana" } as const;
 * assertEquals(canAnswer(entered("skii"), join), true);
 * assertEquals(canAnswer(entered("golf"), join), false);
 * assertEquals(canAnswer(MESSAGE_RECEIVED, join), false);
 * assertEquals(canAnswer("[Come in.]", join), true);
 * ```
 */
export function canAnswer(text: string, request: Request): boolean {
  if (text === NOT_REGISTERED) return request.verb !== "register";
  const group = "group" in request ? request.group : "";
  const fits = SUBJECTS.filter(([, before, after]) =>
    after === undefined ? text === before : text.startsWith(before) && text.endsWith(after)
  );
  if (fits.length === 0) return !text.startsWith("[Message received by ");
  return fits.some(([verb, before, after]) =>
    verb === request.verb && text === (after === undefined ? before : `${before}${group}${after}`)
  );
}
