/**
 * Macros: named lines with parameters, played wherever their name is called; and loops, which call their lines themselves.
 *
 * @module
 */

import type { Line } from "./lines.ts";
import { readLoop } from "./loops.ts";
import { mistake, type Place, showPlace } from "./place.ts";
import { substituteLine } from "./substitute.ts";

/** `macro user who:` and what is below it. */
export interface Macro {
  /** The word that calls it. */
  readonly name: string;
  /** Its parameters. */
  readonly parameters: readonly string[];
  /** Its lines. */
  readonly body: readonly Line[];
  /** Where it is defined. */
  readonly place: Place;
}

/** All macros that a file may call. */
export type Macros = ReadonlyMap<string, Macro>;

/** Words that begin a step, and can be neither a macro's nor a connection's name. */
export const VERBS: ReadonlySet<string> = new Set([
  ...["connect", "close", "end", "reset", "forget", "name", "let", "distinct", "unsupported", "needs"],
  ...["accept", "type", "shows", "shows-other-than", "hides", "ends", "idle", "paced", "file"],
  ...["all", "choice", "when", "soon", "fence", "for", "macro", "eventually"],
]);

const DEFINITION = /^macro\s+(.*):$/;
const FIRST_WORD = /^\S*/;
const WORD = /^[A-Za-z][A-Za-z0-9-]*$/;
/** What stands behind a connection's name, which may be that of a macro. */
const ON_CONNECTION = /^(?:>>|>|<|closed|silent)$/;
const PARAMETER = /^[A-Za-z][A-Za-z0-9]*$/;
/** More lines than a transcript needs: macros that call each other in a fan must not fill the memory. */
const MAX_LINES = 20_000;

/** Separates the macros' definitions from the other lines of a file, and adds them to those that are known. */
export function takeMacros(lines: readonly Line[], known: Macros): { macros: Macros; rest: Line[] } {
  const macros = new Map(known);
  const rest: Line[] = [];
  for (const line of lines) {
    if (!/^macro(\s|:|$)/.test(line.text)) {
      rest.push(line);
      continue;
    }
    const macro = readMacro(line);
    const other = macros.get(macro.name);
    if (other !== undefined) {
      throw mistake(line.place, `the macro ${macro.name} is defined already, at ${showPlace(other.place)}`);
    }
    macros.set(macro.name, macro);
  }
  return { macros, rest };
}

function readMacro(line: Line): Macro {
  const [name, ...parameters] = DEFINITION.exec(line.text)?.[1]?.split(/\s+/) ?? [];
  if (name === undefined || !WORD.test(name)) throw mistake(line.place, "a macro begins: macro NAME PARAMETER …:");
  if (VERBS.has(name)) throw mistake(line.place, `${name} is a word of the language and cannot be a macro`);
  for (const parameter of parameters) {
    if (!PARAMETER.test(parameter)) throw mistake(line.place, `${parameter} cannot be a parameter's name`);
  }
  if (new Set(parameters).size < parameters.length) throw mistake(line.place, "two parameters have the same name");
  if (line.children.length === 0) throw mistake(line.place, `the macro ${name} has no lines`);
  return { name, parameters, body: line.children, place: line.place };
}

/** Puts the lines of macros in place of their calls, and those of loops in place of the loops, in all blocks. */
export function expandMacros(lines: readonly Line[], macros: Macros): Line[] {
  return new Expansion(macros).expand(lines);
}

/** Macros and loops of one file on their way into its lines. */
class Expansion {
  readonly #macros: Macros;
  /** The macros that are being expanded, the outermost first. */
  readonly #trail: string[] = [];
  #linesLeft = MAX_LINES;

  constructor(macros: Macros) {
    this.#macros = macros;
  }

  expand(lines: readonly Line[]): Line[] {
    const expanded: Line[] = [];
    for (const line of lines) this.#add(line, expanded);
    return expanded;
  }

  #add(line: Line, to: Line[]): void {
    if (--this.#linesLeft < 0) throw mistake(line.place, `macros and loops make more than ${MAX_LINES} lines`);
    const loop = readLoop(line);
    if (loop !== undefined) {
      for (let round = loop.first; round <= loop.last; round++) {
        const values = new Map([[loop.variable, String(round)]]);
        for (const child of line.children) this.#add(substituteLine(child, values), to);
      }
      return;
    }
    const macro = this.#macros.get(FIRST_WORD.exec(line.text)![0]);
    const args = macro === undefined ? [] : line.text.split(/\s+/).slice(1);
    if (macro !== undefined && !ON_CONNECTION.test(args[0] ?? "")) return this.#call(macro, args, line, to);
    to.push(line.children.length === 0 ? line : { ...line, children: this.expand(line.children) });
  }

  #call(macro: Macro, args: readonly string[], line: Line, to: Line[]): void {
    const { name, parameters } = macro;
    if (this.#trail.includes(name)) {
      throw mistake(line.place, `the macro ${name} calls itself (${[...this.#trail, name].join(" → ")})`);
    }
    if (line.children.length > 0) throw mistake(line.children[0]!.place, `nothing can be indented below ${name}`);
    if (args.length !== parameters.length) {
      const form = [name, ...parameters.map((parameter) => parameter.toUpperCase())].join(" ");
      throw mistake(line.place, `${name} takes ${parameters.length} words, not ${args.length}: ${form}`);
    }
    const values = new Map(parameters.map((parameter, i) => [parameter, args[i]!]));
    this.#trail.push(name);
    for (const child of macro.body) this.#add(substituteLine(child, values, line.place), to);
    this.#trail.pop();
  }
}
