/**
 * What a group client's user enters, and the requests that it becomes.
 *
 * @module
 */

import type { Endpoint } from "../../core/link.ts";
import type { CommandForm } from "../dialect.ts";
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

/** One command. */
interface CommandEntry extends CommandForm {
  /** What stands behind its word. */
  readonly takes: RegExp;
  /** Whether it is there inside a group or outside of one; otherwise in both. */
  readonly only?: "inside" | "outside";
  /** What is said of its form besides, to whoever got it wrong. */
  readonly note?: string;
}

/** All of them: help, completion, hints and the reading of a line are made of this, each in this order. */
const COMMANDS: Readonly<Record<GroupCommand["kind"], CommandEntry>> = {
  send: {
    form: "send <name> <message>",
    does: "sends to one user, outside of a group",
    takes: /^(?<to>\S+)\s+(?<message>\S.*)$/s,
    only: "outside",
  },
  create_group: {
    form: "create_group <new>",
    does: "makes a group",
    takes: /^(?<group>\S+)$/,
    only: "outside",
    note: ", a name without spaces",
  },
  list_groups: {
    form: "list_groups",
    does: "asks which groups there are",
    takes: /^$/,
    only: "outside",
    note: " and nothing else",
  },
  join_group: {
    form: "join_group <group>",
    does: "enters a group",
    takes: /^(?<group>\S+)$/,
    only: "outside",
    note: ", a name without spaces",
  },
  send_group: {
    form: "send_group <message>",
    does: "sends to the group that one is in",
    takes: /^(?<message>\S.*)$/s,
    only: "inside",
  },
  list_members: {
    form: "list_members",
    does: "asks who is in it",
    takes: /^$/,
    only: "inside",
    note: " and nothing else",
  },
  leave_group: { form: "leave_group", does: "leaves it", takes: /^$/, only: "inside", note: " and nothing else" },
  dereg: {
    form: "dereg <name>",
    does: "tells the server that somebody is gone; with one's own name, leaves",
    takes: /^(?<name>\S+)$/,
  },
};

/** The lines that a user can enter. */
export const FORMS: readonly CommandForm[] = Object.values(COMMANDS);

/** How a line is entered, shown to users who connect. */
export const USAGE: string = listed([COMMANDS.send, COMMANDS.list_groups, COMMANDS.create_group, COMMANDS.join_group]);

/** The forms of the commands that there are outside of a group, and inside. */
const OUTSIDE = listed(Object.values(COMMANDS).filter(({ only }) => only !== "inside"));
const INSIDE = listed(Object.values(COMMANDS).filter(({ only }) => only !== "outside"));

/** `a, b or c`, as a person reads it. */
function listed(commands: readonly CommandEntry[]): string {
  return commands.map(readable).join(", ").replace(/, (?=[^,]*$)/, " or ");
}

/** The form; completion tells new names from known ones, and a person does not need to. */
function readable({ form }: CommandForm): string {
  return form.replace(/<(?:new|group)>/, "<name>");
}

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
  const { takes, only, note = "" } = COMMANDS[word];
  const match = takes.exec(rest);
  if (match === null) return readable(COMMANDS[word]) + note;
  if (only === "inside" && !isInGroup) return "join_group <name> first: you are in no group";
  if (only === "outside" && isInGroup) return `leave_group first: in a group there is ${INSIDE}`;
  return { kind: word, ...match.groups } as GroupCommand;
}

function isCommand(word: string): word is GroupCommand["kind"] {
  return Object.hasOwn(COMMANDS, word);
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
