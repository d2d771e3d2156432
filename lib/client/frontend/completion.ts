/**
 * What the beginning of a line could become.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import type { CommandForm } from "../../dialects/dialect.ts";
import type { Completion } from "./frontend.ts";

/** What can be completed with. */
export interface Vocabulary {
  /** The lines that there are. */
  readonly forms: readonly CommandForm[];
  /** Names of people, the likeliest first. */
  readonly names: readonly string[];
  /** Names of groups, the likeliest first. */
  readonly groups: readonly string[];
}

/** What stands for a name, and for a group, in a form. */
const NAME = /^<(?:user|alias|name)>/;
const GROUP = /^<group>/;

/**
 * Completes the command at the beginning of a line, the name or the group behind it, and names anywhere.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const forms = [{ form: "/dm <alias> <message>", does: "sends" }, { form: "/users", does: "asks" }];
 * const vocabulary = { forms, names: ["bob", "bill"], groups: [] };
 * assertEquals(complete("/d", vocabulary), { on: "/d", candidates: ["/dm "] });
 * assertEquals(complete("/dm b", vocabulary), { on: "/dm b", candidates: ["/dm bob ", "/dm bill "] });
 * assertEquals(complete("/bm hi bi", vocabulary), { on: "bi", candidates: ["bill "] });
 * ```
 */
export function complete(before: string, vocabulary: Vocabulary): Completion {
  const whole = [...new Set(vocabulary.forms.flatMap(({ form }) => beginnings(form, before, vocabulary)))];
  const candidates = whole.filter((text) => startsWith(text, before) && text !== before);
  if (candidates.length > 0) return { on: before, candidates };
  const word = /\S*$/.exec(before)![0];
  if (word === "") return { on: "", candidates: [] };
  const names = vocabulary.names.filter(isWord).filter((name) => startsWith(name, word));
  return { on: word, candidates: names.map((name) => `${name} `) };
}

/** How lines of a form can begin, as far as the line that is there leaves it open. */
function beginnings(form: string, before: string, { names, groups }: Vocabulary): string[] {
  const at = form.indexOf("<");
  const literal = at < 0 ? form : form.slice(0, at);
  const rest = form.slice(literal.length);
  const known = NAME.test(rest) ? names : GROUP.test(rest) ? groups : [];
  // A command is completed before what comes behind it, a mere mark (`@`) together with it.
  const isBehind = startsWith(before, literal) || !/\p{L}/u.test(literal);
  if (isBehind && known.length > 0) return known.filter(isWord).map((name) => `${literal}${name} `);
  return literal.trim() === "" || known.length === 0 && rest !== "" && !literal.endsWith(" ")
    ? []
    : [`${literal.trimEnd()} `];
}

/** A name that is more than a word cannot be written in a line of words, and of one that is not all seen nobody sees which. */
function isWord(name: string): boolean {
  return !/\s/u.test(name) && visibleText(name) === name;
}

function startsWith(text: string, beginning: string): boolean {
  return text.toLowerCase().startsWith(beginning.toLowerCase());
}
