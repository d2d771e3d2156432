/**
 * What can be said of a server besides its command line: its options, under their own names.
 *
 * @module
 */

import { formatMessage } from "@optique/core/message";
import { parseSync } from "@optique/core/parser";
import type { Usage } from "@optique/core/usage";
import { SERVE } from "../options.ts";

/** An option of `chat serve`, as a configuration file has it. */
export interface Setting {
  /** The option, without its dashes. */
  readonly name: string;
  /** The environment variable that says the same. */
  readonly variable: string;
  /** Whether it takes no value: in a file it is `true` or `false`. */
  readonly isFlag: boolean;
  /** Whether it may be given several times: in a file it takes a list. */
  readonly repeats: boolean;
}

/** The option that names the file, which the file itself cannot have. */
export const CONFIG_OPTION = "config";

/** All of them, in the order in which `--help` has them. */
export const SETTINGS: readonly Setting[] = settingsIn(SERVE.serve.usage, false);

function settingsIn(usage: Usage, repeats: boolean): Setting[] {
  return usage.flatMap((term) => {
    if (term.type === "optional") return settingsIn(term.terms, repeats);
    if (term.type === "multiple") return settingsIn(term.terms, true);
    if (term.type !== "option" || term.hidden) return [];
    const name = term.names[0]!.replace(/^--/, "");
    const variable = `CHAT_${name.toUpperCase().replaceAll("-", "_")}`;
    return [{ name, variable, isFlag: term.metavar === undefined, repeats }];
  });
}

/** The option of this name, or `undefined`. */
export function findSetting(name: string): Setting | undefined {
  return SETTINGS.find((setting) => setting.name === name);
}

/**
 * Writes a value of an option as the command line has it: no word, one word.
 *
 * @returns the words, or what is wrong with the value, as the option itself says it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(commandWords(findSetting("table")!, "true"), { words: ["--table"] });
 * assertEquals(commandWords(findSetting("rate")!, "5"), { words: ["--rate=5"] });
 * assertEquals(commandWords(findSetting("rate")!, "x"), {
 *   fault: '"x" is not possible: write a whole number from 1 to 10000000',
 * });
 * ```
 */
export function commandWords(
  { name, isFlag }: Setting,
  value: string,
): { readonly words: readonly string[] } | { readonly fault: string } {
  if (isFlag) {
    if (value === "true" || value === "false") return { words: value === "true" ? [`--${name}`] : [] };
    return { fault: `${JSON.stringify(value)} is neither true nor false` };
  }
  const word = `--${name}=${value}`;
  const read = parseSync(SERVE.settings, [word]);
  if (read.success) return { words: [word] };
  // `--rate`: what is wrong
  return { fault: oneLine(formatMessage(read.error)).replace(/^[^:]*: /, "") };
}

/** The option that a name is most like, if it is like any: as the parser of the command line has it. */
export function nearest(name: string): string | undefined {
  const read = parseSync(SERVE.settings, [`--${name}`]);
  return read.success ? undefined : /Did you mean[^`]*`--([a-z0-9-]+)`/.exec(formatMessage(read.error))?.[1];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\.$/, "");
}

/** Whether anything but the command line says something of a server's options: if not, no configuration is needed. */
export function isConfigured(args: readonly string[], env: (variable: string) => string | undefined): boolean {
  return args.some((word) => word === `--${CONFIG_OPTION}` || word.startsWith(`--${CONFIG_OPTION}=`)) ||
    SETTINGS.some(({ variable }) => env(variable) !== undefined);
}
