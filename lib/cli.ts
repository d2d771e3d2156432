/**
 * The command line, from words to what they ask for.
 *
 * @module
 */

import { or } from "@optique/core/constructs";
import { runParserSync } from "@optique/core/facade";
import { commandLine, formatMessage, type Message, message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import { CONFORM, type ConformCommand } from "../conformance/options.ts";
import { CONNECT, type ConnectCommand, type PingCommand } from "./client/options.ts";
import { ChatError } from "./core/error.ts";
import { SERVE, type ServeCommand } from "./server/options.ts";
import { VERSION } from "./core/version.ts";

/** A command, with all of its options. */
export type CliCommand = ServeCommand | ConnectCommand | PingCommand | ConformCommand;

/** The parsers of the commands, by name. */
export const CLI_COMMANDS = { serve: SERVE.serve, connect: CONNECT.connect, conform: CONFORM.conform };

/** Help, the version, or a completion script: to be printed, and that is all. */
export interface Print {
  /** Tells it from the commands. */
  readonly kind: "print";
  /** What is to be printed, without a line break at the end. */
  readonly text: string;
}

/** What is printed on. */
export interface Page {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** How many columns it has, if that is known. */
  readonly columns?: number | undefined;
  /** Whether it shows colors. */
  readonly colors: boolean;
}

const PROGRAM = "chat";
const HELP_OPTION = { names: ["-h", "--help"] } as const;
const VERSION_OPTION = { names: ["-V", "--version"] } as const;
const FRAME = {
  brief: message`Chat protocols, one hub, and a conformance suite.`,
  footer: message`Each command has its own help: ${commandLine("chat serve --help")}`,
  usageLine: [{ type: "literal", value: "COMMAND" }, { type: "literal", value: "[OPTION...]" }],
  showDefault: true,
  aboveError: "none",
} as const;
const ALL_COMMANDS = or(CLI_COMMANDS.serve, CLI_COMMANDS.connect, CLI_COMMANDS.conform);

/**
 * Reads a command line, without the program's name. An empty one is wrong.
 *
 * @throws {ChatError} `usage`, with a line that says what is wrong and what to do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const command = parseCommandLine(["connect", "alice"], { isTerminal: false, colors: false });
 * assertEquals(command.kind, "connect");
 * ```
 */
export function parseCommandLine(args: readonly string[], page: Page): CliCommand | Print {
  const [first] = args;
  if (first === undefined) throw new ChatError("usage", "say what to do: serve, connect or conform; see chat --help");
  // Asked alone, a command's parser knows its own options, and so what a misspelled one was meant to be.
  const alone = Object.hasOwn(CLI_COMMANDS, first) ? CLI_COMMANDS[first as keyof typeof CLI_COMMANDS] : undefined;
  const parser: Parser<"sync", CliCommand | Print, unknown> = alone ?? ALL_COMMANDS;
  const printed: string[] = [];
  const print = (): Print => ({ kind: "print", text: printed.join("\n") });
  return runParserSync(parser, PROGRAM, args, {
    ...FRAME,
    help: { option: HELP_OPTION, ...alone === undefined && { command: true }, onShow: print },
    version: { value: VERSION, option: VERSION_OPTION, onShow: print },
    ...alone === undefined && { completion: { command: true, onShow: print } },
    colors: page.colors,
    ...page.columns !== undefined && { maxWidth: page.columns },
    stdout: (text) => printed.push(text),
    stderr: () => {},
    onError: (_status, error): never => {
      const help = [PROGRAM, ...alone === undefined ? [] : [first!], "--help"].join(" ");
      throw new ChatError("usage", oneLine(error, `see ${help}`));
    },
  });
}

/** An error of the option parser in our form: one line, which ends in what to do. */
function oneLine(error: Message, otherwise: string): string {
  const text = formatMessage(error).replace(/\s+/g, " ").replace(/\.$/, "");
  const begun = /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
  return /Did you mean|: (write|choose) /.test(begun) ? begun : `${begun}; ${otherwise}`;
}
