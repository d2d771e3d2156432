/**
 * The manual page, made of the options that the program itself reads: `deno task man` writes packaging/chat.1.
 *
 * @module
 */

import { formatMessage, type Message } from "@optique/core/message";
import type { DocEntry, DocSection } from "@optique/core/doc";
import { getDocPage } from "@optique/core/parser";
import { CLI_COMMANDS } from "../lib/cli.ts";
import { VERSION } from "../lib/core/version.ts";

/** Where the page is kept. */
export const PAGE = new URL("chat.1", import.meta.url);

const USAGE: Readonly<Record<keyof typeof CLI_COMMANDS, string>> = {
  serve: "[OPTION...]",
  connect: "[NAME] [OPTION...]",
  conform: "[OPTION...]",
};

/** The page, in the macros of man(7). */
export function manualPage(): string {
  const names = Object.keys(CLI_COMMANDS) as (keyof typeof CLI_COMMANDS)[];
  return [
    `.\\" Made by "deno task man" of the program's own options. Do not edit.`,
    `.TH CHAT 1 "" "chat ${roff(VERSION)}" "User Commands"`,
    ".SH NAME",
    "chat \\- chat protocols, one hub, and a conformance suite",
    ".SH SYNOPSIS",
    ...names.flatMap((name) => [`.B chat ${name}`, roff(USAGE[name]), ".br"]),
    ".B chat",
    "\\-\\-help | \\-\\-version",
    ".SH COMMANDS",
    ...names.flatMap(commandLines),
    ".SH SIGNALS",
    ...item(
      ".B SIGINT, SIGTERM",
      "The server stops in good order within its drain timeout; a second one stops it at once.",
    ),
    ...item(".B SIGHUP", "The server reads its configuration, networks, certificate and key again."),
    ...item(".B SIGUSR1, SIGUSR2", "The server prints who is present, and what became of all messages."),
    ".SH ENVIRONMENT",
    ...item(".B NO_COLOR", "No colors, unless they are asked for."),
    ...item(
      ".B CHAT_RELAY, CHAT_MAX_MESSAGE, ...",
      "Each option of chat serve, where the command line does not have it: its name in capitals, with _ for -.",
    ),
    ...item(".B CHAT_DEBUG", "If it is 1, the stack of the error that ended the program is printed."),
    "",
  ].join("\n");
}

function commandLines(name: keyof typeof CLI_COMMANDS): string[] {
  const page = getDocPage(CLI_COMMANDS[name], [name]);
  if (page === undefined) throw new TypeError(`${name} has no documentation`);
  return [
    `.SS chat ${name}`,
    ...paragraph(page.brief),
    ...page.sections.filter(({ entries }) => entries.length > 0).flatMap(sectionLines),
    ...page.footer === undefined ? [] : [".PP", ...paragraph(page.footer)],
  ];
}

function sectionLines({ title, entries }: DocSection): string[] {
  return [...title === undefined ? [] : [".PP", `.I ${roff(title)}`], ...entries.flatMap(entryLines)];
}

function entryLines({ term, description, default: otherwise }: DocEntry): string[] {
  const text = description === undefined ? "" : plain(description);
  const value = otherwise === undefined ? "" : ` Default: ${plain(otherwise)}.`;
  if (term.type === "argument") return item(`.I ${roff(term.metavar)}`, text);
  if (term.type !== "option") throw new TypeError(`a manual page cannot show ${term.type}`);
  const metavar = term.metavar === undefined ? "" : ` " ${roff(term.metavar)}"`;
  return item(`.BI ${roff(term.names.join(", "))}${metavar}`, `${text}${value}`);
}

function item(tag: string, text: string): string[] {
  return [".TP", tag, roff(text)];
}

function paragraph(message: Message | undefined): string[] {
  return message === undefined ? [] : [roff(plain(message))];
}

function plain(message: Message): string {
  return formatMessage(message, { quotes: false }).replace(/\s+/g, " ");
}

/** Text as the macros take it: no hyphen becomes a dash, and no line is taken for a request. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/, "\\&$1");
}

if (import.meta.main) await Deno.writeTextFile(PAGE, manualPage());
