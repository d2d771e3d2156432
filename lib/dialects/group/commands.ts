/**
 * What a group client's user enters, and the requests that it becomes.
 *
 * @module
 */

import type { Endpoint } from "../../core/link.ts";
import type { Request } from "./messages.ts";

/** A line that was entered, understood. */
export type GroupCommand =
  | { readonly kind: "send"; readonly to: string; readonly message: string }
  | { readonly kind: "dereg"; readonly name: string }
  | { readonly kind: "create_group"; readonly group: string }
  | { readonly kind: "list_groups" }
  | { readonly kind: "join_group"; readonly group: string }
  | { readonly kind: "send_group"; readonly message: string }
  | { readonly kind: "list_members" }
  | { readonly kind: "leave_group" };

/** How a line is entered, shown to users who connect. */
export const USAGE = "send <name> <message>, list_groups, create_group <name> or join_group <name>";

/** The forms of the commands outside of a group. */
const OUTSIDE = "send <name> <message>, create_group <name>, list_groups, join_group <name> or dereg <name>";
/** The forms of the commands inside a group. */
const INSIDE = "send_group <message>, list_members, leave_group or dereg <name>";

/** What each command takes. */
const ARGUMENTS: Readonly<Record<GroupCommand["kind"], RegExp>> = {
  send: /^(?<to>\S+)\s+(?<message>\S.*)$/s,
  dereg: /^(?<name>\S+)$/,
  create_group: /^(?<group>\S+)$/,
  list_groups: /^$/,
  join_group: /^(?<group>\S+)$/,
  send_group: /^(?<message>\S.*)$/s,
  list_members: /^$/,
  leave_group: /^$/,
};

const FORMS: Readonly<Record<GroupCommand["kind"], string>> = {
  send: "send <name> <message>",
  dereg: "dereg <name>",
  create_group: "create_group <name>, a name without spaces",
  list_groups: "list_groups and nothing else",
  join_group: "join_group <name>, a name without spaces",
  send_group: "send_group <message>",
  list_members: "list_members and nothing else",
  leave_group: "leave_group and nothing else",
};

/** The commands that there are inside a group only. */
const ONLY_INSIDE: ReadonlySet<GroupCommand["kind"]> = new Set(["send_group", "list_members", "leave_group"]);

/**
 * Reads a line, or says what could be written instead: inside a group, other commands go than outside.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseGroupCommand("send bob  hi there", false), { kind: "send", to: "bob", message: "hi there" });
 * assertEquals(parseGroupCommand("join_group", false), "join_group <name>, a name without spaces");
 * assertEquals(parseGroupCommand("send_group hi", false), "join_group <name> first: you are in no group");
 * ```
 */
export function parseGroupCommand(line: string, isInGroup: boolean): GroupCommand | string {
  const [, word = "", rest = ""] = /^\s*(\S+)(?:\s+(.*?))?\s*$/s.exec(line) ?? [];
  if (!isCommand(word)) return isInGroup ? INSIDE : OUTSIDE;
  const match = ARGUMENTS[word].exec(rest);
  if (match === null) return FORMS[word];
  if (ONLY_INSIDE.has(word) && !isInGroup) return "join_group <name> first: you are in no group";
  if (!ONLY_INSIDE.has(word) && word !== "dereg" && isInGroup) {
    return `leave_group first: in a group there is ${INSIDE}`;
  }
  return { kind: word, ...match.groups } as GroupCommand;
}

function isCommand(word: string): word is GroupCommand["kind"] {
  return Object.hasOwn(ARGUMENTS, word);
}

/** A command that the server is asked for. */
export type GroupServerCommand = Exclude<GroupCommand, { kind: "send" | "dereg" }>;

/** Who asks a server for something, and from where. */
export interface Asker {
  /** The client's name. */
  readonly user: string;
  /** The port that it listens on. */
  readonly port: number;
  /** The group that it is in. */
  readonly group: string | undefined;
}

/** The request that a command becomes. */
export function requestOf(command: GroupServerCommand, { user, port, group = "" }: Asker, server: Endpoint): Request {
  switch (command.kind) {
    case "create_group":
    case "join_group":
      return { verb: command.kind, port, group: command.group, user };
    case "list_groups":
      return { verb: "list_groups", port, user };
    case "list_members":
    case "leave_group":
      return { verb: command.kind, port, user, group };
    case "send_group": {
      const { hostname: serverIp, port: serverPort } = server;
      return { verb: "send_group", user, port, message: command.message, serverIp, serverPort, group };
    }
  }
}
