/**
 * The fields of which the commands' options are made: each with its name, its value and a line of help.
 *
 * @module
 */

import { type Message, text } from "@optique/core/message";
import { type FluentParser, withDefault } from "@optique/core/modifiers";
import { ensureNonEmptyString } from "@optique/core/nonempty";
import { option } from "@optique/core/primitives";
import type { OptionName, UsageTerm } from "@optique/core/usage";
import type { ValueParser } from "@optique/core/valueparser";
import { ChatError } from "../core/error.ts";
import { count, duration, type Kind } from "./values.ts";

/** What stands for all options in the usage of a command. */
const OPTIONS: UsageTerm = { type: "literal", value: "[OPTION...]" };

/** An option that takes a value. */
function setting<T>(name: OptionName, kind: Kind<T>, help: string): FluentParser<"sync", T, unknown> {
  return option(name, valueParser(kind), { description: plain(help) });
}

/** An option that takes none. */
function flag(name: OptionName, help: string): FluentParser<"sync", boolean, unknown> {
  return option(name, { description: plain(help) });
}

/** An option that takes a whole number. */
function amount(
  name: OptionName,
  least: number,
  most: number,
  otherwise: number,
  help: string,
): FluentParser<"sync", number, unknown> {
  return withDefault(setting(name, count("N", least, most), help), otherwise);
}

/** An option that takes a duration. */
function time(name: OptionName, otherwise: number, help: string): FluentParser<"sync", number, unknown> {
  return withDefault(setting(name, duration(), help), otherwise);
}

/** A parser for each entry of a list, by the options without their dashes. */
function byOption<E extends { readonly option: string }, T>(
  entries: readonly E[],
  parser: (entry: E) => FluentParser<"sync", T, unknown>,
): Readonly<Record<string, FluentParser<"sync", T, unknown>>> {
  return Object.fromEntries(entries.map((entry) => [entry.option, parser(entry)]));
}

/** A sentence, as the option parser takes it. */
function plain(words: string): Message {
  return [text(words)];
}

/** A kind of value, as the option parser takes it. */
function valueParser<T>({ name, example, read, show, offers }: Kind<T>): ValueParser<"sync", T> {
  ensureNonEmptyString(name);
  return {
    mode: "sync",
    metavar: name,
    placeholder: example,
    parse(input) {
      try {
        return { success: true, value: read(input) };
      } catch (error) {
        if (error instanceof ChatError) return { success: false, error: plain(error.message) };
        throw error;
      }
    },
    format: show,
    *suggest(prefix) {
      if (offers === "folders") yield { kind: "file", type: "directory", pattern: prefix };
      else if (offers === "files") yield { kind: "file", type: "file", pattern: prefix };
      else for (const word of offers ?? []) if (word.startsWith(prefix)) yield { kind: "literal", text: word };
    },
  };
}

/** The fields, and what else the commands' parsers are made of. */
export const fields = { OPTIONS, setting, flag, amount, time, byOption, plain, valueParser };
