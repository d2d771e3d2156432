/**
 * slash's commands: the one table that the server's help and dispatch, the client's hints, and completion all read.
 *
 * @module
 */

import type { CommandForm } from "../dialect.ts";

/** What a line asks for, by command. */
export interface Calls {
  /** Who is here. */
  readonly users: { readonly kind: "users" };
  /** A message to one user. */
  readonly dm: { readonly kind: "dm"; readonly to: string; readonly message: string };
  /** A message to everybody. */
  readonly bm: { readonly kind: "bm"; readonly message: string };
  /** What the commands are. */
  readonly help: { readonly kind: "help" };
  /** Goodbye. */
  readonly quit: { readonly kind: "quit" };
}

/** A command's name, without its slash. */
export type CommandName = keyof Calls;

/** What one line asks for. */
export type SlashCommand =
  /** A command with all that belongs to it. */
  | Calls[CommandName]
  /** A command without what belongs to it. */
  | { readonly kind: "usage"; readonly of: CommandName }
  /** A command that there is none of. */
  | { readonly kind: "unknown" }
  /** Text without a command. */
  | { readonly kind: "text" }
  /** An empty line. */
  | { readonly kind: "nothing" };

/** What commands do on a server, for the client whose session this is. */
export interface CommandHandler {
  /** Names all who are present. */
  listUsers(): void;
  /** Passes a message on, to everybody else if `to` is `undefined`. */
  pass(to: string | undefined, message: string): void;
  /** Lists the commands. */
  help(): void;
  /** Ends the session. */
  quit(): void;
}

/** One command. */
export interface CommandEntry<Call> extends CommandForm {
  /** What the server's help says it is for. */
  readonly help: string;
  /** Reads what stands behind the command; `undefined` if something is missing. */
  read(rest: string): Call | undefined;
  /** Does it. */
  run(handler: CommandHandler, call: Call): void;
}

/** The commands, in the order in which the server's help lists them. */
export const COMMANDS: { readonly [Name in CommandName]: CommandEntry<Calls[Name]> } = {
  users: {
    form: "/users",
    help: "who is here",
    does: "asks the server who is there",
    read: () => ({ kind: "users" }),
    run: (handler) => handler.listUsers(),
  },
  dm: {
    form: "/dm <alias> <message>",
    help: "a message to one user",
    does: "sends to one user",
    read(rest) {
      const [, to, text = ""] = /^(\S+)(?:\s+([^]*))?$/.exec(rest) ?? [];
      const message = unquote(text);
      return to === undefined || message === "" ? undefined : { kind: "dm", to, message };
    },
    run: (handler, { to, message }) => handler.pass(to, message),
  },
  bm: {
    form: "/bm <message>",
    help: "a message to everybody",
    does: "sends to everybody else",
    read(rest) {
      const message = unquote(rest);
      return message === "" ? undefined : { kind: "bm", message };
    },
    run: (handler, { message }) => handler.pass(undefined, message),
  },
  help: {
    form: "/help",
    help: "what you are reading",
    does: "asks the server what it can do",
    read: () => ({ kind: "help" }),
    run: (handler) => handler.help(),
  },
  quit: {
    form: "/quit",
    help: "leave",
    does: "leaves",
    read: () => ({ kind: "quit" }),
    run: (handler) => handler.quit(),
  },
};

/** A map, so that `/__proto__` is no command. */
const NAMES: ReadonlyMap<string, CommandName> = new Map(
  (Object.keys(COMMANDS) as CommandName[]).map((name) => [`/${name}`, name]),
);

/** The lines that a user can enter, messages first. */
export const FORMS: readonly CommandForm[] = [
  COMMANDS.dm,
  COMMANDS.bm,
  COMMANDS.users,
  COMMANDS.help,
  COMMANDS.quit,
];

/** How a message is entered. */
export const USAGE: string = `${COMMANDS.dm.form}, or ${COMMANDS.bm.form} for everybody`;

/** The messages may be in quotes; the document's own examples are in typographic ones. */
const QUOTED = /^(?:"([^]*)"|“([^]*)”)\s*$/;

/**
 * Reads a line. Upper and lower case make no difference in a command, and neither do blanks around its parts; the message
 * is what follows them, without its quotes if it is in quotes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSlashCommand('/dm bob "how are you?"'), { kind: "dm", to: "bob", message: "how are you?" });
 * assertEquals(parseSlashCommand("/dm bob"), { kind: "usage", of: "dm" });
 * assertEquals(parseSlashCommand("hello"), { kind: "text" });
 * ```
 */
export function parseSlashCommand(line: string): SlashCommand {
  const [, word, rest = ""] = /^\s*(\S+)(?:\s+([^]*))?$/.exec(line) ?? [];
  if (word === undefined) return { kind: "nothing" };
  if (!word.startsWith("/")) return { kind: "text" };
  const name = NAMES.get(word.toLowerCase());
  if (name === undefined) return { kind: "unknown" };
  return COMMANDS[name].read(rest) ?? { kind: "usage", of: name };
}

/** Does what a command asks for. */
export function runCommand<Name extends CommandName>(handler: CommandHandler, name: Name, call: Calls[Name]): void {
  COMMANDS[name].run(handler, call);
}

function unquote(text: string): string {
  const [, straight, typographic] = QUOTED.exec(text) ?? [];
  return straight ?? typographic ?? text;
}
